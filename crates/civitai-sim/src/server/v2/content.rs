//! The content of files, under sealed names and while it is made.

use std::time::Duration;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::core::content::Content;
use crate::core::paint::Picture;
use crate::core::problem::Problem;
use crate::server::query::{Pairs, value};
use crate::server::shared::{Core, Shared};
use crate::server::storage::fault::BlobFault;
use crate::server::storage::refusal::EXPIRED;
use crate::v2::bits::{Bits, archived};
use crate::v2::blob_view::is_withheld;
use crate::v2::link::{Purpose, SignatureError, open};
use crate::v2::media;

use super::blobs;

/// What stands in for a blocked picture is painted from these words.
const STAND_IN: &str = "nothing to see";
/// Bytes of each file that an archive takes in, at most.
const PACKED_AT_MOST: u64 = 64 << 20;

/// Lets no token through: what storage serves is signed, and it is another host.
pub(super) async fn without_token(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::AUTHORIZATION) {
        let detail = "A signed link must come without an Authorization header.";
        return Problem::new(StatusCode::BAD_REQUEST, detail).into_response();
    }
    next.run(request).await
}

pub(super) async fn content(
    State(shared): Core,
    Path(token): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, bits) = {
        let state = shared.v2();
        let id = open(&state, Purpose::Content, &token);
        let id = id.map_err(|error| {
            let status = match error {
                SignatureError::Forged => StatusCode::BAD_REQUEST,
                SignatureError::Expired => StatusCode::NOT_FOUND,
            };
            Problem::new(status, "The token is not a good one.")
        })?;
        let blob = state.blobs().find(id, state.now())?;
        (id.to_owned(), Bits::of(blob))
    };
    let mut reply = serve(&shared, &id, bits, &headers).await?;
    if let Some(name) = value(&query, "filename")
        && let Ok(shown) = HeaderValue::from_str(&attached(name))
    {
        reply
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, shown);
    }
    Ok(reply)
}

/// A header that names a file: in ASCII, and whole where it has other letters.
fn attached(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ';
    let plain: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let whole = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// A picture of the same size in place of one that is withheld.
pub(super) async fn blocked(
    State(shared): Core,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, width, height) = {
        let state = shared.v2();
        let id = open(&state, Purpose::Blocked, &token);
        let id = id.map_err(|_| {
            let detail = "The token is not a good one.";
            Problem::new(StatusCode::FORBIDDEN, detail)
        })?;
        let blob = state.blobs().find(id, state.now())?;
        (id.to_owned(), blob.width, blob.height)
    };
    let bits = Bits::Picture(Picture {
        prompt: STAND_IN.to_owned(),
        seed: 0,
        width: width.max(1),
        height: height.max(1),
    });
    serve(&shared, &format!("blocked {id}"), bits, &headers).await
}

pub(super) async fn archive(
    State(shared): Core,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let gone = || Problem::new(StatusCode::GONE, "The archive is gone.");
    let (format, files) = {
        let state = shared.v2();
        let job = open(&state, Purpose::Archive, &token);
        let job = job.map_err(|_| gone())?;
        archived(&state, job).ok_or_else(gone)?
    };
    let mut packed = Vec::new();
    for (name, bits) in files {
        let content = file(&shared, &name, bits).await?;
        let whole = content.slice(0..content.size().min(PACKED_AT_MOST));
        packed.push((name, Bytes::from(whole)));
    }
    let media_type = match format {
        media::Archive::Zip => "application/zip",
        media::Archive::Tar => "application/x-tar",
    };
    let headers = [(header::CONTENT_TYPE, media_type)];
    Ok((headers, media::archive(format, &packed)).into_response())
}

pub(super) async fn stream(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    blobs::admit(&shared, Purpose::Blob, &id, &query, &headers)?;
    let bits = {
        let state = shared.v2();
        let blob = state.blobs().find(&id, state.now())?;
        if is_withheld(&state, blob) {
            return Err(Problem::no_such("blob"));
        }
        Bits::of(blob)
    };
    serve(&shared, &id, bits, &headers).await
}

async fn serve(
    shared: &Shared,
    id: &str,
    bits: Bits,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let content = file(shared, id, bits).await?;
    let mishap = shared.storage.mishap(id);
    if mishap.fault == Some(BlobFault::Expired) {
        return Ok(EXPIRED.into_response());
    }
    let begun = shared.v2().date(Duration::ZERO);
    Ok(shared.storage.reply(id, content, begun, headers, mishap))
}

/// What a file holds; a picture is painted.
async fn file(shared: &Shared, id: &str, bits: Bits) -> Result<Content, Problem> {
    match bits {
        Bits::File(content) => Ok(content),
        Bits::Picture(picture) => {
            let painted = shared.storage.gallery.picture(id, picture).await;
            let file = painted.ok_or_else(|| {
                let detail = "The picture could not be painted.";
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
            })?;
            Ok(Content::new("image/png", file))
        }
    }
}
