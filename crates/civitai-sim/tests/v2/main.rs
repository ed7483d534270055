//! Version 2 of the simulator over real sockets, as a client meets it.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod blobs;
mod callbacks;
mod caller;
mod changes;
mod changes_waited;
mod examples;
mod ingest;
mod kinds;
mod listing;
mod load;
mod manners;
mod maturity;
mod preparation;
mod prices;
mod recipes;
mod shape;
mod submission;
mod workflows;
