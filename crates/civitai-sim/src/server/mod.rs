//! The servers: a thin layer of HTTP above the services.
//!
//! `shared` is what requests share, `gate` what each goes through; `v1` and `v2` put their services on
//! the sockets, as a further service would.

mod body;
mod control;
mod cors;
#[cfg(feature = "clock")]
pub(crate) mod driver;
mod effects;
mod gate;
mod intake;
pub(crate) mod listen;
pub(crate) mod photogpt;
mod query;
mod recent;
pub(crate) mod rush;
pub(crate) mod serika;
mod settle;
pub(crate) mod shared;
pub(crate) mod storage;
mod v1;
pub(crate) mod v2;
pub(crate) mod wire;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};

use crate::core::problem::Problem;
use crate::core::record::Origin;

use shared::Shared;

/// The API.
pub(crate) fn api(shared: &Arc<Shared>) -> Router {
    v1::private()
        .merge(v2::private())
        .fallback(async || Problem::no_such("path"))
        .layer(from_fn_with_state(Arc::clone(shared), gate::authorise))
        .merge(v2::public())
        .method_not_allowed_fallback(async || {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "The path does not take this method.",
            )
        })
        .merge(serika::routes(shared))
        .merge(photogpt::routes(shared))
        .layer(from_fn_with_state(
            (Arc::clone(shared), Origin::Api),
            gate::pass,
        ))
        .layer(from_fn(cors::share))
        .merge(control::routes(shared))
        .with_state(Arc::clone(shared))
}

/// The storage of blobs.
pub(crate) fn storage(shared: &Arc<Shared>) -> Router {
    v1::storage()
        .merge(v2::storage())
        .layer(from_fn_with_state(
            (Arc::clone(shared), Origin::Blob),
            gate::pass,
        ))
        .layer(from_fn(cors::share))
        .with_state(Arc::clone(shared))
}
