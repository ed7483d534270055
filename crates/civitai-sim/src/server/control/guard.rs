//! Who may see the page and use the controls.

use std::net::IpAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::server::wire::Wire;

/// Lets through what comes from this machine, under a name of this machine, and not from a page of others.
pub(super) async fn admit(
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
    next: Next,
) -> Response {
    let refused = refusal(wire.peer(), request.method(), request.headers());
    match refused {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    }
}

fn refusal(peer: Option<IpAddr>, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if !peer.is_some_and(|peer| peer.is_loopback()) {
        return Some("The page and the controls are for the machine that the simulator runs on.");
    }
    // Another name may be one that somebody has made to lead here.
    let host = text(header::HOST).unwrap_or_default();
    if !is_here(host) {
        return Some("The controls are at 127.0.0.1, [::1] and localhost.");
    }
    if method == Method::GET || method == Method::HEAD {
        return None;
    }
    let origin =
        text(header::ORIGIN).map(|origin| origin.strip_prefix("http://").unwrap_or(origin));
    if origin.is_some_and(|origin| origin != host) {
        return Some("The controls take nothing from other pages.");
    }
    let media_type = text(header::CONTENT_TYPE).unwrap_or_default();
    let is_json = media_type
        .to_ascii_lowercase()
        .starts_with("application/json");
    (!is_json && method != Method::DELETE).then_some("The controls take application/json.")
}

/// Whether a host with its port is a name of this machine.
fn is_here(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn is_refused(peer: &str, method: &Method, given: &[(header::HeaderName, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        refusal(peer.parse().ok(), method, &headers).is_some()
    }

    #[test]
    fn pages_of_others_and_other_machines_are_kept_out() {
        let host = (header::HOST, "localhost:4010");
        let json = (header::CONTENT_TYPE, "application/json");
        let own = (header::ORIGIN, "http://localhost:4010");
        for (peer, method, headers, refused) in [
            ("127.0.0.1", Method::GET, vec![host.clone()], false),
            (
                "::1",
                Method::GET,
                vec![(header::HOST, "[::1]:4010")],
                false,
            ),
            ("10.0.0.7", Method::GET, vec![host.clone()], true),
            (
                "127.0.0.1",
                Method::GET,
                vec![(header::HOST, "evil.example:4010")],
                true,
            ),
            ("127.0.0.1", Method::GET, vec![], true),
            (
                "127.0.0.1",
                Method::POST,
                vec![host.clone(), json.clone()],
                false,
            ),
            (
                "127.0.0.1",
                Method::POST,
                vec![host.clone(), json.clone(), own],
                false,
            ),
            ("127.0.0.1", Method::POST, vec![host.clone()], true),
            (
                "127.0.0.1",
                Method::POST,
                vec![host, json, (header::ORIGIN, "http://evil.example")],
                true,
            ),
        ] {
            assert_eq!(
                is_refused(peer, &method, &headers),
                refused,
                "{peer} {method} {headers:?}"
            );
        }
    }
}
