//! Version 1: batches of jobs.
//!
//! `state` holds what is known; `submit`, `run` and `change` move it, `view` and `listing` show it.
//! None of them knows a socket.

pub(crate) mod account;
pub(crate) mod blob;
pub(crate) mod change;
pub(crate) mod job;
pub(crate) mod link;
pub(crate) mod listing;
mod options;
mod price;
pub(crate) mod run;
pub(crate) mod settings;
pub(crate) mod state;
mod store;
pub(crate) mod submission;
pub(crate) mod submit;
pub(crate) mod template;
#[cfg(test)]
mod tests;
pub(crate) mod view;
mod vocabulary;
mod wallet;
