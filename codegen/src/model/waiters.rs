//! Waiters: how a contract says that its work is started, polled and read. The members are those of the
//! YAML; what they mean stands in `crates/job-waiter`, which reads them when a program runs.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::span::Span;
use crate::pointer::Pointer;

/// How one kind of work is watched.
#[derive(Clone, Debug)]
pub(crate) struct Waiter {
    /// Its name in the contract.
    pub name: String,
    /// Where it stands.
    pub at: Pointer,
    /// What it is about, in words.
    pub about: Option<String>,
    /// Whether the document is known to lack what the service has.
    pub lags: bool,
    /// The names of the parts of the handle; the first names the work.
    pub parts: Vec<String>,
    /// What starts the work.
    pub start: Vec<Start>,
    /// What is asked for at each poll.
    pub look: Target,
    /// Where the state stands.
    pub state: Option<State>,
    /// The phase of a state that is not listed.
    pub otherwise: Option<String>,
    /// HTTP status → what it means.
    pub http: BTreeMap<u16, String>,
    /// What work that is not known means.
    pub missing: Missing,
    /// Error codes within a success.
    pub refused: Option<Refused>,
    /// Where the reason stands.
    pub reason: Reason,
    /// Where it stands how far the work is.
    pub progress: Progress,
    /// Where the result is.
    pub result: Outcome,
    /// Paths of addresses of files.
    pub files: Vec<String>,
    /// What asks for a pause.
    pub hints: Option<Vec<Hint>>,
    /// How a poll is kept open.
    pub hold: Option<Hold>,
    /// How often to poll, and how long.
    pub pace: Pace,
    /// What cancels the work.
    pub cancel: Option<Target>,
    /// What lists such work.
    pub list: Option<List>,
}

/// An operation that starts work.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    /// Its name, or `*` for all that are answered with what a poll brings.
    pub operation: String,
    /// Part → where it comes from: `body/…`, `header/…`, `request/…`, `path/…`, `query/…`.
    #[serde(default)]
    pub handle: BTreeMap<String, String>,
    /// Whether the reply is a poll already.
    #[serde(default)]
    pub look: bool,
}

/// What is asked for: an operation or an address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    /// The operation.
    pub operation: Option<String>,
    /// Its parameters → a part of the handle, `look/…`, or `=` and a text; `+` before a part of several
    /// segments leaves its slashes.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// The part of the handle, or `look/…`, that holds an address.
    pub url: Option<String>,
    /// Hosts that get the credential.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// The method for an address.
    pub method: Option<String>,
    /// The operation that is answered in the same way as an address.
    pub like: Option<String>,
}

/// Where the state stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    /// The path of the word.
    pub path: Option<String>,
    /// Phase → words.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<serde_json::Value>>,
    /// Whether capitals do not matter.
    #[serde(default)]
    pub ignore_case: bool,
    /// The path of a flag.
    pub done: Option<String>,
    /// What is there after a success.
    pub succeeded: Option<String>,
    /// What is there after a failure.
    pub failed: Option<String>,
    /// What tells that the work was cancelled.
    pub canceled: Option<Canceled>,
}

/// What tells that work was cancelled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Canceled {
    /// The path.
    pub path: String,
    /// The values.
    pub is: Vec<serde_json::Value>,
}

/// What work that is not known means.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Missing {
    /// Before the first good poll.
    pub before: Option<String>,
    /// After it.
    pub after: Option<String>,
}

/// Error codes within a success.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refused {
    /// The path of the code.
    pub path: String,
    /// Codes of no error.
    pub ok: Vec<serde_json::Value>,
    /// What a code means that is not listed.
    pub otherwise: Option<String>,
    /// Meaning → codes.
    #[serde(default)]
    pub codes: BTreeMap<String, Vec<serde_json::Value>>,
}

/// Where the reason stands.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// What people read.
    pub message: Option<String>,
    /// What programs read.
    pub code: Option<String>,
}

/// Where it stands how far the work is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Progress {
    /// The share.
    pub percent: Option<String>,
    /// What stands for all of it: 1 or 100.
    pub scale: Option<f32>,
    /// The number of items that are done.
    pub done: Option<String>,
    /// The number of items.
    pub total: Option<String>,
    /// The place in the queue.
    pub queue: Option<String>,
    /// The place of who is next.
    pub base: Option<u32>,
    /// When the work begins.
    pub starts: Option<String>,
    /// When it ends.
    pub ends: Option<String>,
}

/// Where the result is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    /// The path of it.
    pub path: Option<String>,
    /// What it is: `value`, `url` or `bytes`.
    pub kind: Option<String>,
    /// How long the service keeps it.
    pub kept: Option<Span>,
    /// Whether only it tells that the work succeeded.
    #[serde(default)]
    pub decides: bool,
    /// Whether it may be missing.
    #[serde(default)]
    pub optional: bool,
    /// The operation that brings it.
    pub operation: Option<String>,
    /// Its parameters.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// The address that brings it.
    pub url: Option<String>,
    /// Hosts that get the credential.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// The operation that is answered in the same way as the address.
    pub like: Option<String>,
}

/// What asks for a pause.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hint {
    /// A header.
    pub header: Option<String>,
    /// A member of the body.
    pub path: Option<String>,
    /// `s`, `ms` or `duration`.
    pub unit: Option<String>,
}

/// How a poll is kept open.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hold {
    /// The operation, where it is not that of the poll.
    pub operation: Option<String>,
    /// Its parameters.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// The parameter of the query.
    pub parameter: Option<String>,
    /// Or the header.
    pub header: Option<String>,
    /// What stands before the number.
    #[serde(default)]
    pub prefix: String,
    /// `s`, `ms` or `duration`.
    pub unit: Option<String>,
    /// How long the service keeps it open.
    pub longest: Span,
}

/// How often to poll, and how long.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pace {
    /// The shortest pause.
    pub floor: Option<Span>,
    /// The first pause.
    pub first: Option<Span>,
    /// The longest pause.
    pub cap: Option<Span>,
    /// How long the work runs, or the part of the handle that says so.
    pub expected: Option<Expected>,
    /// How long to watch.
    pub deadline: Option<Span>,
}

/// How long work runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Expected {
    /// A time.
    Span(Span),
    /// The part of the handle that holds seconds.
    Part(String),
}

/// What lists work.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    /// The operation.
    pub operation: String,
    /// The path of the list in its reply.
    #[serde(default)]
    pub items: String,
    /// Part of the handle → path in an entry.
    pub handle: BTreeMap<String, String>,
}

impl Outcome {
    /// Returns what is asked for it, where that is a call of its own.
    pub(crate) fn target(&self) -> Option<Target> {
        let asks = self.operation.is_some() || self.url.is_some();
        asks.then(|| Target {
            operation: self.operation.clone(),
            with: self.with.clone(),
            url: self.url.clone(),
            hosts: self.hosts.clone(),
            method: None,
            like: self.like.clone(),
        })
    }

    /// Returns whether it is a file in itself.
    pub(crate) fn is_bytes(&self) -> bool {
        self.kind.as_deref() == Some("bytes")
    }
}
