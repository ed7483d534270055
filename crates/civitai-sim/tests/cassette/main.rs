//! Cassettes over real sockets: a service is recorded, goes away, and its client does not notice.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod damaged;
mod links;
mod refusals;
mod runs;
mod stage;
