//! Taking files in from addresses: from the settings, from the service itself, and from this machine.

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;

use crate::content::Content;
use crate::http::{Pairs, flag, value};
use crate::problem::Problem;

use super::super::ingest::Source;
use super::Core;
use super::blobs::FILE_AT_MOST;

/// How long an address may take to answer; this is time on the wall.
const PATIENCE: Duration = Duration::from_secs(10);

/// 201 for what has been taken in, 200 for what was there before.
pub(super) async fn ingest(State(shared): Core, Query(query): Pairs) -> Result<Response, Problem> {
    if !shared.orchestrator().settings.v2.shape.is_new() {
        return Err(Problem::no_such("operation"));
    }
    let address = value(&query, "sourceUrl").filter(|address| !address.is_empty());
    let address = address.ok_or_else(|| Problem::field("sourceUrl", "Is required."))?;
    let public = flag(&query, "public", false)?;
    let source = shared.orchestrator().source(address)?;
    let mut status = StatusCode::CREATED;
    let blob = match source {
        Source::Known(id) => {
            status = StatusCode::OK;
            shared.orchestrator().refresh(&id)?.clone()
        }
        Source::Own(blob) => shared.orchestrator().copy(address, *blob, public).clone(),
        Source::Here(file) => shared
            .orchestrator()
            .take_in(address, file, public)?
            .clone(),
        Source::Loopback(address) => {
            let file = fetch(&address).await?;
            shared
                .orchestrator()
                .take_in(&address, file, public)?
                .clone()
        }
    };
    let view = shared.orchestrator().shown_blob(&blob, None, true, false);
    Ok((status, Json(view)).into_response())
}

async fn fetch(address: &str) -> Result<Content, Problem> {
    let unreachable = || Problem::new(StatusCode::BAD_GATEWAY, "The address does not answer.");
    let client = Client::builder()
        .no_proxy()
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
