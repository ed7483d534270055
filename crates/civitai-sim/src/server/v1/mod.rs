//! Version 1 over HTTP: routes.

mod account;
mod blobs;
mod jobs;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::server::shared::Shared;

/// What asks for the token.
pub(crate) fn private() -> Router<Arc<Shared>> {
    let batch = get(jobs::by_token)
        .post(jobs::submit)
        .put(jobs::taint_batch)
        .delete(jobs::cancel_batch);
    let job = get(jobs::by_id)
        .put(jobs::taint_one)
        .delete(jobs::cancel_one);
    Router::new()
        .route("/v1/consumer/jobs", batch)
        .route("/v1/consumer/jobs/query", post(jobs::query))
        .route("/v1/consumer/jobs/{id}", job)
        .route("/v1/consumer/coverage", get(account::coverage))
        .route("/v1/consumer/consumption", get(account::consumption))
}

/// What the storage of blobs serves for version 1.
pub(crate) fn storage() -> Router<Arc<Shared>> {
    Router::new().route("/blobs/{key}", get(blobs::read))
}
