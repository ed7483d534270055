//! Bodies of requests, read within bounds.

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde_json::Value;

use crate::core::problem::Problem;

/// Bytes of a request of JSON, at most: inputs may hold images as data.
const VALUE_AT_MOST: usize = 64 << 20;
/// How much more of a body that is too large is read, so that its sender gets to see the reply.
const DRAINED_AT_MOST: usize = 15 << 20;

/// Reads a body of one of the JSON media types; none at all will do as well.
pub(crate) async fn read_json(
    headers: &HeaderMap,
    body: Body,
    at_most: usize,
) -> Result<Bytes, Problem> {
    let bytes = read(body, at_most).await?;
    let media_type = media_type(headers);
    let is_json = media_type.is_some_and(|media_type| media_type.contains("json"));
    if !bytes.is_empty() && !is_json {
        let detail = "The body must be JSON and say so in Content-Type.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    Ok(bytes)
}

/// Reads a body of JSON that must be there.
pub(crate) async fn read_value(headers: &HeaderMap, body: Body) -> Result<Value, Problem> {
    let bytes = read_json(headers, body, VALUE_AT_MOST).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Problem::field("$", format!("The body is no JSON: {error}.")))
}

/// Reads a body of any kind.
pub(crate) async fn read(body: Body, at_most: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        let detail = format!("The body must not be larger than {at_most} bytes.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > at_most + DRAINED_AT_MOST {
        return Err(too_large());
    }
    let mut bytes = BytesMut::new();
    let (mut size, mut body) = (0, body.into_data_stream());
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Problem::field("$", "The body did not arrive whole."))?;
        size += chunk.len();
        if size <= at_most {
            bytes.extend_from_slice(&chunk);
        } else if size > at_most + DRAINED_AT_MOST {
            break;
        }
    }
    if size > at_most {
        return Err(too_large());
    }
    Ok(bytes.freeze())
}

/// What the body is said to be, in small letters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?;
    value.to_str().ok().map(str::to_ascii_lowercase)
}
