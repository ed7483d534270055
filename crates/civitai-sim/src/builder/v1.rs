//! The settings of a simulator that are about version 1.

use std::time::Duration;

use crate::core::time::LONGEST;

use super::SimulatorBuilder;

impl SimulatorBuilder {
    /// Sets the Buzz on the account of version 1, from 0 to 1,000,000,000,000; starting fails for any
    /// other. Default: 10,000.
    pub fn balance(mut self, buzz: f64) -> Self {
        self.v1.balance = buzz;
        self
    }

    /// Sets how many jobs of version 1 are on one page of a query, at least 1. Default: 100.
    pub fn page_size(mut self, jobs: usize) -> Self {
        self.v1.page_size = jobs.max(1);
        self
    }

    /// Sets how long an image of version 1 is drawn but not yet to be had. Default: 1 s.
    pub fn upload_lag(mut self, lag: Duration) -> Self {
        self.v1.upload_lag = lag.min(LONGEST);
        self
    }

    /// Sets whether a result of version 1 shows its link during the upload lag, when storage still
    /// answers 404. Default: `false`.
    pub fn early_links(mut self, early: bool) -> Self {
        self.v1.early_links = early;
        self
    }

    /// Sets how long a job of version 1 is there before queries list it. Default: 0 s.
    pub fn listing_lag(mut self, lag: Duration) -> Self {
        self.v1.listing_lag = lag.min(LONGEST);
        self
    }
}
