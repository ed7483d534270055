//! The knobs of submitting: how long to look for what got no clear answer.

use std::time::Duration;

/// How a submission without a clear answer is followed up.
///
/// Setters clamp rather than fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubmitPolicy {
    pub(super) settle: Duration,
    pub(super) patience: Duration,
    pub(super) resends: u32,
}

impl SubmitPolicy {
    /// The longest patience, one hour.
    pub const LONGEST: Duration = Duration::from_secs(60 * 60);

    /// Sets how long the service is given to list what it accepted; only then does a search that
    /// finds nothing prove that nothing was paid.
    ///
    /// The default is 15 seconds. Where the answer timed out, the service may still be at it, and
    /// four times as long has to pass.
    #[must_use]
    pub fn with_settle(mut self, settle: Duration) -> Self {
        self.settle = settle.min(Self::LONGEST);
        self
    }

    /// Sets how long to search at most before the outcome is left unknown; zero searches once.
    ///
    /// The default is two minutes. Less than the settling time leaves everything unknown that is
    /// not found.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience.min(Self::LONGEST);
        self
    }

    /// Sets how often a submission is sent again that is known not to have been accepted: no
    /// connection could be made, or the service was too busy (429). At most 10.
    ///
    /// The default is 2.
    #[must_use]
    pub fn with_resends(mut self, resends: u32) -> Self {
        self.resends = resends.min(10);
        self
    }
}

impl Default for SubmitPolicy {
    /// 15 seconds to settle, two minutes of patience, 2 resends.
    fn default() -> Self {
        Self {
            settle: Duration::from_secs(15),
            patience: Duration::from_secs(120),
            resends: 2,
        }
    }
}
