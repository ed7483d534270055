//! What both harnesses of the client stand on: a server on loopback, and jobs as it tells of them.

pub mod jobs;
pub mod server;
