//! The program as its users meet it: the real binary, arguments in, exit code and lines out.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod arazzo;
mod around;
mod batch;
#[cfg(unix)]
mod cassette;
#[cfg(unix)]
mod completions;
mod crash;
#[cfg(unix)]
mod disk;
#[cfg(target_os = "linux")]
mod draw;
mod events;
mod faults;
mod file;
mod generate;
#[cfg(unix)]
mod hooks;
mod input;
#[cfg(unix)]
mod interrupt;
mod keyring;
mod kinds;
mod ledger;
mod manage;
mod mcp;
mod pictures;
#[cfg(unix)]
mod places;
#[cfg(unix)]
mod postgres;
mod profiles;
mod recipe;
#[cfg(unix)]
mod recorded;
mod refusals;
mod sim;
mod soak;
mod stage;
mod substitution;
#[cfg(target_os = "linux")]
mod terminal;
mod tls;
