//! What was uploaded before, so that the same bytes do not go over the line twice.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Uploads that are remembered; the oldest is forgotten first.
const MOST: usize = 1_000;

/// SHA-256 of media type and bytes.
pub(crate) type Fingerprint = [u8; 32];

/// The uploads of a client and its clones.
#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    ids: HashMap<Fingerprint, String>,
    order: VecDeque<Fingerprint>,
}

impl Uploads {
    /// The id of the blob that the bytes became.
    pub(crate) fn get(&self, digest: &Fingerprint) -> Option<String> {
        self.with(|known| known.ids.get(digest).cloned())
    }

    pub(crate) fn remember(&self, digest: Fingerprint, id: String) {
        self.with(|known| {
            if known.ids.insert(digest, id).is_none() {
                known.order.push_back(digest);
            }
            if known.order.len() > MOST
                && let Some(oldest) = known.order.pop_front()
            {
                known.ids.remove(&oldest);
            }
        });
    }

    /// The service no longer has the blob.
    pub(crate) fn forget(&self, digest: &Fingerprint) {
        self.with(|known| {
            known.ids.remove(digest);
            known.order.retain(|other| other != digest);
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
