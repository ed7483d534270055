//! Clients that mean no good, against the program on real sockets: each is answered or cut off, others are
//! served meanwhile, and memory stays within what the README says.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod crowds;
mod heads;
mod stage;
mod weights;
