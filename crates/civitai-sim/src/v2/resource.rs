//! Models and other resources, made up from their AIR.

use serde_json::{Value, json};

use crate::core::air::is_air;
use crate::core::problem::Problem;
use crate::core::reply::put;

use super::models::Arrival;
use super::state::State;

/// What is known of a resource.
///
/// # Errors
///
/// Fails for what is no AIR, and for a resource that is said not to exist.
pub(crate) fn resource(state: &State, air: &str) -> Result<Value, Problem> {
    if !is_air(air) {
        return Err(Problem::field("air", format!("`{air}` is not an AIR.")));
    }
    if state.settings.missing.contains(air) {
        return Err(Problem::no_such("resource"));
    }
    let digest = state.setup.seed.sign(&["resource", air]).to_uppercase();
    let weight = weight(state, air);
    let available = !state.setup.uncovered.contains(air);
    let availability = availability(state, air);
    let size = size_of(state, air);
    let mut view = json!({
        "air": air,
        "size": size,
        "hashes": {"sha256": digest, "autoV2": &digest[..10]},
        "downloadUrls": [format!("{}/files/{}.safetensors", state.api_url, &digest[..16])],
        "resourceName": format!("Resource {}", &digest[..4]),
        "versionName": "v1",
        "checkPermission": false,
        "canGenerate": available,
        "requiresAuthorization": false,
        "fileFormat": "safeTensor",
        "hasMatureContentRestriction": false,
        "hasNSFWContentRestriction": false,
        "popularityRank": f64::from(weight) / f64::from(0xff_ffff),
        "isFeatured": false,
        "payoutEnabled": true,
        "availability": availability,
    });
    put(
        &mut view,
        "publishedAt",
        Some("2025-01-01T00:00:00Z".into()),
    );
    Ok(view)
}

/// Where a resource is, for callers that want to use it.
fn availability(state: &State, air: &str) -> Value {
    if state.setup.uncovered.contains(air) {
        return json!({"status": "unavailable"});
    }
    let workers = state.line.workers();
    let shape = state.settings.shape;
    match state.models.arrival(air, state.now) {
        Some(arrival) if shape.is_new() => arrival_view(state, &arrival),
        Some(_) => json!({"status": "unavailable"}),
        None if state.models.is_idle(air) => json!({"status": "unavailable"}),
        None => json!({"status": "available", "workers": workers}),
    }
}

fn arrival_view(state: &State, arrival: &Arrival) -> Value {
    let seconds = |time: std::time::Duration| time.as_secs_f64().ceil() as u64;
    let mut view = json!({
        "lane": arrival.lane.as_str(),
        "etaSeconds": seconds(arrival.eta),
    });
    let ceiling = arrival.ceiling().map(Value::from);
    put(&mut view, "rateLimitBytesPerSecond", ceiling);
    match arrival.progress {
        Some(progress) => {
            view["status"] = "loading".into();
            view["progress"] = progress.into();
            view["workers"] = 0.into();
            view["bytesPerSecond"] = arrival.rate.into();
            let started = arrival.started.map(|at| state.date_text(at).into());
            put(&mut view, "startedAt", started);
            view["lastProgressAt"] = state.date_text(state.now).into();
        }
        None => {
            view["status"] = "queued".into();
            view["queuePosition"] = arrival.position.into();
            let boosted = arrival.boosted_eta.map(|eta| seconds(eta).into());
            put(&mut view, "boostedEtaSeconds", boosted);
        }
    }
    view
}

/// The size of a resource in bytes, as was told or else made up.
pub(super) fn size_of(state: &State, air: &str) -> u64 {
    let is_lora = air.split(':').any(|part| part == "lora");
    let made_up = u64::from(weight(state, air)) * if is_lora { 16 } else { 512 };
    state.models.size(air).unwrap_or(made_up)
}

/// A number of up to 24 bits that follows from the AIR.
fn weight(state: &State, air: &str) -> u32 {
    let digest = state.setup.seed.sign(&["resource", air]);
    u32::from_str_radix(&digest[..6], 16).unwrap_or(0)
}
