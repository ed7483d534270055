//! What the page asks for: what goes on, one request, step types, a workflow to start.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use crate::core::problem::Problem;
use crate::server::query::Pairs;
use crate::server::shared::Core;
use crate::server::v2::workflows;

use super::{overview as shown, steps as forms};

pub(super) async fn overview(State(shared): Core) -> Json<Value> {
    Json(shown::overview(&shared))
}

/// The bodies of one of the latest requests.
pub(super) async fn request(
    State(shared): Core,
    Path(number): Path<usize>,
) -> Result<Json<Value>, StatusCode> {
    let recent = shared.recent.as_ref().ok_or(StatusCode::NOT_FOUND)?;
    let (request, reply) = recent.bodies(number).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({ "request": request, "reply": reply })))
}

/// The names of all step types.
pub(super) async fn steps() -> Json<Vec<&'static str>> {
    Json(forms::names())
}

/// The members of a step type's input, as far as the choices in the query say which.
pub(super) async fn step(
    Path(name): Path<String>,
    Query(choices): Pairs,
) -> Result<Json<Value>, StatusCode> {
    let form = forms::form(&name, &choices).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(form))
}

/// Starts a workflow without asking for the token, which the page does not have.
pub(super) async fn submit(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let submitted = workflows::submit(State(shared), Query(query), headers, body).await;
    submitted.unwrap_or_else(|problem: Problem| problem.to_reply("00-page-00".to_owned()))
}
