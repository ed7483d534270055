//! What storage answers where it gives no file: an XML document, as object storage sends.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Why storage has nothing to give: the status, a code and a message.
#[derive(Debug)]
pub(crate) struct Refusal(
    pub(crate) StatusCode,
    pub(crate) &'static str,
    pub(crate) &'static str,
);

/// The hour for which a link is good is over.
pub(crate) const EXPIRED: Refusal = Refusal(
    StatusCode::FORBIDDEN,
    "AccessDenied",
    "The link has expired.",
);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, code, message) = self;
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Error><Code>{code}</Code><Message>{message}</Message></Error>"
        );
        (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
    }
}
