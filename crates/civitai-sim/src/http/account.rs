//! The operations that tell what models can be used and what has been used.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Map, json};

use crate::air::is_air;
use crate::problem::Problem;
use crate::state::buzz;
use crate::view::date_text;

use super::shared::Shared;
use super::{Pairs, value};

/// Tells for each model how many workers could run it.
pub(super) async fn coverage(
    State(shared): State<Arc<Shared>>,
    Query(query): Pairs,
) -> Result<Response, Problem> {
    let models = query
        .iter()
        .filter(|(name, _)| name == "model")
        .map(|(_, air)| air);
    let service = shared.service();
    let mut coverage = Map::new();
    for air in models {
        if !is_air(air) {
            return Err(Problem::field("model", format!("`{air}` is not an AIR.")));
        }
        let answer = if service.settings.uncovered.contains(air) {
            json!({ "availability": "Unavailable", "workers": 0 })
        } else {
            json!({ "availability": "Available", "workers": service.queue.workers() })
        };
        coverage.insert(air.clone(), answer);
    }
    if coverage.is_empty() {
        return Err(Problem::field("model", "Is required at least once."));
    }
    Ok(Json(coverage).into_response())
}

/// Counts the images that left a worker in a period and what they cost.
pub(super) async fn consumption(
    State(shared): State<Arc<Shared>>,
    Query(query): Pairs,
) -> Result<Response, Problem> {
    let service = shared.service();
    let now = service.settings.date(service.now);
    let (start, end) = (date(&query, "startDate")?, date(&query, "endDate")?);
    if start.zip(end).is_some_and(|(start, end)| start > end) {
        let what = "Must not come after `endDate`.";
        return Err(Problem::field("startDate", what));
    }
    let (start, end) = (start.unwrap_or(service.settings.start), end.unwrap_or(now));
    let (mut images, mut cost) = (0, 0);
    for job in &service.jobs {
        let drawn = (0..job.blob_keys.len()).filter_map(|index| job.drawn_at(index));
        let drawn = drawn.filter(|at| {
            let date = service.settings.date(*at);
            *at <= service.now && start <= date && date <= end
        });
        let drawn = drawn.count();
        images += drawn;
        cost += job.cost * drawn as u64 / u64::from(job.template.quantity.max(1));
    }
    let (start, end) = (date_text(start), date_text(end));
    let details = json!({
        "images": images, "totalCost": buzz(cost), "startDate": start, "endDate": end,
    });
    Ok(Json(details).into_response())
}

fn date(query: &[(String, String)], name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(text) = value(query, name) else {
        return Ok(None);
    };
    let date = DateTime::parse_from_rfc3339(text);
    let date = date.map_err(|_| Problem::field(name, "Must be a date and time with an offset."))?;
    Ok(Some(date.to_utc()))
}
