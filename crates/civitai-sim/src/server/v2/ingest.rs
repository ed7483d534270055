//! Taking files in from addresses: from the settings, from the service itself, and from this machine.

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use file_save::Connections;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;

use crate::core::content::Content;
use crate::core::problem::Problem;
use crate::server::query::{Pairs, flag, value};
use crate::server::shared::Core;
use crate::v2::blob_view::shown_blob;
use crate::v2::ingest::{self, Source};
use crate::v2::upload;

use super::blobs::FILE_AT_MOST;

/// How long an address may take to answer; this is time on the wall.
const PATIENCE: Duration = Duration::from_secs(10);

/// 201 for what has been taken in, 200 for what was there before.
pub(super) async fn read(State(shared): Core, Query(query): Pairs) -> Result<Response, Problem> {
    if !shared.v2().settings().shape.is_new() {
        return Err(Problem::no_such("operation"));
    }
    let address = value(&query, "sourceUrl").filter(|address| !address.is_empty());
    let address = address.ok_or_else(|| Problem::field("sourceUrl", "Is required."))?;
    let public = flag(&query, "public", false)?;
    let source = ingest::source(&shared.v2(), address)?;
    let mut status = StatusCode::CREATED;
    let blob = match source {
        Source::Known(id) => {
            status = StatusCode::OK;
            upload::refresh(&mut shared.v2(), &id)?.clone()
        }
        Source::Own(blob) => ingest::copy(&mut shared.v2(), address, *blob, public).clone(),
        Source::Here(file) => ingest::take_in(&mut shared.v2(), address, file, public)?.clone(),
        Source::Loopback(address) => {
            let file = fetch(&address).await?;
            ingest::take_in(&mut shared.v2(), &address, file, public)?.clone()
        }
    };
    let view = shown_blob(&shared.v2(), &blob, None, true, false);
    Ok((status, Json(view)).into_response())
}

async fn fetch(address: &str) -> Result<Content, Problem> {
    let unreachable = || Problem::new(StatusCode::BAD_GATEWAY, "The address does not answer.");
    let client = Connections::new(true)
        .map_err(|_| unreachable())?
        .builder()
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(|_| unreachable())?;
    let mut reply = client
        .get(address)
        .send()
        .await
        .map_err(|_| unreachable())?;
    match reply.status().as_u16() {
        200 => {}
        404 => return Err(Problem::no_such("file at the address")),
        _ => return Err(unreachable()),
    }
    let media_type = reply.headers().get(CONTENT_TYPE);
    let media_type = media_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let media_type = media_type.to_owned();
    let mut bytes = BytesMut::new();
    while let Some(chunk) = reply.chunk().await.map_err(|_| unreachable())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > FILE_AT_MOST {
            let detail = format!("The file must not be larger than {FILE_AT_MOST} bytes.");
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
        }
    }
    Ok(Content::new(media_type, Bytes::from(bytes)))
}
