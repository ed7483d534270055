//! Version 2 over HTTP: routes.

mod blobs;
mod content;
pub(crate) mod deliver;
mod hold;
mod ingest;
mod lookups;
mod recipes;
mod steps;
mod tags;
pub(in crate::server) mod workflows;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{delete, get, post};

use crate::server::shared::Shared;

/// What asks for the token.
pub(crate) fn private() -> Router<Arc<Shared>> {
    let list = get(workflows::list).post(workflows::submit);
    let one = get(workflows::read)
        .put(workflows::update)
        .patch(workflows::patch)
        .delete(workflows::delete);
    let tags = post(tags::add).delete(tags::remove_all);
    let step = get(steps::read).put(steps::update).patch(steps::patch);
    Router::new()
        .route("/v2/consumer/workflows", list)
        .route("/v2/consumer/workflows/{id}", one)
        .route("/v2/consumer/workflows/{id}/tags", tags)
        .route(
            "/v2/consumer/workflows/{id}/tags/{tag}",
            delete(tags::remove),
        )
        .route("/v2/consumer/workflows/{id}/steps/{name}", step)
        .route("/v2/consumer/recipes/{name}", post(recipes::invoke))
        .route("/v2/consumer/blobs/upload", get(blobs::upload_link))
        .route("/v2/consumer/blobs/ingest", post(ingest::read))
        .route("/v2/consumer/blobs/{id}/refresh", post(blobs::refresh))
        .route("/v2/consumer/civitai/{user}", delete(lookups::forget))
        .route(
            "/v2/consumer/civitai/{user}/tokens",
            delete(lookups::forget),
        )
}

/// What needs no token, or takes a signature in its place.
pub(crate) fn public() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v2/consumer/blobs", post(blobs::upload))
        .route(
            "/v2/consumer/blobs/{id}",
            get(blobs::find).head(blobs::look),
        )
        .route("/v2/consumer/streaming-blobs/{id}", get(content::stream))
        .merge(sealed())
        .route("/v2/resources", get(lookups::resources))
        .route("/v2/resources/{*air}", get(lookups::read_resource))
        .route("/v2/services", get(lookups::services))
        .route("/v2/services/{*id}", get(lookups::service))
}

/// What the storage of blobs serves for version 2.
pub(crate) fn storage() -> Router<Arc<Shared>> {
    sealed().layer(from_fn(content::without_token))
}

/// Files under sealed names, which the API serves as well as its storage.
fn sealed() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v2/consumer/blobs/content/{token}", get(content::content))
        .route("/v2/consumer/blobs/blocked/{token}", get(content::blocked))
        .route("/v2/consumer/blobs/archive/{token}", get(content::archive))
}
