//! What models can be used, and what has been used.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::core::air::is_air;
use crate::core::problem::Problem;
use crate::core::reply::date_text;

use super::state::State;
use super::wallet::buzz;

/// How many workers could run each of some models.
///
/// # Errors
///
/// Fails for no model at all and for what is no AIR.
pub(crate) fn coverage<'a>(
    state: &State,
    models: impl Iterator<Item = &'a String>,
) -> Result<Map<String, Value>, Problem> {
    let mut coverage = Map::new();
    for air in models {
        if !is_air(air) {
            return Err(Problem::field("model", format!("`{air}` is not an AIR.")));
        }
        let answer = if state.setup.uncovered.contains(air) {
            json!({ "availability": "Unavailable", "workers": 0 })
        } else {
            json!({ "availability": "Available", "workers": state.queue.workers() })
        };
        coverage.insert(air.clone(), answer);
    }
    if coverage.is_empty() {
        return Err(Problem::field("model", "Is required at least once."));
    }
    Ok(coverage)
}

/// The images that left a worker from `start` to `end`, and what they cost.
///
/// # Errors
///
/// Fails where the start comes after the end.
pub(crate) fn consumption(
    state: &State,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
) -> Result<Value, Problem> {
    if start.zip(end).is_some_and(|(start, end)| start > end) {
        let what = "Must not come after `endDate`.";
        return Err(Problem::field("startDate", what));
    }
    let start = start.unwrap_or(state.setup.start);
    let end = end.unwrap_or(state.today());
    let (mut images, mut cost) = (0, 0);
    for job in state.store.jobs() {
        let drawn = (0..job.order().blob_keys.len()).filter_map(|index| job.drawn_at(index));
        let drawn = drawn.filter(|at| {
            let date = state.date(*at);
            *at <= state.now && start <= date && date <= end
        });
        let drawn = drawn.count();
        images += drawn;
        cost += job.order().cost * drawn as u64 / u64::from(job.template().quantity.max(1));
    }
    let (start, end) = (date_text(start), date_text(end));
    Ok(json!({
        "images": images, "totalCost": buzz(cost), "startDate": start, "endDate": end,
    }))
}
