//! Every reply of the simulator is what the contract says of its operation and status.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are worth reading")]

mod jobs;
mod judge;
mod operations;
mod recorder;
mod refusals;
mod services;
mod workflows;
