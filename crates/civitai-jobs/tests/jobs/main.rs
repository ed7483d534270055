//! The client against the simulator, over real sockets and by simulated time.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod account;
mod errors;
mod everything;
mod exactly_once;
mod files;
mod fixtures;
mod fleet;
mod labels;
mod management;
mod observing;
mod progress;
mod queries;
mod requests;
mod stage;
mod submission;
mod waiting;
