//! What goes on, as server-sent events: one whenever something is another than it was.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;

use crate::server::shared::{Core, Shared};

use super::overview::overview;

/// How often it is looked at, at most and at least; this is time on the wall.
const PAUSE: Duration = Duration::from_millis(150);
const LOOK: Duration = Duration::from_millis(500);

pub(super) async fn stream(State(shared): Core) -> Response {
    let events = stream::unfold((shared, String::new()), |(shared, told)| async move {
        let now = news(&shared, &told).await?;
        let event = Bytes::from(format!("data: {now}\n\n"));
        Some((Ok::<_, std::io::Error>(event), (shared, now)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(events)).into_response()
}

/// What goes on once it is another than what was told; nothing when the simulator stops.
async fn news(shared: &Arc<Shared>, told: &str) -> Option<String> {
    let mut changes = shared.changes();
    loop {
        changes.borrow_and_update();
        let now = overview(shared).to_string();
        if now != told {
            return Some(now);
        }
        tokio::time::sleep(PAUSE).await;
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = shared.until_stopped() => return None,
        }
    }
}
