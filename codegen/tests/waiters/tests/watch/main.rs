//! Work is started, watched and read on a scripted server.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod mistakes;
mod own;
mod server;
mod services;
