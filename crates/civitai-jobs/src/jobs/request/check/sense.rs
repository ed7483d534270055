//! What no service could take, whatever it learns.

use super::super::settings::Settings;
use super::super::{Parts, Priority};
use super::{Found, net_path, network_path, web_address};
use crate::jobs::labels;
use crate::time_span;

pub(super) fn problems(parts: &Parts) -> Vec<Found> {
    let mut found = Vec::new();
    let mut wrong = |path: &str, what: &str| found.push(Found::senseless(path, what));
    if parts.prompt.trim().is_empty() {
        wrong(
            "params.prompt",
            "must say what the image is to show; it is empty",
        );
    }
    numbers(parts, &mut wrong);
    networks(parts, &mut wrong);
    control_nets(parts, &mut wrong);
    settings(&parts.settings, &mut wrong);
    found
}

/// Numbers that the wire cannot carry.
fn numbers(parts: &Parts, wrong: &mut impl FnMut(&str, &str)) {
    for (path, value) in [
        ("params.width", Some(parts.width)),
        ("params.height", Some(parts.height)),
        ("params.steps", parts.steps),
        ("quantity", Some(parts.quantity)),
        ("retries", parts.settings.retries),
    ] {
        if let Some(value) = value
            && i32::try_from(value).is_err()
        {
            wrong(
                path,
                &format!("must be at most {}; it is {value}", i32::MAX),
            );
        }
    }
    let mut finite = |path: &str, number: Option<f64>| {
        if let Some(number) = number
            && !number.is_finite()
        {
            wrong(path, &format!("must be a number; it is {number}"));
        }
    };
    finite("params.cfgScale", parts.cfg_scale);
    for network in &parts.networks {
        let path = network_path(network.air.as_str(), ".strength");
        finite(&path, network.strength);
    }
    for (index, net) in parts.control_nets.iter().enumerate() {
        finite(&net_path(index, "weight"), net.params().weight);
        for (name, step) in net.steps() {
            finite(&net_path(index, name), step);
        }
    }
}

fn networks(parts: &Parts, wrong: &mut impl FnMut(&str, &str)) {
    for (index, network) in parts.networks.iter().enumerate() {
        let air = network.air.canonical();
        let mut before = parts.networks.iter().take(index);
        if before.any(|other| other.air.canonical() == air) {
            let path = network_path(network.air.as_str(), "");
            wrong(&path, "is there twice; the service takes each network once");
        }
    }
}

fn control_nets(parts: &Parts, wrong: &mut impl FnMut(&str, &str)) {
    for (index, net) in parts.control_nets.iter().enumerate() {
        let net = net.params();
        if net.blob_key.as_deref().is_some_and(is_blank) {
            wrong(
                &net_path(index, "blobKey"),
                "must name a stored image; it is empty",
            );
        }
        if net.image_url.as_deref().is_some_and(is_no_address) {
            wrong(
                &net_path(index, "imageUrl"),
                "must be an https or http address",
            );
        }
        if let (Some(start), Some(end)) = (net.start_step, net.end_step)
            && end < start
        {
            let what = format!("must not come before the start, {start}; it is {end}");
            wrong(&net_path(index, "endStep"), &what);
        }
    }
}

fn settings(settings: &Settings, wrong: &mut impl FnMut(&str, &str)) {
    if settings.name.as_deref().is_some_and(is_blank) {
        wrong("name", "must not be empty");
    }
    for (index, name) in settings.dependencies.iter().enumerate() {
        let path = format!("dependencies[{index}]");
        if is_blank(name) {
            wrong(&path, "must not be empty");
        } else if settings.name.as_ref() == Some(name) {
            wrong(&path, "must name another job; it names this one");
        }
    }
    if let Some(Priority::Ranged { min, max }) = settings.priority
        && max < min
    {
        let what = format!("must not end before it begins; it is {min} to {max}");
        wrong("priority", &what);
    }
    if let Some(timeout) = settings.timeout
        && (timeout < time_span::SHORTEST || timeout > time_span::LONGEST)
    {
        let what = "must be longer than nothing and at most 10675199 days";
        wrong("timeout", what);
    }
    if settings.callback_url.as_deref().is_some_and(is_no_address) {
        wrong("callbackUrl", "must be an https address");
    }
    for label in settings.properties.keys() {
        if let Some(what) = labels::problem(label) {
            wrong(&format!("properties.{label}"), what);
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn is_no_address(text: &str) -> bool {
    web_address(text).is_none()
}
