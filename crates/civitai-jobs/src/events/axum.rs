//! The inbox as a route of an axum router.

use ::axum::Router;
use ::axum::body::Bytes;
use ::axum::extract::{DefaultBodyLimit, Path, State};
use ::axum::http::StatusCode;
use ::axum::routing::post;

use super::Inbox;

/// Longest delivery that is taken in, in bytes.
const LONGEST: usize = 4 << 20;

/// A router that takes deliveries at `/{secret}`; nest it where the callback address leads.
///
/// ```
/// use civitai_jobs::events::{Inbox, Secret, axum::router};
///
/// let inbox = Inbox::new(Secret::random());
/// let app: axum::Router = axum::Router::new().nest("/hooks", router(inbox));
/// ```
pub fn router(inbox: Inbox) -> Router {
    Router::new()
        .route("/{secret}", post(receive))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(inbox)
}

async fn receive(
    State(inbox): State<Inbox>,
    Path(secret): Path<String>,
    body: Bytes,
) -> StatusCode {
    match inbox.receive(&secret, &body) {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(refusal) => StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST),
    }
}
