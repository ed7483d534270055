//! What a failed call to the API means: may it pass, was it accepted, when to come back.

use std::time::Duration;

use http_hints::{is_passing_status, retry_after};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName};
use serde_json::Value;

use super::{FieldProblems, moderation, proxy};

/// The service's name for a request, and that of the proxy in front of it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RAY: HeaderName = HeaderName::from_static("cf-ray");

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

/// The service's name for the request.
pub(crate) fn request_id(error: &civitai_api::Error) -> Option<&str> {
    let traced = error
        .problem()
        .and_then(|problem| problem.trace_id.as_deref());
    traced.or_else(|| id_in(error.headers()?))
}

/// The name for the request that stands in headers; the proxy has one of its own.
pub(crate) fn id_in(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(REQUEST_ID).or_else(|| headers.get(RAY))?;
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
