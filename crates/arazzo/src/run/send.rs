//! Sends a request and reads its reply, within bounds.

use std::time::Duration;

use futures_util::future::{Either, select};
use serde_json::Value;

use super::exchange::{Exchange, Reply};
use super::request::Request;
use super::session::Session;
use crate::contract::is_json;

/// Sends a request and reads its reply, both within the limit.
pub(super) async fn exchange(session: &Session, request: Request, limit: Duration) -> Exchange {
    let clock = &session.runner.clock;
    let began = clock.now();
    let Request { sent, http } = request;
    let sending = Box::pin(send(session, http));
    let answer = match select(sending, clock.limit(limit)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(format!("no reply within {:.1} s", limit.as_secs_f64())),
    };
    let (reply, fault) = match answer {
        Ok(reply) => (Some(reply), None),
        Err(fault) => (None, Some(session.secrets.mask(&fault))),
    };
    Exchange {
        sent,
        reply,
        fault,
        took: clock.now().saturating_duration_since(began),
    }
}

async fn send(session: &Session, request: reqwest::Request) -> Result<Reply, String> {
    let answered = session.http.execute(request).await;
    let mut response = answered.map_err(told)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(told)? {
        bytes.extend_from_slice(&chunk);
        let limit = session.runner.limits.reply;
        if bytes.len() > limit {
            return Err(format!("the reply has more than {limit} bytes"));
        }
    }
    let kind = headers
        .get(reqwest::header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let (body, text) = read(&bytes, kind);
    Ok(Reply {
        status,
        headers,
        body,
        text,
    })
}

/// JSON where it is said or where nothing is said and it parses; text where it is text; nothing else.
fn read(bytes: &[u8], kind: Option<&str>) -> (Option<Value>, Option<String>) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return (None, None);
    };
    if text.is_empty() {
        return (None, None);
    }
    let parsed = match kind {
        Some(kind) if !is_json(kind) => None,
        _ => serde_json::from_str(text).ok(),
    };
    (
        Some(parsed.unwrap_or_else(|| text.into())),
        Some(text.to_owned()),
    )
}

/// The causes, without the address, which may hold secrets.
fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}
