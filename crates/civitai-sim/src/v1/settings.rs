//! What the builder decides about version 1.

use std::time::Duration;

/// Everything about a run of version 1 that does not change once it has started.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Buzz on the account at the start.
    pub(crate) balance: f64,
    /// Jobs on one page of a query.
    pub(crate) page_size: usize,
    /// How long an image is drawn but not to be had.
    pub(crate) upload_lag: Duration,
    /// Whether a result shows its link during the upload lag.
    pub(crate) early_links: bool,
    /// How long a fresh job is left out of queries.
    pub(crate) listing_lag: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            balance: 10_000.0,
            page_size: 100,
            upload_lag: Duration::from_secs(1),
            early_links: false,
            listing_lag: Duration::ZERO,
        }
    }
}
