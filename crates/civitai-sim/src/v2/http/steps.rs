//! The operations on single steps.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::problem::Problem;

use super::{Core, read_value};

pub(super) async fn read(
    State(shared): Core,
    Path((id, name)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    let step = orchestrator.step(workflow, &name)?;
    let workflow = orchestrator.workflow(workflow);
    let view = orchestrator.step_view(workflow, &workflow.steps[step], false);
    Ok(Json(view))
}

pub(super) async fn update(
    State(shared): Core,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let change = read_value(&headers, body).await?;
    let mut orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    let step = orchestrator.step(workflow, &name)?;
    orchestrator.update_step(workflow, step, &change)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn patch(
    State(shared): Core,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let changes = read_value(&headers, body).await?;
    let mut orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    let step = orchestrator.step(workflow, &name)?;
    orchestrator.patch_step(workflow, step, &changes)?;
    Ok(StatusCode::NO_CONTENT)
}
