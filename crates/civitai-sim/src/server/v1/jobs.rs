//! The operations on jobs.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::core::fields::Fields;
use crate::core::problem::{FieldErrors, Problem};
use crate::server::body::read_json;
use crate::server::query::{Pairs, flag, value};
use crate::server::shared::{HOLD, Shared};
use crate::v1::job::Taint;
use crate::v1::submit::submit as accept;
use crate::v1::view::{Depth, prices, statuses};
use crate::v1::{change, listing, run, submission};

/// Bytes of a request body, at most.
const BODY_AT_MOST: usize = 1 << 20;

type Core = State<Arc<Shared>>;

pub(super) async fn submit(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (wait, detailed) = (
        flag(&query, "wait", false)?,
        flag(&query, "detailed", false)?,
    );
    let (whatif, charge) = (
        flag(&query, "whatif", false)?,
        flag(&query, "charge", true)?,
    );
    let templates = submission::read(&read_json(&headers, body, BODY_AT_MOST).await?)?;
    if whatif {
        let jobs = prices(&templates);
        return Ok(Json(json!({ "token": "", "jobs": jobs })).into_response());
    }
    let token = accept(&mut shared.v1(), templates, charge)?;
    shared.announce();
    batch_reply(&shared, &token, wait, detailed).await
}

pub(super) async fn by_token(
    State(shared): Core,
    Query(query): Pairs,
) -> Result<Response, Problem> {
    let (wait, detailed) = (
        flag(&query, "wait", false)?,
        flag(&query, "detailed", false)?,
    );
    batch_reply(&shared, required_token(&query)?, wait, detailed).await
}

pub(super) async fn by_id(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
) -> Result<Response, Problem> {
    let depth = if flag(&query, "detailed", false)? {
        Depth::Detailed
    } else {
        Depth::WithEvent
    };
    let state = shared.v1();
    let job = state.store().find(&id)?;
    let mut jobs = statuses(&state, &[job], depth, &shared.blob_url);
    Ok(Json(jobs.pop()).into_response())
}

pub(super) async fn query(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let detailed = flag(&query, "detailed", false)?;
    let wanted = read_object(&read_json(&headers, body, BODY_AT_MOST).await?)?;
    let cursor = wanted.get("cursor").and_then(Value::as_str);
    let state = shared.v1();
    let (page, next) = listing::page(&state, cursor, &properties(&wanted)?)?;
    let jobs = statuses(&state, &page, depth(detailed), &shared.blob_url);
    Ok(Json(json!({ "cursor": next, "jobs": jobs })).into_response())
}

pub(super) async fn cancel_batch(
    State(shared): Core,
    Query(query): Pairs,
) -> Result<StatusCode, Problem> {
    let (token, force) = (required_token(&query)?, flag(&query, "force", true)?);
    let mut state = shared.v1();
    let batch = state.store().batch(token)?;
    change::cancel(&mut state, &batch, force);
    drop(state);
    shared.announce();
    Ok(StatusCode::OK)
}

pub(super) async fn cancel_one(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
) -> Result<StatusCode, Problem> {
    let force = flag(&query, "force", true)?;
    let mut state = shared.v1();
    let job = state.store().find(&id)?;
    change::cancel(&mut state, &[job], force);
    drop(state);
    shared.announce();
    Ok(StatusCode::OK)
}

/// Marks results as bad, by token or by properties.
pub(super) async fn taint_batch(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let request = read_object(&read_json(&headers, body, BODY_AT_MOST).await?)?;
    let (wanted, taint) = (properties(&request)?, taint(&request)?);
    let mut state = shared.v1();
    let batch = match value(&query, "token") {
        Some(token) => state.store().batch(token)?,
        None if wanted.is_empty() => {
            return Err(Problem::field(
                "properties",
                "Are required where there is no token.",
            ));
        }
        None => listing::matching(&state, 0, &wanted),
    };
    change::taint(&mut state, &batch, &taint);
    Ok(Json(json!({ "jobs": batch.len() })).into_response())
}

pub(super) async fn taint_one(
    State(shared): Core,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let taint = taint(&read_object(
        &read_json(&headers, body, BODY_AT_MOST).await?,
    )?)?;
    let mut state = shared.v1();
    let job = state.store().find(&id)?;
    change::taint(&mut state, &[job], &taint);
    Ok(StatusCode::OK)
}

/// All jobs of a token: 202 while one of them waits or runs, then 200.
async fn batch_reply(
    shared: &Shared,
    token: &str,
    wait: bool,
    detailed: bool,
) -> Result<Response, Problem> {
    let batch = shared.v1().store().batch(token)?;
    if wait {
        let busy = || {
            let state = shared.v1();
            let uploads = state.uploads(&batch);
            let changes = state.store().is_scheduled(&batch);
            let changes = changes.then(|| run::next_change(&state).unwrap_or(Duration::MAX));
            changes.into_iter().chain(uploads).min()
        };
        shared.hold_while(HOLD, busy).await;
    }
    let state = shared.v1();
    let unfinished = state.store().is_scheduled(&batch);
    let status = if unfinished {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    let jobs = statuses(&state, &batch, depth(detailed), &shared.blob_url);
    Ok((status, Json(json!({ "token": token, "jobs": jobs }))).into_response())
}

fn depth(detailed: bool) -> Depth {
    if detailed {
        Depth::Detailed
    } else {
        Depth::Brief
    }
}

fn required_token(query: &[(String, String)]) -> Result<&str, Problem> {
    let token = value(query, "token").filter(|token| !token.is_empty());
    token.ok_or_else(|| Problem::field("token", "Is required."))
}

fn properties(request: &Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    match request.get("properties") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(properties)) => Ok(properties.clone()),
        Some(_) => Err(Problem::field("properties", "Must be an object.")),
    }
}

fn taint(request: &Map<String, Value>) -> Result<Taint, Problem> {
    let (fields, mut errors) = (Fields::new("", request), FieldErrors::new());
    let taint = Taint {
        reason: fields.text("reason", &mut errors).map(str::to_owned),
        context: fields
            .object("context", &mut errors)
            .map(|context| context.entries().clone())
            .unwrap_or_default(),
    };
    if errors.is_empty() {
        Ok(taint)
    } else {
        Err(Problem::invalid(errors))
    }
}

/// Reads an object; no body at all counts as an empty one.
fn read_object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body)
        .map_err(|error| Problem::field("$", format!("The body is not a JSON object: {error}.")))
}
