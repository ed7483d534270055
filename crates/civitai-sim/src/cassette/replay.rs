//! Replaying: a request gets the answer that an equal one got when the cassette was recorded.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body as Content, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use std::collections::HashMap;

use crate::core::lock::lock;
use crate::core::problem::Problem;

use super::exchange::{Answered, Asked, Body, Server};
use super::hide::Veil;
use super::places::Places;
use super::shelf::Shelf;
use super::upstream::BODY_AT_MOST;
use super::{ids, nearest};

/// Answers from a cassette.
#[derive(Debug)]
pub(super) struct Player {
    pub(super) places: Places,
    pub(super) shelf: Mutex<Shelf>,
    pub(super) veil: Mutex<Veil>,
}

/// One of the two servers of a replay.
pub(super) fn routes(player: Arc<Player>, server: Server) -> Router {
    Router::new().fallback(play).with_state((player, server))
}

async fn play(State((player, server)): State<(Arc<Player>, Server)>, request: Request) -> Response {
    let played = player.play(server, request).await;
    played.unwrap_or_else(|problem| problem.to_reply("00-cassette-00".to_owned()))
}

impl Player {
    async fn play(&self, server: Server, request: Request) -> Result<Response, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, BODY_AT_MOST).await.map_err(|_| {
            let detail =
                format!("The body has more than {BODY_AT_MOST} bytes, or did not arrive whole.");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
        })?;
        let mut asked = Asked::of(server, &parts, &bytes, &self.places);
        {
            let mut veil = lock(&self.veil);
            veil.learn(&parts.headers);
            veil.hide_request(&mut asked);
        }
        let mut shelf = lock(&self.shelf);
        let Some((exchange, own_ids)) = shelf.next(&asked) else {
            let told = nearest::tell(&asked, shelf.requests());
            return Err(Problem::new(StatusCode::NOT_IMPLEMENTED, told));
        };
        Ok(self.reply(&exchange.reply, &own_ids, &parts.method))
    }

    fn reply(
        &self,
        answered: &Answered,
        own_ids: &HashMap<String, String>,
        method: &Method,
    ) -> Response {
        let bytes = match answered.body.clone() {
            Some(Body::Json(mut value)) => {
                self.places.give_to_client(&mut value);
                ids::replace(&value.to_string(), own_ids).into()
            }
            Some(Body::Text(text)) => ids::replace(&text, own_ids).into(),
            body => body.and_then(|body| body.bytes()).unwrap_or_default(),
        };
        let body: Bytes = if method == Method::HEAD {
            Bytes::new()
        } else {
            bytes
        };
        let mut reply = Response::new(Content::from(body));
        let status = StatusCode::from_u16(answered.status);
        *reply.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in &answered.headers {
            let value = ids::replace(value, own_ids);
            let value = if name == header::LOCATION.as_str() {
                self.places.for_client(&value).unwrap_or(value)
            } else {
                value
            };
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::from_str(&value))
            {
                reply.headers_mut().insert(name, value);
            }
        }
        reply
    }
}
