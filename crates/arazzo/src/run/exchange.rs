//! One call: what was sent, and what came back.

use std::time::Duration;

use reqwest::header::HeaderMap;
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

    /// Returns how long the service asks to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        http_hints::retry_after(&self.headers)
    }
}
