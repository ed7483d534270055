//! One call: what was sent, and what came back.

use std::time::{Duration, SystemTime};

use futures_util::future::{Either, select};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use serde_json::{Map, Value};

use super::error::RunError;
use super::request::Request;
use super::session::Session;
use crate::contract::is_json;
use crate::expression::Part;

/// A call with its reply, where one came.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) sent: Sent,
    pub(super) reply: Option<Reply>,
    /// Why there is no reply.
    pub(super) fault: Option<String>,
    pub(super) took: Duration,
}

/// What was sent, as expressions see it.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) path: Map<String, Value>,
    pub(super) query: Map<String, Value>,
    /// By names in lower case.
    pub(super) headers: Map<String, Value>,
    pub(super) body: Option<Value>,
}

#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    headers: HeaderMap,
    /// JSON, or the text; `None` where there is none.
    pub(super) body: Option<Value>,
    pub(super) text: Option<String>,
}

/// Returns a client that follows no redirect, so that no credential goes to another server.
pub(super) fn client() -> Result<reqwest::Client, RunError> {
    let builder = reqwest::Client::builder().redirect(Policy::none());
    let builder = builder.user_agent(concat!("arazzo-run/", env!("CARGO_PKG_VERSION")));
    builder
        .build()
        .map_err(|error| RunError::inputs("there is no HTTP client").caused_by(error))
}

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

impl Sent {
    pub(super) fn part(&self, part: &Part) -> Option<Value> {
        match part {
            Part::Header(name) => self.headers.get(name).cloned(),
            Part::Query(name) => self.query.get(name).cloned(),
            Part::Path(name) => self.path.get(name).cloned(),
            Part::Body => self.body.clone(),
        }
    }
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns how long the service asks to wait, in seconds or until a date.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let text = self.header(RETRY_AFTER.as_str())?.trim();
        if let Ok(seconds) = text.parse::<u32>() {
            return Some(Duration::from_secs(seconds.into()));
        }
        let date = httpdate::parse_http_date(text).ok()?;
        // The date is the service's own, and so is the time to count from.
        let now = self
            .header("date")
            .and_then(|now| httpdate::parse_http_date(now).ok());
        let now = now.unwrap_or_else(SystemTime::now);
        Some(date.duration_since(now).unwrap_or_default())
    }
}
