//! Workflow requests: what they are as JSON, and what is refused before anything is sent.

#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod chain;
mod from_v1;
mod golden;
mod kinds;
mod refused;
mod templates;

#[cfg(feature = "full")]
mod areas;
#[cfg(feature = "full")]
mod outputs;

/// A checkpoint.
fn model() -> civitai_jobs::Air {
    "urn:air:sd1:checkpoint:civitai:4384@128713"
        .parse()
        .unwrap()
}
