//! Pages of other origins: a browser asks whether they may call, and here all may.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Answers the question of a browser in place of the service, which never hears of it, and says on every
/// reply to a page that the page may read it. What comes from no page is left alone.
pub(super) async fn share(mut request: Request, next: Next) -> Response {
    if !request.headers().contains_key(ORIGIN) {
        return next.run(request).await;
    }
    let any = HeaderValue::from_static("*");
    let asked = request.headers_mut();
    let method = asked.remove(ACCESS_CONTROL_REQUEST_METHOD);
    let names = asked.remove(ACCESS_CONTROL_REQUEST_HEADERS);
    let is_question = request.method() == Method::OPTIONS && method.is_some();
    let mut reply = match is_question {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next.run(request).await,
    };
    let headers = reply.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, any.clone());
    if is_question {
        // `*` would not stand for `Authorization`.
        headers.extend(method.map(|method| (ACCESS_CONTROL_ALLOW_METHODS, method)));
        headers.extend(names.map(|names| (ACCESS_CONTROL_ALLOW_HEADERS, names)));
    } else {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, any);
    }
    reply
}
