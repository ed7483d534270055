//! The problem document: what the service says when it refuses.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// Longest text taken from a reply that is no problem document.
const EXCERPT: usize = 300;

/// Members that hold what people read, in what is no problem document.
const WORDS: [&str; 4] = ["message", "error", "detail", "err"];

/// An RFC 7807 problem document, with the field errors that .NET services add.
///
/// Every member is optional, because services leave out what they like; a bare JSON string becomes
/// the detail.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Problem {
    /// A URI that names the kind of problem.
    pub kind: Option<String>,
    /// The kind of problem in words.
    pub title: Option<String>,
    /// The HTTP status, as the document gives it.
    pub status: Option<u16>,
    /// What went wrong this time.
    pub detail: Option<String>,
    /// A URI that names this occurrence.
    pub instance: Option<String>,
    /// The service's name for this request, to quote in a report.
    pub trace_id: Option<String>,
    /// Field → what is wrong with it.
    pub errors: BTreeMap<String, Vec<String>>,
    /// Every other member.
    pub extra: Map<String, Value>,
}

impl Problem {
    /// Reads a problem from a body, when it holds one.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        match serde_json::from_slice(body).ok()? {
            Value::Object(object) => Some(Self::from_object(object)),
            Value::String(text) if !text.is_empty() => Some(Self {
                detail: Some(text.chars().take(EXCERPT).collect()),
                ..Self::default()
            }),
            _ => None,
        }
    }

    fn from_object(mut object: Map<String, Value>) -> Self {
        let mut text = |key: &str| match object.remove(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let (kind, title, detail) = (text("type"), text("title"), text("detail"));
        let (instance, trace_id) = (text("instance"), text("traceId"));
        let status = object
            .remove("status")
            .and_then(|value| u16::try_from(value.as_u64()?).ok());
        let errors = object
            .remove("errors")
            .map(field_errors)
            .unwrap_or_default();
        Self {
            kind,
            title,
            status,
            detail,
            instance,
            trace_id,
            errors,
            extra: object,
        }
    }
}

/// Reads `{field: [text, …]}`, or a text in place of the list.
fn field_errors(errors: Value) -> BTreeMap<String, Vec<String>> {
    let Value::Object(errors) = errors else {
        return BTreeMap::new();
    };
    let texts = |value: Value| match value {
        Value::Array(list) => list.into_iter().map(|item| plain(&item)).collect(),
        other => vec![plain(&other)],
    };
    errors
        .into_iter()
        .map(|(field, value)| (field, texts(value)))
        .collect()
}

/// What people read in a value: a text, or a member of an object.
fn told(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.chars().take(EXCERPT).collect()),
        Value::Object(members) => WORDS.iter().find_map(|name| told(members.get(*name)?)),
        _ => None,
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [self.title.as_deref(), self.detail.as_deref()];
        let mut words: Vec<&str> = words.into_iter().flatten().collect();
        words.dedup();
        // What is no problem document says why under other names, at any depth.
        let other = match words.is_empty() && self.errors.is_empty() {
            true => WORDS.iter().find_map(|name| told(self.extra.get(*name)?)),
            false => None,
        };
        words.extend(other.as_deref());
        f.write_str(&words.join(": "))?;
        for (index, (field, texts)) in self.errors.iter().enumerate() {
            let before = if index == 0 && !words.is_empty() {
                " ("
            } else if index == 0 {
                "("
            } else {
                "; "
            };
            write!(f, "{before}{field}: {}", texts.join(", "))?;
        }
        f.write_str(if self.errors.is_empty() { "" } else { ")" })
    }
}
