//! Contract drift: every kind of difference is found, and spelling is none.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod changes;
mod extensions;
mod kitchen;
mod older;
mod propose;
mod report;
mod spelling;
