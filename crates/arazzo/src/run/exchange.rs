//! One call: what was sent, and what came back.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::{Map, Value};

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

/// What came of a step's call.
#[derive(Debug, Default)]
pub(super) struct Called {
    /// The call, or the last one of the workflow that was called.
    pub(super) exchange: Option<Exchange>,
    pub(super) outputs: Option<Map<String, Value>>,
    /// How the workflow that was called has failed.
    pub(super) failure: Option<String>,
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
    pub(super) headers: HeaderMap,
    /// JSON, or the text; `None` where there is none.
    pub(super) body: Option<Value>,
    pub(super) text: Option<String>,
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
