//! Version 2: workflows of steps.
//!
//! `state` holds what is known, in parts that each guard their own fields: `store`, `line`, `wallet`,
//! `blobs`, `models`, `outbox`. `submission` reads requests; `submit`, `run` and `change` move the state,
//! and `events` tells callbacks of it; `view` and what is named after it show it. None of them knows a
//! socket.

mod arrival;
pub(crate) mod bits;
pub(crate) mod blob;
pub(crate) mod blob_view;
mod blobs;
pub(crate) mod catalogue;
mod chain;
pub(crate) mod change;
mod cost;
mod dispatch;
mod enqueue;
mod events;
mod image;
pub(crate) mod ingest;
pub(crate) mod inventory;
mod job;
pub(crate) mod kind;
mod line;
pub(crate) mod link;
pub(crate) mod listing;
pub(crate) mod loading;
mod marks;
pub(crate) mod maturity;
pub(crate) mod media;
mod mention;
mod merge;
mod models;
pub(crate) mod outbox;
pub(crate) mod output;
mod patch;
mod plan;
mod prepare;
mod price;
mod reference;
pub(crate) mod resource;
pub(crate) mod retirement;
pub(crate) mod run;
pub(crate) mod settings;
mod settle;
pub(crate) mod shape;
pub(crate) mod shown;
pub(crate) mod state;
mod status;
mod step;
mod step_run;
pub(crate) mod step_view;
mod store;
pub(crate) mod submission;
pub(crate) mod submit;
pub(crate) mod template;
#[cfg(test)]
mod tests;
pub(crate) mod trace;
pub(crate) mod upload;
pub(crate) mod view;
pub(crate) mod wallet;
mod warnings;
pub(crate) mod workflow;
