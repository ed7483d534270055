//! What the service's guides ask for and its contract does not say.

use std::ops::RangeInclusive;

use super::super::Parts;
use super::{Found, net_path, network_path, web_address};

/// Sides must be a multiple of this many pixels: models draw on a grid that coarse.
const GRID: u32 = 8;
const CLIP_SKIPS: RangeInclusive<i32> = 1..=12;
/// The type of an AIR that draws by itself.
const CHECKPOINT: &str = "checkpoint";
/// How strongly a network or a control net acts.
const STRENGTHS: RangeInclusive<f64> = 0.0..=2.0;

pub(super) fn problems(parts: &Parts) -> Vec<Found> {
    let mut found = Vec::new();
    let mut wrong = |path: &str, what: String| found.push(Found::limit(path, what));
    for (path, side) in [
        ("params.width", parts.width),
        ("params.height", parts.height),
    ] {
        if side % GRID != 0 {
            wrong(
                path,
                format!("must be a multiple of {GRID} pixels; it is {side}"),
            );
        }
    }
    let kind = parts.model.kind();
    if let Some(kind) = kind.filter(|kind| !kind.eq_ignore_ascii_case(CHECKPOINT)) {
        let what = format!("must be a checkpoint; `{}` is a {kind}", parts.model);
        wrong("model", what);
    }
    if parts.model.id().is_none() && parts.model.version().is_none() {
        wrong(
            "model",
            format!("must name a model; `{}` does not", parts.model),
        );
    }
    for network in &parts.networks {
        let kind = network.air.kind();
        if let Some(kind) = kind.filter(|kind| kind.eq_ignore_ascii_case(CHECKPOINT)) {
            let what = format!("must be an additional network; it is a {kind}");
            wrong(&network_path(network.air.as_str(), ""), what);
        }
    }
    if let Some(layers) = parts.clip_skip
        && !CLIP_SKIPS.contains(&layers)
    {
        let (least, most) = CLIP_SKIPS.into_inner();
        wrong(
            "params.clipSkip",
            format!("must be from {least} to {most}; it is {layers}"),
        );
    }
    for (path, strength) in strengths(parts) {
        if !STRENGTHS.contains(&strength) {
            let (least, most) = STRENGTHS.into_inner();
            wrong(
                &path,
                format!("must be from {least} to {most}; it is {strength}"),
            );
        }
    }
    for (index, net) in parts.control_nets.iter().enumerate() {
        for (name, step) in net.steps() {
            if step.is_some_and(|step| step < 0.0) {
                wrong(&net_path(index, name), "must not be below 0".to_owned());
            }
        }
    }
    let callback = parts.settings.callback_url.as_deref().and_then(web_address);
    if callback.is_some_and(|url| url.scheme() != "https") {
        wrong("callbackUrl", "must be an https address".to_owned());
    }
    found
}

fn strengths(parts: &Parts) -> Vec<(String, f64)> {
    let networks = parts.networks.iter().filter_map(|network| {
        let path = network_path(network.air.as_str(), ".strength");
        Some((path, network.strength?))
    });
    let nets = parts.control_nets.iter().enumerate();
    let nets =
        nets.filter_map(|(index, net)| Some((net_path(index, "weight"), net.params().weight?)));
    networks.chain(nets).collect()
}
