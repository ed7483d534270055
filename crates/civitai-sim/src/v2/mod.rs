//! Version 2: workflows of steps.
//!
//! The state and its rules know no HTTP; what serves them stands in `http`.

mod blob;
mod builder;
mod chain;
mod change;
mod event;
mod handle;
pub(crate) mod http;
mod kind;
mod link;
mod listing;
mod maturity;
mod media;
mod output;
mod price;
mod reference;
mod resource;
mod run;
mod service;
pub(crate) mod settings;
mod settle;
mod state;
mod status;
mod template;
#[cfg(test)]
mod tests;
mod upload;
mod view;
mod wallet;
mod workflow;

pub use maturity::Maturity;
pub use settings::Disorder;
pub(crate) use state::Orchestrator;
pub use wallet::{Currency, Transaction};
