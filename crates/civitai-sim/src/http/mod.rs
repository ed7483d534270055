//! The servers: a thin layer of HTTP above the core.

mod account;
pub(crate) mod body;
pub(crate) mod gate;
mod jobs;
mod shared;
pub(crate) mod storage;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::problem::Problem;
use crate::record::Origin;
use crate::v2::http as v2;

pub(crate) use shared::{HOLD, Shared};
pub use storage::BlobFault;
pub(crate) use wire::{Wire, Wires};

/// The API.
pub(crate) fn api(shared: &Arc<Shared>) -> Router {
    let jobs = get(jobs::by_token)
        .post(jobs::submit)
        .put(jobs::taint_batch)
        .delete(jobs::cancel_batch);
    let job = get(jobs::by_id)
        .put(jobs::taint_one)
        .delete(jobs::cancel_one);
    Router::new()
        .route("/v1/consumer/jobs", jobs)
        .route("/v1/consumer/jobs/query", post(jobs::query))
        .route("/v1/consumer/jobs/{id}", job)
        .route("/v1/consumer/coverage", get(account::coverage))
        .route("/v1/consumer/consumption", get(account::consumption))
        .fallback(async || Problem::no_such("path"))
        .method_not_allowed_fallback(async || {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "The path does not take this method.",
            )
        })
        .merge(v2::private())
        .layer(from_fn_with_state(Arc::clone(shared), gate::authorise))
        .merge(v2::public())
        .layer(from_fn_with_state(
            (Arc::clone(shared), Origin::Api),
            gate::pass,
        ))
        .with_state(Arc::clone(shared))
}

/// The storage of blobs.
pub(crate) fn storage(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/blobs/{key}", get(storage::blob))
        .merge(v2::storage())
        .layer(from_fn_with_state(
            (Arc::clone(shared), Origin::Blob),
            gate::pass,
        ))
        .with_state(Arc::clone(shared))
}

/// A query as pairs, since some names occur more than once.
pub(crate) type Pairs = axum::extract::Query<Vec<(String, String)>>;

/// The last value of a name.
pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let named = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
    pairs
        .iter()
        .rev()
        .find(named)
        .map(|(_, value)| value.as_str())
}

/// A switch in the query, `default` where it is not given.
pub(crate) fn flag(pairs: &[(String, String)], name: &str, default: bool) -> Result<bool, Problem> {
    match value(pairs, name).map(str::to_ascii_lowercase).as_deref() {
        None | Some("") => Ok(default),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Problem::field(name, "Must be true or false.")),
    }
}
