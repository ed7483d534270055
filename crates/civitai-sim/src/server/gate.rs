//! What every request goes through: the log, ordered faults, the token, problem documents.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::core::effect::Effect;
use crate::core::problem::Problem;
use crate::core::record::{Origin, Recorded};
use crate::core::reply::http_date;

use super::effects::{cuts, delay, in_place, spoil};
use super::shared::Shared;
use super::wire::Wire;

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
    if request.version() == Version::HTTP_11 && hosts(request.headers()) != 1 {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "There must be one header Host.");
        shared.answer(number, StatusCode::BAD_REQUEST.as_u16());
        return problem.to_reply(trace_id(&shared, number));
    }
    let effects = shared.effects(origin, &request, is_submission(&request));
    delay(&effects).await;
    let recorder = shared
        .recent
        .as_ref()
        .map(|recent| recent.begin(number, origin, &request));
    let (request, lease) = shared.intake.meter(request);
    let request = match &recorder {
        Some(recorder) => recorder.request(request),
        None => request,
    };
    let stopped = effects.iter().any(Effect::stops);
    let is_change = !request.method().is_safe();
    let carried_out = if stopped {
        None
    } else {
        Some(next.run(request).await)
    };
    if is_change {
        shared.touch();
    }
    let mut reply = match (in_place(&effects), carried_out) {
        (Some(reply), _) | (None, Some(reply)) => reply,
        (None, None) => StatusCode::NO_CONTENT.into_response(),
    };
    if let Some(problem) = lease.problem() {
        reply = problem.into_response();
    }
    if is_bare_refusal(&reply) {
        reply = explained(reply).await;
    }
    if let Some(problem) = reply.extensions_mut().remove::<Problem>() {
        reply = with_headers(problem.to_reply(trace_id(&shared, number)), reply.headers());
    }
    if cuts(&effects) {
        wire.cut();
        return reply;
    }
    reply = spoil(&effects, reply).await;
    reply
        .headers_mut()
        .insert(header::DATE, http_date(shared.today()));
    shared.answer(number, reply.status().as_u16());
    match recorder {
        Some(recorder) => recorder.reply(reply).await,
        None => reply,
    }
}

/// Bytes of a refusal of the framework, at most.
const TEXT_AT_MOST: usize = 1 << 16;

/// Whether the framework has refused the request, as it does what is no UTF-8, with a bare text.
fn is_bare_refusal(reply: &Response) -> bool {
    let media_type = reply.headers().get(header::CONTENT_TYPE);
    let is_text =
        media_type.is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/plain"));
    reply.status().is_client_error() && is_text
}

/// The problem that a bare text tells.
async fn explained(reply: Response) -> Response {
    let status = reply.status();
    let text = axum::body::to_bytes(reply.into_body(), TEXT_AT_MOST).await;
    let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
    Problem::new(status, text).into_response()
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

fn hosts(headers: &HeaderMap) -> usize {
    headers.get_all(header::HOST).iter().count()
}

/// Whether a request makes work that is paid for.
fn is_submission(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST && !path.ends_with("/query")
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
