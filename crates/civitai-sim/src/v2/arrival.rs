//! What steps wait for: models on their way to a worker.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::core::reply::put;

use super::models::Arrival;
use super::state::State;
use super::step::Step;

/// What a step waits for, the one that holds it up longest first.
pub(crate) fn arrivals(state: &State, step: &Step) -> Vec<Arrival> {
    if step.is_over() {
        return Vec::new();
    }
    let arrivals = step.models().iter();
    let mut arrivals: Vec<Arrival> = arrivals
        .filter_map(|air| state.models.arrival(air, state.now))
        .collect();
    arrivals.sort_by_key(|arrival| Reverse(arrival.eta));
    arrivals
}

/// What a step waits for as replies show it; nothing where it waits for nothing.
pub(crate) fn preparation(state: &State, step: &Step) -> Option<Value> {
    let arrivals = arrivals(state, step);
    let views: Vec<Value> = arrivals.iter().map(preparation_view).collect();
    (!views.is_empty()).then(|| views.into())
}

/// The share of all bytes that are there of what a step waits for.
pub(crate) fn prepared(state: &State, step: &Step) -> Option<f64> {
    let arrivals = arrivals(state, step);
    let whole: f64 = arrivals.iter().map(|one| one.size as f64).sum();
    let there = |one: &Arrival| one.progress.unwrap_or(0.0) * one.size as f64;
    let there: f64 = arrivals.iter().map(there).sum();
    (!arrivals.is_empty()).then(|| there / whole.max(1.0))
}

fn preparation_view(arrival: &Arrival) -> Value {
    let seconds = |time: std::time::Duration| time.as_secs_f64().ceil() as u64;
    let mut view = json!({
        "resource": arrival.air,
        "sizeBytes": arrival.size,
        "lane": arrival.lane.as_str(),
        "etaSeconds": seconds(arrival.eta),
    });
    match arrival.progress {
        Some(progress) => {
            view["progress"] = progress.into();
            view["bytesPerSecond"] = arrival.rate.into();
        }
        None => view["queuePosition"] = arrival.position.into(),
    }
    let boosted = arrival.boosted_eta.map(|eta| seconds(eta).into());
    put(&mut view, "boostedEtaSeconds", boosted);
    let ceiling = arrival.ceiling().map(Value::from);
    put(&mut view, "rateLimitBytesPerSecond", ceiling);
    view
}
