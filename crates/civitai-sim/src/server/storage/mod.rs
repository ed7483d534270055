//! The storage of files: ranges, validators, and what goes wrong on the way.

pub(crate) mod fault;
pub(crate) mod gallery;
pub(crate) mod gauge;
pub(crate) mod refusal;
mod serve;

use std::sync::{Arc, Mutex};

use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::core::content::Content;
use crate::core::lock::lock;
use crate::core::seed::Seed;

use fault::{BlobFault, BlobFaults, Mishap};
use gallery::Gallery;
use gauge::Gauge;
use serve::{Stored, serve};

/// What storage remembers from one request to the next.
#[derive(Debug)]
pub(crate) struct Storage {
    pub(crate) gauge: Arc<Gauge>,
    pub(crate) gallery: Gallery,
    faults: Mutex<BlobFaults>,
    seed: Seed,
}

impl Storage {
    /// Empty storage; each share of answers goes wrong in the way that stands beside it.
    pub(crate) fn new(seed: Seed, shares: Vec<(f64, BlobFault)>) -> Self {
        Self {
            gauge: Arc::default(),
            gallery: Gallery::default(),
            faults: Mutex::new(BlobFaults::new(shares)),
            seed,
        }
    }

    /// Orders a fault for the next good request.
    pub(crate) fn order(&self, fault: BlobFault) {
        lock(&self.faults).order(fault);
    }

    /// What goes wrong with the answer to a request for a file.
    pub(crate) fn mishap(&self, name: &str) -> Mishap {
        lock(&self.faults).next(self.seed, name)
    }

    /// A file, or the range of it that was asked for.
    pub(crate) fn reply(
        &self,
        name: &str,
        content: Content,
        modified: DateTime<Utc>,
        asked: &HeaderMap,
        mishap: Mishap,
    ) -> Response {
        let stored = Stored {
            content,
            // What a name stands for never changes, so the name is all that the validator needs.
            tag: format!("\"{}\"", &Seed(0).sign(&[name])[..32]),
            modified: modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        };
        serve(&self.gauge, stored, asked, mishap)
    }
}
