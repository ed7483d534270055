//! The simulator over real sockets, as a client meets it.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod blobs;
mod caller;
mod control;
mod faults;
mod jobs;
mod origins;
mod program;
mod scenario;
mod storage;
