//! Recording: a request goes on to the service, its answer back to the client, and both to the tape.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body as Content, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;

use crate::core::lock::lock;
use crate::core::problem::Problem;

use super::exchange::{Answered, Asked, Body, Exchange, Server};
use super::hide::Veil;
use super::places::{Places, Shown, give_to_service, stored};
use super::tape::Tape;
use super::upstream::{
    BODY_AT_MOST, Came, Upstream, for_client, for_service, for_storage, for_tape,
};

/// Stands between a client and the service.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) places: Places,
    pub(super) upstream: Upstream,
    pub(super) tape: Mutex<Tape>,
    pub(super) veil: Mutex<Veil>,
    pub(super) shown: Mutex<Shown>,
}

/// One of the two servers of a recording.
pub(super) fn routes(recorder: Arc<Recorder>, server: Server) -> Router {
    Router::new().fallback(pass).with_state((recorder, server))
}

async fn pass(
    State((recorder, server)): State<(Arc<Recorder>, Server)>,
    request: Request,
) -> Response {
    let passed = recorder.pass(server, request).await;
    passed.unwrap_or_else(|problem| problem.to_reply("00-cassette-00".to_owned()))
}

impl Recorder {
    async fn pass(&self, server: Server, request: Request) -> Result<Response, Problem> {
        if !lock(&self.tape).has_room() {
            let detail =
                "The cassette is full or cannot be written, and nothing goes by unrecorded.";
            return Err(Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail));
        }
        let (parts, body) = request.into_parts();
        let url = self.url(server, parts.uri.path(), parts.uri.query())?;
        let headers = match server {
            Server::Api => {
                lock(&self.veil).learn(&parts.headers);
                for_service(&parts.headers)
            }
            Server::Storage => for_storage(&parts.headers),
        };
        let bytes = to_bytes(body, BODY_AT_MOST).await.map_err(|_| {
            let detail =
                format!("The body has more than {BODY_AT_MOST} bytes, or did not arrive whole.");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
        })?;
        let mut asked = Asked::of(server, &parts, &bytes, &self.places);
        let bytes = self.for_service(&asked, bytes);
        let came = self
            .upstream
            .ask(parts.method.clone(), &url, headers, bytes);
        let came = came
            .await
            .map_err(|missing| Problem::new(StatusCode::BAD_GATEWAY, missing.to_string()))?;
        let headers = for_client(&came.headers, &parts.method);
        let (reply, mut answered) = self.answer(came, headers);
        {
            let mut veil = lock(&self.veil);
            veil.hide_request(&mut asked);
            veil.hide_reply(&mut answered);
        }
        let request = asked;
        lock(&self.tape).add(&Exchange {
            request,
            reply: answered,
        });
        Ok(reply)
    }

    /// Where a request goes on to.
    fn url(&self, server: Server, path: &str, query: Option<&str>) -> Result<String, Problem> {
        let place = match server {
            Server::Api => format!("{}{path}", self.upstream.address),
            Server::Storage => {
                let is_known = lock(&self.shown).has_shown(path);
                stored(path).filter(|_| is_known).ok_or_else(|| {
                    let detail = "No answer has had a link to this host, so that it is not asked.";
                    Problem::new(StatusCode::FORBIDDEN, detail)
                })?
            }
        };
        Ok(match query {
            Some(query) => format!("{place}?{query}"),
            None => place,
        })
    }

    /// The body of a request with the links that the service knows.
    fn for_service(&self, asked: &Asked, bytes: Bytes) -> Bytes {
        let Some(Body::Json(value)) = &asked.body else {
            return bytes;
        };
        let mut value = value.clone();
        lock(&self.shown).bring(&mut value);
        if give_to_service(&mut value, &self.upstream.address) {
            value.to_string().into()
        } else {
            bytes
        }
    }

    /// An answer for the client, and for the file.
    fn answer(&self, came: Came, headers: HeaderMap) -> (Response, Answered) {
        let media_type = came.headers.get(header::CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let mut body = Body::of(media_type, &came.body);
        let mut bytes = came.body;
        if let Some(Body::Json(value)) = &mut body {
            lock(&self.shown).take_of_service(value, &self.upstream.address);
            let mut shown = value.clone();
            self.places.give_to_client(&mut shown);
            bytes = shown.to_string().into();
        }
        let mut answered = Answered {
            status: came.status.as_u16(),
            headers: for_tape(&headers),
            body,
        };
        let mut reply = Response::new(Content::from(bytes));
        *reply.status_mut() = came.status;
        *reply.headers_mut() = headers;
        self.relocate(&mut answered, &mut reply);
        (reply, answered)
    }

    /// Lets a redirect lead to the cassette.
    fn relocate(&self, answered: &mut Answered, reply: &mut Response) {
        let name = header::LOCATION.as_str();
        let Some(location) = answered.headers.get_mut(name) else {
            return;
        };
        let taken = lock(&self.shown).of_service(location, &self.upstream.address);
        let Some(taken) = taken else { return };
        let shown = self
            .places
            .for_client(&taken)
            .unwrap_or_else(|| taken.clone());
        if let Ok(shown) = HeaderValue::from_str(&shown) {
            reply.headers_mut().insert(header::LOCATION, shown);
        }
        *location = taken;
    }
}
