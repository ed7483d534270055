//! The operations on files: finding, uploading, refreshing.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use crate::core::problem::Problem;
use crate::server::query::{Pairs, flag, value};
use crate::server::shared::{Core, Shared};
use crate::server::{body, gate};
use crate::v2::blob_view::{is_withheld, own_view, shown_blob};
use crate::v2::link::{self, Purpose, SignatureError, token};
use crate::v2::maturity::Maturity;
use crate::v2::upload::{self, upload as store};

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
    let state = shared.v2();
    let blob = state.blobs().find(&id, state.now())?;
    if let Some(ceiling) = value(&query, "nsfwLevel") {
        let ceiling = Maturity::named(ceiling);
        let fits = blob.level.is_some_and(|level| Some(level) <= ceiling);
        if !fits {
            return Err(forbidden("The blob is more mature than was asked for."));
        }
    }
    let purpose = if is_withheld(&state, blob) {
        Purpose::Blocked
    } else {
        Purpose::Content
    };
    let token = token(&state, purpose, &id);
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
        let filename: String = byte_serialize(filename.as_bytes()).collect();
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
    let state = shared.v2();
    state.blobs().find(&id, state.now())?;
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
    let media_type = body::media_type(&headers);
    let media_type = media_type.as_deref().unwrap_or("application/octet-stream");
    let mut state = shared.v2();
    let public = flag(&query, "public", false)? && state.settings().shape.is_new();
    let stored = store(&mut state, bytes, media_type, public);
    let stored = stored?.clone();
    let view = shown_blob(&state, &stored, None, true, false);
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

pub(super) async fn upload_link(State(shared): Core) -> Json<Value> {
    let (link, expires) = link::upload_link(&shared.v2());
    Json(json!({ "uploadUrl": link, "expiresAt": expires }))
}

pub(super) async fn refresh(
    State(shared): Core,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let mut state = shared.v2();
    let blob = upload::refresh(&mut state, &id)?.clone();
    Ok(Json(own_view(&state, &blob)))
}

/// Letters of a file name, at most.
const NAME_AT_MOST: usize = 200;

/// Lets through what carries a good signature or else the token, and everybody to a public file.
pub(super) fn admit(
    shared: &Shared,
    purpose: Purpose,
    id: &str,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let is_public = || {
        let state = shared.v2();
        purpose == Purpose::Blob
            && state
                .blobs()
                .find(id, state.now())
                .is_ok_and(|blob| blob.public)
    };
    if gate::admits(shared, headers) || is_public() {
        return Ok(());
    }
    let (Some(signature), Some(ends)) = (value(query, "sig"), value(query, "exp")) else {
        return Err(gate::unauthorised());
    };
    let checked = link::check(&shared.v2(), purpose, id, signature, ends);
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

/// A file name without folders, of letters and digits of any script and little else.
fn harmless(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = name
        .chars()
        .filter(|c| c.is_alphanumeric() || "._- ".contains(*c));
    kept.take(NAME_AT_MOST).collect()
}
