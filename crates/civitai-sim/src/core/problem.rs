//! Error replies of the API: RFC 7807 problem documents.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What is wrong with which field; a path such as `jobs[0].params.width` to its messages.
pub(crate) type FieldErrors = BTreeMap<String, Vec<String>>;

/// Why a request was turned down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: String,
    errors: FieldErrors,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: FieldErrors::new(),
        }
    }

    pub(crate) fn invalid(errors: FieldErrors) -> Self {
        let detail = "Some fields cannot be accepted; see `errors`.".to_owned();
        Self {
            status: StatusCode::BAD_REQUEST,
            detail,
            errors,
        }
    }

    pub(crate) fn field(path: &str, message: impl Into<String>) -> Self {
        Self::invalid([(path.to_owned(), vec![message.into()])].into())
    }

    pub(crate) fn no_such(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is no such {what}."))
    }

    /// The reply, marked with the id under which the service would have traced the request.
    pub(crate) fn to_reply(&self, trace_id: String) -> Response {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document<'a> {
            r#type: &'static str,
            title: &'static str,
            status: u16,
            detail: &'a str,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            errors: &'a FieldErrors,
            trace_id: String,
        }
        let document = Document {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: &self.errors,
            trace_id,
        };
        let mut reply = (self.status, axum::Json(document)).into_response();
        let media_type = HeaderValue::from_static("application/problem+json; charset=utf-8");
        reply.headers_mut().insert(header::CONTENT_TYPE, media_type);
        reply
    }

    #[cfg(test)]
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    #[cfg(test)]
    pub(crate) fn errors(&self) -> &FieldErrors {
        &self.errors
    }
}

/// Leaves the body to the gate, which knows the trace id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut reply = self.status.into_response();
        reply.extensions_mut().insert(self);
        reply
    }
}
