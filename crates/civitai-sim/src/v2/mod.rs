//! Version 2: workflows of steps.
//!
//! The state and its rules know no HTTP; what serves them stands in `http`.

mod blob;
mod builder;
mod chain;
mod change;
mod event;
mod grow;
mod handle;
pub(crate) mod http;
mod ingest;
mod inventory;
mod kind;
mod line;
mod link;
mod listing;
mod loading;
mod maturity;
mod media;
mod mention;
mod merge;
mod output;
mod path;
mod plan;
mod prepare;
mod price;
mod reference;
mod resource;
mod retirement;
mod run;
mod service;
pub(crate) mod settings;
mod settle;
mod shape;
mod shelf;
mod state;
mod status;
mod step_view;
mod submission;
mod template;
#[cfg(test)]
mod tests;
mod upload;
mod view;
mod wallet;
mod watch;
mod workflow;

pub use loading::Loading;
pub use maturity::Maturity;
pub use retirement::Retirement;
pub use settings::Disorder;
pub use shape::{Shape, UntilChange};
pub(crate) use state::Orchestrator;
pub use wallet::{Currency, Transaction};
