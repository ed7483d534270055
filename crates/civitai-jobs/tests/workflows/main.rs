//! Workflows against the simulator, over real sockets and by simulated time.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod answers;
mod blobs;
mod budget;
mod changes;
mod events;
mod exactly_once;
mod failures;
mod files;
mod fixtures;
mod fleet;
mod preparation;
mod pushed;
mod shapes;
mod stage;
mod waiting;
#[cfg(feature = "axum")]
mod webhooks;
