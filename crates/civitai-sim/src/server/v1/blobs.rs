//! Blobs behind signed links.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::core::content::Content;
use crate::server::query::Pairs;
use crate::server::shared::Shared;
use crate::server::storage::fault::BlobFault;
use crate::server::storage::refusal::{EXPIRED, Refusal};
use crate::v1::blob::{self, Blob, Shown};
use crate::v1::link::{self, LinkError};

/// The file that a blob is.
pub(super) async fn read(
    State(shared): State<Arc<Shared>>,
    Path(key): Path<String>,
    Query(query): Pairs,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let blob = find(&shared, &key, &query, &headers)?;
    let mishap = shared.storage.mishap(&key);
    match mishap.fault {
        Some(BlobFault::Expired) => return Err(EXPIRED),
        Some(BlobFault::Redirect) => return Ok(redirect(&shared.blob_url, &uri)),
        _ => {}
    }
    let content = match blob.shown {
        Shown::Content(content) => content,
        Shown::Picture(picture) => {
            let painted = shared.storage.gallery.picture(&key, picture).await;
            let message = "The picture could not be painted.";
            let failed = Refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", message);
            Content::new("image/png", painted.ok_or(failed)?)
        }
    };
    let storage = &shared.storage;
    Ok(storage.reply(&key, content, blob.uploaded, &headers, mishap))
}

/// Checks the link and looks up what the blob shows.
fn find(
    shared: &Shared,
    key: &str,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> Result<Blob, Refusal> {
    if headers.contains_key(header::AUTHORIZATION) {
        let message = "A signed link must come without an Authorization header.";
        return Err(Refusal(StatusCode::BAD_REQUEST, "InvalidArgument", message));
    }
    let state = shared.v1();
    link::check(shared.seed, key, query, state.today()).map_err(|error| {
        let (code, message) = match error {
            LinkError::Unsigned => ("AccessDenied", "The link is not signed."),
            LinkError::Forged => (
                "SignatureDoesNotMatch",
                "The signature is not the right one.",
            ),
            LinkError::Expired => return EXPIRED,
        };
        Refusal(StatusCode::FORBIDDEN, code, message)
    })?;
    let missing = Refusal(StatusCode::NOT_FOUND, "NoSuchKey", "There is no such blob.");
    blob::find(&state, key).ok_or(missing)
}

/// The same file under another name of this machine.
fn redirect(here: &str, uri: &Uri) -> Response {
    let port = here.rsplit(':').next().unwrap_or_default();
    let location = format!("http://localhost:{port}{uri}");
    let headers = [(header::LOCATION, location)];
    (StatusCode::PERMANENT_REDIRECT, headers).into_response()
}
