//! Contract tests across crates. The tests are in `tests/`; here is what they share: a contract in
//! its normal form, instances made of it, validators of it, and a comparison of JSON.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod instance;
mod json;
pub mod places;
pub mod reply;
mod scalar;
mod validation;
mod walk;

pub use contract::{Contract, is_tag, letters};
pub use instance::{Made, Maker, Twist};
pub use json::{difference, write_tags_last, written_once};
pub use validation::{fault, message, normalised, schema_validator, validator};
pub use walk::Walk;

/// Runs on a thread with a stack of 2 MB, the default of spawned threads.
pub fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread.unwrap().join().unwrap();
}
