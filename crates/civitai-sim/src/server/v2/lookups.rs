//! The operations that tell about resources and services, and the one that forgets users.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::Value;

use crate::core::problem::Problem;
use crate::server::query::{Pairs, bytes, number, text, texts, value};
use crate::server::shared::Core;
use crate::v2::catalogue::{self, Wanted};
use crate::v2::inventory::{self, Part};
use crate::v2::resource::resource;

/// Services on a page where the caller does not say.
const PAGE: usize = 50;
/// The same of resources.
const RESOURCES: usize = 100;

pub(super) async fn read_resource(
    State(shared): Core,
    Path(air): Path<String>,
) -> Result<Json<Value>, Problem> {
    resource(&shared.v2(), &air).map(Json)
}

pub(super) async fn resources(
    State(shared): Core,
    Query(query): Pairs,
) -> Result<Json<Value>, Problem> {
    let state = shared.v2();
    if !state.settings().shape.is_new() {
        return Err(Problem::no_such("operation"));
    }
    let part = value(&query, "view").and_then(Part::named);
    let wanted = inventory::Wanted {
        part: part.ok_or_else(|| Problem::field("view", "Must be `loaded` or `queue`."))?,
        cursor: text(&query, "cursor"),
        take: number(&query, "take")?.unwrap_or(RESOURCES),
        types: texts(&query, "type"),
        other_types: texts(&query, "excludeType"),
        sources: texts(&query, "source"),
        at_least: bytes(&query, "minSizeBytes")?,
        at_most: bytes(&query, "maxSizeBytes")?,
    };
    inventory::resources(&state, &wanted).map(Json)
}

pub(super) async fn services(
    State(shared): Core,
    Query(query): Pairs,
) -> Result<Json<Value>, Problem> {
    let wanted = Wanted {
        category: text(&query, "category"),
        prefix: text(&query, "prefix"),
        tags: texts(&query, "tags"),
        query: text(&query, "query"),
        status: text(&query, "status"),
        window: text(&query, "window"),
        limit: number(&query, "limit")?.unwrap_or(PAGE),
        offset: number(&query, "offset")?.unwrap_or(0),
    };
    catalogue::services(&shared.v2(), &wanted).map(Json)
}

pub(super) async fn service(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
) -> Result<Json<Value>, Problem> {
    let (window, interval) = (value(&query, "window"), value(&query, "interval"));
    catalogue::service(&shared.v2(), &id, window, interval).map(Json)
}

/// Nothing is cached about users, so forgetting is done at once.
pub(super) async fn forget(Path(user): Path<String>) -> Result<StatusCode, Problem> {
    let id = user.parse::<i32>();
    id.map(|_| StatusCode::NO_CONTENT)
        .map_err(|_| Problem::field("userId", "Must be a whole number."))
}
