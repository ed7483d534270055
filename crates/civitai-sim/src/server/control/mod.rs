//! The page for browsers and the controls under `/_sim`, where they are switched on.
//!
//! They answer this machine alone, under a name of this machine, and take nothing from pages of others: a
//! browser sends what any page tells it to.

mod entry;
mod events;
mod guard;
mod overview;
mod page;
mod steps;
mod tune;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use super::shared::Shared;

/// The page and the controls; no routes where they are not switched on.
pub(super) fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    if shared.recent.is_none() {
        return Router::new();
    }
    Router::new()
        .route("/", get(page::html))
        .route("/_sim/page.css", get(page::css))
        .route("/_sim/page.js", get(page::script))
        .route("/_sim/overview", get(entry::overview))
        .route("/_sim/events", get(events::stream))
        .route("/_sim/requests/{number}", get(entry::request))
        .route("/_sim/steps", get(entry::steps))
        .route("/_sim/steps/{name}", get(entry::step))
        .route("/_sim/workflows", post(entry::submit))
        .route("/_sim/time", post(tune::time))
        .route(
            "/_sim/faults",
            get(tune::faults)
                .post(tune::add_fault)
                .delete(tune::clear_faults),
        )
        .layer(from_fn(guard::admit))
}
