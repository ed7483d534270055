//! The program as its users meet it: the real binary, arguments in, exit code and lines out.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod arazzo;
#[cfg(unix)]
mod disk;
mod faults;
mod input;
#[cfg(unix)]
mod interrupt;
mod pictures;
mod profiles;
mod stage;
