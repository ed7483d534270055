//! How submissions are followed up, on both APIs.

use std::time::Duration;

/// How a submission without a clear answer is followed up, on both APIs.
///
/// A batch (v1) has no key of the service's own, so it is searched for and never sent again; see
/// [`settle`](Self::settle) and [`patience`](Self::patience). A workflow (v2) is sent again under its
/// key; see [`resends`](Self::resends). Setters clamp rather than fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubmitPolicy {
    pub(crate) settle: Duration,
    pub(crate) patience: Duration,
    pub(crate) resends: u32,
}

impl SubmitPolicy {
    /// The longest patience, one hour.
    pub const LONGEST: Duration = Duration::from_secs(60 * 60);

    /// Sets how long the service is given to list a batch (v1) that it accepted; only then does a
    /// search that finds nothing prove that nothing was paid. Default: 15 s.
    ///
    /// Where the answer timed out, the service may still be at it, and four times as long has to
    /// pass.
    #[must_use]
    pub fn settle(mut self, settle: Duration) -> Self {
        self.settle = settle.min(Self::LONGEST);
        self
    }

    /// Sets how long to search for a batch (v1) before its outcome is left unknown; zero searches once.
    /// Default: 2 min.
    ///
    /// Less than the settling time leaves everything unknown that is not found.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience.min(Self::LONGEST);
        self
    }

    /// Sets how often a submission is sent again, at most 10 times. Default: 3.
    ///
    /// A batch (v1) is sent again only where it is known not to have been accepted: no connection could
    /// be made, or the service was too busy (429). A workflow (v2) is sent again after any failure
    /// that may pass, since the service recognises its key.
    #[must_use]
    pub fn resends(mut self, resends: u32) -> Self {
        self.resends = resends.min(10);
        self
    }
}

impl Default for SubmitPolicy {
    /// Returns 15 s to settle, 2 min of patience, 3 resends.
    fn default() -> Self {
        Self {
            settle: Duration::from_secs(15),
            patience: Duration::from_secs(120),
            resends: 3,
        }
    }
}
