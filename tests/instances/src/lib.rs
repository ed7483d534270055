//! Instances of the schemas of a contract: random, seeded, valid or with one kind of surprise; and a
//! comparison of JSON by what it says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod instance;
mod json;
mod scalar;

pub use contract::{Contract, is_tag, last, letters};
pub use instance::{Made, Maker, Twist};
pub use json::{difference, write_tags_last, written_once};
