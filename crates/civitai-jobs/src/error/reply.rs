//! What a failed call to the API means: may it pass, was it accepted, when to come back.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use super::{FieldProblems, moderation, proxy};

/// Longest wait that a service is believed to mean.
const LONGEST_HINT: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether the same read may work a moment later.
pub(super) fn is_passing(error: &civitai_api::Error) -> bool {
    if error.is_invalid() || moderation::is_refusal(error) {
        return false;
    }
    match error.status() {
        None => true,
        // A page of a proxy, or a body that got lost; what a contract does not allow stays wrong.
        Some(status) if status.is_success() => {
            proxy::is_web_page(error) || matches!(error.body().map(|body| &body[..]), Some([]))
        }
        Some(status) => is_passing_status(status),
    }
}

/// Whether a reply with this status is worth asking again.
pub(super) fn is_passing_status(status: StatusCode) -> bool {
    // 520 to 530 come from the proxy in front of the service.
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502..=504 | 520..=530)
}

/// Whether the time ran out, here or between the service and the proxy in front of it.
pub(crate) fn is_timeout(error: &civitai_api::Error) -> bool {
    let status = error.status().map(|status| status.as_u16());
    error.is_timeout() || matches!(status, Some(408 | 504 | 524))
}

/// How long the service asks to be left alone, where a reply came.
pub(crate) fn hint(error: &civitai_api::Error) -> Option<Duration> {
    retry_after(error.headers()?)
}

/// Whether a submission may have been accepted although this came of it.
pub(crate) fn is_unclear(error: &civitai_api::Error) -> bool {
    if error.is_connect() || error.is_invalid() {
        return false;
    }
    match error.status() {
        // A proxy that gave up on a request has passed it on.
        Some(StatusCode::REQUEST_TIMEOUT) | None => true,
        // What was asked for does not depend on a redirect, which is not followed.
        Some(status) => !status.is_client_error() && !status.is_redirection(),
    }
}

/// The wait that `Retry-After` asks for: seconds, which some servers give with a fraction, or a date in
/// any form that HTTP ever had, which counts from the reply's own.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |value: &HeaderValue| value.to_str().ok().map(|text| text.trim().to_owned());
    let hint = headers.get(RETRY_AFTER).and_then(text)?;
    let wait = seconds(&hint).or_else(|| {
        let until = httpdate::parse_http_date(&hint).ok()?;
        let sent = headers.get(DATE).and_then(text)?;
        let sent = httpdate::parse_http_date(&sent).ok()?;
        Some(until.duration_since(sent).unwrap_or_default())
    })?;
    Some(wait.min(LONGEST_HINT))
}

fn seconds(text: &str) -> Option<Duration> {
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds = text.parse().ok().filter(|_| is_number)?;
    // What is too large for a duration is longer than any hint that is believed.
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_HINT))
}

/// The service's name for the request.
pub(crate) fn request_id(error: &civitai_api::Error) -> Option<&str> {
    let traced = error
        .problem()
        .and_then(|problem| problem.trace_id.as_deref());
    traced.or_else(|| id_in(error.headers()?))
}

/// The name for the request that stands in headers; the proxy has one of its own.
pub(crate) fn id_in(headers: &HeaderMap) -> Option<&str> {
    let named = ["x-request-id", "cf-ray"];
    let value = named.iter().find_map(|name| headers.get(*name))?;
    value.to_str().ok()
}

/// The size of a body as its headers announce it.
pub(crate) fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The field errors of a refusal: those of a problem document, or a bare map of fields.
pub(super) fn field_problems(error: &civitai_api::Error) -> FieldProblems {
    let mut problems = FieldProblems::default();
    let Some(problem) = error.problem() else {
        return problems;
    };
    for (field, texts) in &problem.errors {
        for text in texts {
            problems.add(field.as_str(), text.as_str());
        }
    }
    // Where a document says nothing else, its members are the fields.
    if problem.title.is_none() && problem.detail.is_none() {
        for (field, state) in &problem.extra {
            for text in texts_of(state) {
                problems.add(field.as_str(), text);
            }
        }
    }
    problems
}

/// The messages of one field: a list of texts, or `{"errors": [{"errorMessage": text}]}`.
fn texts_of(state: &Value) -> impl Iterator<Item = &str> {
    let listed = state.get("errors").unwrap_or(state);
    let listed = listed.as_array().into_iter().flatten();
    listed.filter_map(|item| item.get("errorMessage").unwrap_or(item).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_retry_after_is_read() {
        for (hint, date, seconds) in [
            (Some("7"), None, Some(7)),
            (Some(" 0 "), None, Some(0)),
            (Some("99999999999"), None, Some(86_400)),
            (Some("999999999999999999999999"), None, Some(86_400)),
            (Some("2.0"), None, Some(2)),
            (
                Some("Fri, 02 Jan 2026 00:01:30 GMT"),
                Some("Fri, 02 Jan 2026 00:00:00 GMT"),
                Some(90),
            ),
            (
                Some("Fri, 02 Jan 2026 00:00:00 GMT"),
                Some("Fri, 02 Jan 2026 00:00:09 GMT"),
                Some(0),
            ),
            (
                Some("Friday, 02-Jan-26 00:01:30 GMT"),
                Some("Fri, 02 Jan 2026 00:00:00 GMT"),
                Some(90),
            ),
            (
                Some("Fri Jan  2 00:01:30 2026"),
                Some("Fri, 02 Jan 2026 00:00:00 GMT"),
                Some(90),
            ),
            (Some("Fri, 02 Jan 2026 00:01:30 GMT"), None, None),
            (Some("1e3"), None, None),
            (Some("inf"), None, None),
            (Some(""), None, None),
            (Some("-3"), None, None),
            (Some("soon"), None, None),
            (None, None, None),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(RETRY_AFTER, hint), (DATE, date)] {
                if let Some(value) = value {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(&headers), expected, "{hint:?}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1.5"));
        assert_eq!(retry_after(&headers), Some(Duration::from_millis(1_500)));
    }
}
