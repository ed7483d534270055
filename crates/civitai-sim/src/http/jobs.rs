//! The operations on jobs.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::fields::Fields;
use crate::job::Taint;
use crate::problem::{FieldErrors, Problem};
use crate::template;
use crate::view::Depth;

use super::body::read_json;
use super::shared::Shared;
use super::{Pairs, flag, value};

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
    let templates = template::read(&read_json(&headers, body, BODY_AT_MOST).await?)?;
    let token = shared.service().submit(templates)?;
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
    let service = shared.service();
    let job = service.find(&id)?;
    let mut statuses = service.statuses(&[job], depth, &shared.blob_url);
    Ok(Json(statuses.pop()).into_response())
}

pub(super) async fn query(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let detailed = flag(&query, "detailed", false)?;
    let wanted = read_object(&read_json(&headers, body, BODY_AT_MOST).await?)?;
    let service = shared.service();
    let from = match wanted.get("cursor").and_then(Value::as_str) {
        None | Some("") => 0,
        Some(cursor) => {
            let after = usize::from_str_radix(cursor, 16).ok();
            let known = after.filter(|after| *after < service.jobs.len());
            known.ok_or_else(|| Problem::field("cursor", "Is not one that was given out."))? + 1
        }
    };
    let mut found = service.matching(from, &properties(&wanted)?);
    let more = found.len() > service.settings.page_size;
    found.truncate(service.settings.page_size);
    let cursor = found
        .last()
        .filter(|_| more)
        .map(|job| format!("{job:08x}"));
    let jobs = service.statuses(&found, depth(detailed), &shared.blob_url);
    Ok(Json(json!({ "cursor": cursor, "jobs": jobs })).into_response())
}

pub(super) async fn cancel_batch(
    State(shared): Core,
    Query(query): Pairs,
) -> Result<StatusCode, Problem> {
    let (token, force) = (required_token(&query)?, flag(&query, "force", true)?);
    let mut service = shared.service();
    let batch = service.batch(token)?;
    service.cancel(&batch, force);
    drop(service);
    shared.announce();
    Ok(StatusCode::OK)
}

pub(super) async fn cancel_one(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
) -> Result<StatusCode, Problem> {
    let force = flag(&query, "force", true)?;
    let mut service = shared.service();
    let job = service.find(&id)?;
    service.cancel(&[job], force);
    drop(service);
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
    let mut service = shared.service();
    let batch = match value(&query, "token") {
        Some(token) => service.batch(token)?,
        None if wanted.is_empty() => {
            return Err(Problem::field(
                "properties",
                "Are required where there is no token.",
            ));
        }
        None => service.matching(0, &wanted),
    };
    service.taint(&batch, &taint);
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
    let mut service = shared.service();
    let job = service.find(&id)?;
    service.taint(&[job], &taint);
    Ok(StatusCode::OK)
}

/// All jobs of a token: 202 while one of them waits or runs, then 200.
async fn batch_reply(
    shared: &Shared,
    token: &str,
    wait: bool,
    detailed: bool,
) -> Result<Response, Problem> {
    let batch = shared.service().batch(token)?;
    if wait {
        shared.hold(&batch).await;
    }
    let service = shared.service();
    let unfinished = service.is_scheduled(&batch);
    let status = if unfinished {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    let jobs = service.statuses(&batch, depth(detailed), &shared.blob_url);
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
