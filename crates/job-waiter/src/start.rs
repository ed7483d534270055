//! From a request that started work, and its reply, to a handle.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use crate::spec::{Source, Start, Waiter};
use crate::{Answer, path, read, reason};

/// A request that started work, and its reply.
#[derive(Clone, Copy, Debug)]
pub struct Started<'a> {
    /// The name of the operation.
    pub operation: &'a str,
    /// The address that was sent to.
    pub url: &'a str,
    /// The body that was sent.
    pub request: Option<&'a [u8]>,
    /// The reply.
    pub answer: &'a Answer,
}

/// Reads the parts of the handle.
///
/// What is missing is an empty text, and the reason of it comes along.
pub(crate) fn parts(waiter: &Waiter, started: &Started<'_>) -> (Vec<String>, Option<String>, bool) {
    let mut starts = waiter.starts.iter();
    let Some(start) = starts.find(|start| start.operation == started.operation) else {
        let blank = vec![String::new(); waiter.parts.len()];
        let what = format!("`{}` does not start {}", started.operation, waiter.name);
        return (blank, Some(what), false);
    };
    let reply = serde_json::from_slice(&started.answer.body).unwrap_or(Value::Null);
    let request = started
        .request
        .and_then(|body| serde_json::from_slice(body).ok());
    let mut trouble = read::refused(waiter, &reply).map(|(code, _)| {
        let reason = reason::reason(&waiter.reason, &reply).unwrap_or_default();
        format!(
            "the service did not start {}: code {code} {reason}",
            waiter.name
        )
    });
    let part = |name: &&'static str| {
        let bound = start.handle.iter().find(|(part, _)| part == name);
        let found =
            bound.and_then(|(_, source)| found(start, *source, started, &reply, request.as_ref()));
        found.unwrap_or_else(|| {
            trouble.get_or_insert_with(|| {
                format!("the reply that should name {} has no `{name}`", waiter.name)
            });
            String::new()
        })
    };
    let parts = waiter.parts.iter().map(part).collect();
    (parts, trouble, start.look)
}

fn found(
    start: &Start,
    source: Source,
    started: &Started<'_>,
    reply: &Value,
    request: Option<&Value>,
) -> Option<String> {
    match source {
        Source::Body(at) => path::text(reply, at),
        Source::Header(name) => {
            let value = started.answer.headers.get(name)?.to_str().ok()?.trim();
            (!value.is_empty()).then(|| value.to_owned())
        }
        Source::Request(at) => path::text(request?, at),
        Source::Path(name) => in_path(start.path, started.url, name),
        Source::Query(name) => {
            let url = Url::parse(started.url).ok()?;
            let mut pairs = url.query_pairs();
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        }
    }
}

/// A parameter of a path, by the place of its placeholder counted from the end: the base URL may have a
/// path of its own.
fn in_path(template: &str, url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let placeholder = format!("{{{name}}}");
    let mut segments = template.split('/').rev().zip(url.path().split('/').rev());
    let found = segments.find_map(|(wanted, sent)| {
        let (before, after) = wanted.split_once(&placeholder)?;
        sent.strip_prefix(before)?.strip_suffix(after)
    })?;
    let text = percent_decode_str(found).decode_utf8().ok()?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_behind_any_base() {
        let url = "https://x/api/v1/stores/a%2Fb/files/7:go";
        let template = "/stores/{store}/files/{file}:go";
        assert_eq!(in_path(template, url, "store").as_deref(), Some("a/b"));
        assert_eq!(in_path(template, url, "file").as_deref(), Some("7"));
        assert_eq!(in_path(template, url, "other"), None);
    }
}
