//! What one poll shows.

use std::time::Duration;

use crate::{Phase, Progress};

/// What one poll shows: `S` is the service's own account, `I` the things that the job makes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Polled<S, I = ()> {
    /// Where the job stands.
    pub phase: Phase,
    /// The service's own account of the job.
    pub snapshot: S,
    /// How long the service asks to wait before the next request. It overrides the pace of the watch.
    pub retry_after: Option<Duration>,
    /// How far the job has come.
    pub progress: Progress,
    /// The items that are finished, those of earlier polls included, each with its id.
    pub items: Vec<(u64, I)>,
    /// A digest of all that counts as a change, where the service was to answer at the first change.
    pub digest: Option<u64>,
}

impl<S> Polled<S> {
    /// Creates the result of a poll that shows `snapshot` in `phase`, and no more than that.
    pub fn new(phase: Phase, snapshot: S) -> Self {
        Self {
            phase,
            snapshot,
            retry_after: None,
            progress: Progress::default(),
            items: Vec::new(),
            digest: None,
        }
    }
}

impl<S, I> Polled<S, I> {
    /// Sets how long the service asks to wait before the next request. Default: none.
    #[must_use]
    pub fn retry_after(mut self, retry_after: impl Into<Option<Duration>>) -> Self {
        self.retry_after = retry_after.into();
        self
    }

    /// Sets how far the job has come. Default: nothing is known.
    #[must_use]
    pub fn progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Sets the items that are finished, those of earlier polls included. Default: none.
    ///
    /// Each item has an id that is the same in every poll of the job, such as its place in the
    /// snapshot. The watch reports each id once, in [`Update::new_items`](crate::Update::new_items).
    #[must_use]
    pub fn items<T>(self, items: impl IntoIterator<Item = (u64, T)>) -> Polled<S, T> {
        Polled {
            phase: self.phase,
            snapshot: self.snapshot,
            retry_after: self.retry_after,
            progress: self.progress,
            items: items.into_iter().collect(),
            digest: self.digest,
        }
    }

    /// Sets a digest of all that counts as a change, for a long poll that was to be answered at the
    /// first change. Default: none.
    ///
    /// An answer that comes early with the digest of the poll before shows that the service does not
    /// do so, and the watch keeps to its pace.
    #[must_use]
    pub fn digest(mut self, digest: impl Into<Option<u64>>) -> Self {
        self.digest = digest.into();
        self
    }
}
