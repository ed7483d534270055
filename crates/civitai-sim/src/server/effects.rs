//! Carries out what goes wrong with a reply.

use std::io::Write as _;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::core::effect::{Edit, Effect, Page};
use crate::core::problem::Problem;

/// Larger than any reply, so that reading one whole for a fault has a bound too.
const REPLY_AT_MOST: usize = 256 << 20;
/// Pieces of a body that comes slowly.
const PIECES: usize = 8;
const HTML: &str = "<!DOCTYPE html><html><head><title>One moment</title></head>\
    <body><h1>Checking your browser</h1></body></html>";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <Error><Code>InternalError</Code><Message>The simulator was told to.</Message></Error>";

/// Waits where a request is to be looked at late.
pub(super) async fn delay(effects: &[Effect]) {
    for effect in effects {
        if let Effect::SlowAccept { milliseconds } = effect {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
        }
    }
}

/// The reply of a status that takes the place of the service's own.
pub(super) fn in_place(effects: &[Effect]) -> Option<Response> {
    effects.iter().find_map(|effect| match effect {
        Effect::Status {
            status,
            retry_after,
            page,
            ..
        } => {
            let status = StatusCode::from_u16(*status);
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut reply = page_of(*page, status);
            let after = retry_after
                .as_ref()
                .and_then(|text| HeaderValue::from_str(text).ok());
            reply
                .headers_mut()
                .extend(after.map(|after| (header::RETRY_AFTER, after)));
            Some(reply)
        }
        _ => None,
    })
}

/// Whether the connection is cut in place of the reply.
pub(super) fn cuts(effects: &[Effect]) -> bool {
    effects
        .iter()
        .any(|effect| matches!(effect, Effect::Reset { .. }))
}

/// The reply as the client is to meet it.
pub(super) async fn spoil(effects: &[Effect], mut reply: Response) -> Response {
    for effect in effects {
        reply = match effect {
            Effect::Truncate => broken(reply, 0.5).await,
            Effect::WrongLength => broken(reply, 1.0).await,
            Effect::Empty => reply.status().into_response(),
            Effect::SlowBody { milliseconds } => slow(reply, *milliseconds).await,
            Effect::Gzip => packed(reply).await,
            Effect::Bom => changed(reply, |body| [b"\xef\xbb\xbf", body].concat()).await,
            Effect::NoLength => unmeasured(reply).await,
            Effect::Edit { edits } => changed(reply, |body| edited(body, edits)).await,
            Effect::Header { name, value } => with_header(reply, name, value),
            Effect::Status { .. } | Effect::Reset { .. } | Effect::SlowAccept { .. } => reply,
        };
    }
    reply
}

fn page_of(page: Page, status: StatusCode) -> Response {
    let detail = "The simulator was told to turn this request away.";
    match page {
        Page::Problem => Problem::new(status, detail).into_response(),
        Page::Html => (status, Html(HTML)).into_response(),
        Page::Xml => (status, [(header::CONTENT_TYPE, "application/xml")], XML).into_response(),
        Page::Json => (status, axum::Json(json!({ "error": detail }))).into_response(),
        Page::Empty => status.into_response(),
    }
}

async fn whole(body: Body) -> Bytes {
    let read = axum::body::to_bytes(body, REPLY_AT_MOST).await;
    read.unwrap_or_default()
}

/// The reply with another body, whose length is its own.
async fn changed(reply: Response, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Response {
    let (mut parts, body) = reply.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = change(&whole(body).await);
    Response::from_parts(parts, Body::from(body))
}

fn edited(body: &[u8], edits: &[Edit]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return body.to_vec();
    };
    edits.iter().for_each(|edit| edit.apply(&mut value));
    value.to_string().into_bytes()
}

async fn packed(reply: Response) -> Response {
    let gzip = HeaderValue::from_static("gzip");
    let mut reply = changed(reply, |body| {
        let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory does not fail.
        let _ = packing.write_all(body);
        packing.finish().unwrap_or_default()
    })
    .await;
    reply.headers_mut().insert(header::CONTENT_ENCODING, gzip);
    reply
}

fn with_header(mut reply: Response, name: &str, value: &str) -> Response {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
        reply.headers_mut().insert(name, value);
    }
    reply
}

async fn slow(reply: Response, milliseconds: u64) -> Response {
    let (parts, body) = reply.into_parts();
    let body = whole(body).await;
    let size = body.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
    let pieces = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        Ok::<_, std::io::Error>(piece)
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

async fn unmeasured(reply: Response) -> Response {
    let (mut parts, body) = reply.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = whole(body).await;
    let piece = stream::iter([Ok::<_, std::io::Error>(body)]);
    Response::from_parts(parts, Body::from_stream(piece))
}

/// Announces more than comes, and breaks off behind this share of the body.
async fn broken(reply: Response, share: f64) -> Response {
    let (mut parts, body) = reply.into_parts();
    let body = whole(body).await;
    let sent = body.slice(..(body.len() as f64 * share) as usize);
    let missing = if share < 1.0 { 0 } else { 10 };
    let length = HeaderValue::from(body.len() + missing);
    parts.headers.insert(header::CONTENT_LENGTH, length);
    let broken = stream::once(async {
        // The server sends what it has while this waits.
        tokio::task::yield_now().await;
        Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Response::from_parts(
        parts,
        Body::from_stream(stream::iter([Ok(sent)]).chain(broken)),
    )
}
