//! The operations on single steps.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::core::problem::Problem;
use crate::server::body::read_value;
use crate::server::shared::Core;
use crate::v2::change;
use crate::v2::step_view::step_view;

pub(super) async fn read(
    State(shared): Core,
    Path((id, name)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let state = shared.v2();
    let workflow = state.store().find(&id, state.now())?;
    let step = state.store().find_step(workflow, &name)?;
    let workflow = state.store().workflow(workflow);
    let view = step_view(&state, workflow, &workflow.steps()[step], false);
    Ok(Json(view))
}

pub(super) async fn update(
    State(shared): Core,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let change = read_value(&headers, body).await?;
    let mut state = shared.v2();
    let workflow = state.store().find(&id, state.now())?;
    let step = state.store().find_step(workflow, &name)?;
    change::update_step(&mut state, workflow, step, &change)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn patch(
    State(shared): Core,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let changes = read_value(&headers, body).await?;
    let mut state = shared.v2();
    let workflow = state.store().find(&id, state.now())?;
    let step = state.store().find_step(workflow, &name)?;
    change::patch_step(&mut state, workflow, step, &changes)?;
    Ok(StatusCode::NO_CONTENT)
}
