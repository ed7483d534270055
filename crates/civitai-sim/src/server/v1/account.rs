//! The operations that tell what models can be used and what has been used.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::core::problem::Problem;
use crate::server::query::{self, Pairs};
use crate::server::shared::Shared;
use crate::v1::account;

/// Tells for each model how many workers could run it.
pub(super) async fn coverage(
    State(shared): State<Arc<Shared>>,
    Query(query): Pairs,
) -> Result<Json<Map<String, Value>>, Problem> {
    let models = query.iter().filter(|(name, _)| name == "model");
    let models = models.map(|(_, air)| air);
    account::coverage(&shared.v1(), models).map(Json)
}

/// Counts the images that left a worker in a period and what they cost.
pub(super) async fn consumption(
    State(shared): State<Arc<Shared>>,
    Query(query): Pairs,
) -> Result<Json<Value>, Problem> {
    let (start, end) = (date(&query, "startDate")?, date(&query, "endDate")?);
    account::consumption(&shared.v1(), start, end).map(Json)
}

fn date(query: &[(String, String)], name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    let text = query::value(query, name);
    text.map(|text| query::date(text, name)).transpose()
}
