//! The operations on tags.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::core::problem::Problem;
use crate::server::body::read_value;
use crate::server::shared::Core;
use crate::v2::change;

pub(super) async fn add(
    State(shared): Core,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let Value::String(tag) = read_value(&headers, body).await? else {
        return Err(Problem::field("tag", "Must be a bare string."));
    };
    let mut state = shared.v2();
    let workflow = state.store().find(&id, state.now())?;
    change::add_tag(&mut state, workflow, tag)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(shared): Core,
    Path((id, tag)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let mut state = shared.v2();
    let workflow = state.store().find(&id, state.now())?;
    change::remove_tags(&mut state, workflow, Some(&tag));
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove_all(
    State(shared): Core,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut state = shared.v2();
    let workflow = state.store().find(&id, state.now())?;
    change::remove_tags(&mut state, workflow, None);
    Ok(StatusCode::NO_CONTENT)
}
