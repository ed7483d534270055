//! What was uploaded before, so that the same bytes do not go over the line twice.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// Uploads that are remembered; the oldest is forgotten first.
const MOST: usize = 1_000;

/// SHA-256 of media type and bytes.
pub(crate) type Fingerprint = [u8; 32];

/// The id of the blob that some bytes became, once they have. Whoever holds the lock uploads them;
/// others wait for the result.
pub(crate) type Place = Arc<tokio::sync::Mutex<Option<String>>>;

/// The uploads of a client and its clones.
#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    places: HashMap<Fingerprint, Place>,
    order: VecDeque<Fingerprint>,
}

impl Uploads {
    /// Where the id of the blob is kept that the bytes become.
    pub(crate) fn place(&self, digest: Fingerprint) -> Place {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = known.places.get(&digest) {
            return Arc::clone(place);
        }
        if known.order.len() >= MOST
            && let Some(oldest) = known.order.pop_front()
        {
            known.places.remove(&oldest);
        }
        known.order.push_back(digest);
        Arc::clone(known.places.entry(digest).or_default())
    }
}
