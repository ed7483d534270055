//! The operations on files: finding, uploading, refreshing.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::{Pairs, Shared, body, flag, gate, value};
use crate::problem::Problem;

use super::super::link::{Purpose, SignatureError};
use super::super::maturity::Maturity;
use super::Core;

/// Bytes of an uploaded file, at most.
pub(super) const FILE_AT_MOST: usize = 64 << 20;

/// Redirects to where the content of a file can be cached.
pub(super) async fn find(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    admit(&shared, Purpose::Blob, &id, &query, &headers)?;
    let orchestrator = shared.orchestrator();
    let blob = orchestrator.blob(&id)?;
    if let Some(ceiling) = value(&query, "nsfwLevel") {
        let ceiling = Maturity::named(ceiling);
        let fits = blob.level.is_some_and(|level| Some(level) <= ceiling);
        if !fits {
            return Err(forbidden("The blob is more mature than was asked for."));
        }
    }
    let purpose = if orchestrator.is_withheld(blob) {
        Purpose::Blocked
    } else {
        Purpose::Content
    };
    let token = orchestrator.token(purpose, &id);
    let folder = if purpose == Purpose::Blocked {
        "blocked"
    } else {
        "content"
    };
    let mut location = format!("{}/v2/consumer/blobs/{folder}/{token}", shared.blob_url);
    let save = flag(&query, "download", false)?;
    let filename = value(&query, "filename").map(harmless);
    if save || filename.is_some() {
        let filename = filename.unwrap_or_else(|| id.clone());
        location = format!("{location}?filename={filename}");
    }
    Ok((
        StatusCode::PERMANENT_REDIRECT,
        [(header::LOCATION, location)],
    )
        .into_response())
}

/// Tells by the status alone whether a file is there.
pub(super) async fn look(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    admit(&shared, Purpose::Blob, &id, &query, &headers)?;
    let orchestrator = shared.orchestrator();
    orchestrator.blob(&id)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn upload(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    admit(&shared, Purpose::Upload, "", &query, &headers)?;
    let bytes = body::read(body, FILE_AT_MOST).await;
    let bytes = bytes?;
    let media_type = body::media_type(&headers).unwrap_or("application/octet-stream");
    let mut orchestrator = shared.orchestrator();
    let public = flag(&query, "public", false)? && orchestrator.settings.v2.shape.is_new();
    let stored = orchestrator.upload(bytes, media_type, public);
    let stored = stored?.clone();
    let view = orchestrator.shown_blob(&stored, None, true, false);
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

pub(super) async fn upload_link(State(shared): Core) -> Json<Value> {
    let (link, expires) = shared.orchestrator().upload_link();
    Json(json!({ "uploadUrl": link, "expiresAt": expires }))
}

pub(super) async fn refresh(
    State(shared): Core,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let mut orchestrator = shared.orchestrator();
    let blob = orchestrator.refresh(&id)?.clone();
    let owner = orchestrator.owner(&blob);
    Ok(Json(orchestrator.shown_blob(&blob, owner, true, false)))
}

/// Lets through what carries a good signature or else the token, and everybody to a public file.
pub(super) fn admit(
    shared: &Shared,
    purpose: Purpose,
    id: &str,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let is_public = || {
        let orchestrator = shared.orchestrator();
        purpose == Purpose::Blob && orchestrator.blob(id).is_ok_and(|blob| blob.public)
    };
    if gate::admits(shared, headers) || is_public() {
        return Ok(());
    }
    let (Some(signature), Some(ends)) = (value(query, "sig"), value(query, "exp")) else {
        return Err(gate::unauthorised());
    };
    let checked = shared.orchestrator().check(purpose, id, signature, ends);
    checked.map_err(|error| {
        forbidden(match error {
            SignatureError::Forged => "The signature is not the right one.",
            SignatureError::Expired => "The link has expired.",
        })
    })
}

fn forbidden(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, detail)
}

/// A file name without folders and without characters that a header or a query would not bear.
fn harmless(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._- ".contains(*c))
        .map(|c| if c == ' ' { '+' } else { c })
        .collect()
}
