//! What every request goes through: the log, ordered faults, the token, problem documents.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::core::fault::Fault;
use crate::core::problem::Problem;
use crate::core::record::{Origin, Recorded};

use super::shared::Shared;
use super::wire::Wire;

/// Larger than any reply, so that reading one whole for a fault has a bound too.
const REPLY_AT_MOST: usize = 256 << 20;
const HTML: &str = "<!DOCTYPE html><html><head><title>One moment</title></head>\
    <body><h1>Checking your browser</h1></body></html>";

/// Records the request, applies the next fault and finishes the reply.
pub(super) async fn pass(
    State((shared, origin)): State<(Arc<Shared>, Origin)>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
    next: Next,
) -> Response {
    let number = shared.arrive(Recorded {
        origin,
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().map(str::to_owned),
        status: None,
        authorization: request.headers().contains_key(header::AUTHORIZATION),
        range: request
            .headers()
            .get(header::RANGE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        at: shared.clock.now(),
    });
    let fault = shared.next_fault(origin, is_submission(&request));
    let mut reply = match &fault {
        Some(fault) if !fault.lets_through() => refusal(fault),
        _ => next.run(request).await,
    };
    if let Some(fault @ Fault::StatusAfter(_)) = &fault {
        reply = refusal(fault);
    }
    if let Some(problem) = reply.extensions_mut().remove::<Problem>() {
        reply = with_headers(problem.to_reply(trace_id(&shared, number)), reply.headers());
    }
    match fault {
        Some(Fault::DropConnection | Fault::DropReply) => {
            wire.cut();
            return reply;
        }
        Some(Fault::TruncateBody) => reply = truncated(reply).await,
        Some(Fault::EmptyBody) => reply = reply.status().into_response(),
        _ => {}
    }
    shared.answer(number, reply.status().as_u16());
    reply
}

/// Lets only requests with the right token through.
pub(super) async fn authorise(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    if admits(&shared, request.headers()) {
        next.run(request).await
    } else {
        ([(header::WWW_AUTHENTICATE, "Bearer")], unauthorised()).into_response()
    }
}

/// Returns whether a request carries the right token.
pub(crate) fn admits(shared: &Shared, headers: &HeaderMap) -> bool {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let bearer = given.and_then(|given| given.split_once(' '));
    bearer.is_some_and(|(scheme, token)| {
        scheme.eq_ignore_ascii_case("bearer") && token == shared.token
    })
}

/// Why a request without the right token is turned away.
pub(crate) fn unauthorised() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "A valid bearer token is required.",
    )
}

/// Whether a request makes work that is paid for.
fn is_submission(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST && !path.ends_with("/query")
}

/// The reply of a fault that takes the place of the service's own.
fn refusal(fault: &Fault) -> Response {
    let detail = "The simulator was told to turn this request away.";
    match fault {
        Fault::Status(status) | Fault::StatusAfter(status) => {
            let status = StatusCode::from_u16(*status);
            Problem::new(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), detail)
                .into_response()
        }
        Fault::Throttled(delay) => {
            let seconds = HeaderValue::from(delay.as_secs());
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, detail);
            ([(header::RETRY_AFTER, seconds)], problem).into_response()
        }
        Fault::HtmlPage => Html(HTML).into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Announces the whole body, sends half of it and breaks off.
async fn truncated(reply: Response) -> Response {
    let (mut parts, body) = reply.into_parts();
    let Ok(body) = axum::body::to_bytes(body, REPLY_AT_MOST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let half = body.slice(..body.len() / 2);
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let broken = stream::once(async {
        // The server sends what it has while this waits.
        tokio::task::yield_now().await;
        Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Response::from_parts(
        parts,
        Body::from_stream(stream::iter([Ok(half)]).chain(broken)),
    )
}

fn with_headers(mut reply: Response, headers: &HeaderMap) -> Response {
    for name in [header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = headers.get(&name) {
            reply.headers_mut().insert(name, value.clone());
        }
    }
    reply
}

fn trace_id(shared: &Shared, number: usize) -> String {
    let seed = shared.seed;
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    format!(
        "00-{}-{}-00",
        seed.hex_id("trace", number),
        &seed.hex_id("span", number)[..16]
    )
}
