//! Contract tests across crates. The tests are in `tests/`; here is what they share: the
//! instances of contracts (of the crate of that name), and validators of them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod places;
pub mod reply;
mod validation;
mod walk;

pub use instances::{
    Contract, Made, Maker, Twist, difference, is_tag, letters, write_tags_last, written_once,
};
pub use validation::{Validator, fault, message, normalised, schema_validator, validator};
pub use walk::Walk;

/// Runs on a thread with a stack of 2 MB, the default of spawned threads.
pub fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread.unwrap().join().unwrap();
}
