//! The page: three files that are part of the program and ask for nothing from elsewhere.

use axum::http::{HeaderName, header};
use axum::response::IntoResponse;

const OWN_ALONE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src http: data:; media-src http:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) async fn html() -> impl IntoResponse {
    let rules = [
        (header::CONTENT_SECURITY_POLICY, OWN_ALONE),
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    ];
    (rules, include_str!("page/page.html"))
}

pub(super) async fn css() -> impl IntoResponse {
    (
        as_type("text/css; charset=utf-8"),
        include_str!("page/page.css"),
    )
}

pub(super) async fn script() -> impl IntoResponse {
    (
        as_type("text/javascript; charset=utf-8"),
        include_str!("page/page.js"),
    )
}

fn as_type(media_type: &'static str) -> [(HeaderName, &'static str); 1] {
    [(header::CONTENT_TYPE, media_type)]
}
