//! Flows against a server on loopback that answers by a script; time is made up.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod actions;
mod bounds;
mod loops;
mod reading;
mod requests;
mod secrets;
mod stage;
mod workflows;
