//! The operations on tags.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::problem::Problem;

use super::{Core, read_value};

pub(super) async fn add(
    State(shared): Core,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let Value::String(tag) = read_value(&headers, body).await? else {
        return Err(Problem::field("tag", "Must be a bare string."));
    };
    let mut orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    orchestrator.add_tag(workflow, tag)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(shared): Core,
    Path((id, tag)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let mut orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    orchestrator.remove_tags(workflow, Some(&tag));
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove_all(
    State(shared): Core,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    orchestrator.remove_tags(workflow, None);
    Ok(StatusCode::NO_CONTENT)
}
