//! What the builder decides for every service.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::content::Content;
use super::rule::Rule;
use super::seed::Seed;

/// What every service is told of a run; nothing of it changes once that has started.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) seed: Seed,
    /// The simulated date of the start.
    pub(crate) start: DateTime<Utc>,
    /// How long a job waits before a worker may take it.
    pub(crate) queue_delay: Duration,
    /// How long a worker takes for one unit of work.
    pub(crate) work_delay: Duration,
    pub(crate) workers: usize,
    /// Models that no worker has, by their AIR.
    pub(crate) uncovered: BTreeSet<String>,
    /// Which jobs fail, and with what message.
    pub(crate) failures: Vec<Rule<String>>,
    /// What lies in storage in place of a picture.
    pub(crate) contents: Vec<Rule<Content>>,
}

impl Setup {
    pub(crate) fn new(start: DateTime<Utc>) -> Self {
        Self {
            seed: Seed(0),
            start,
            queue_delay: Duration::from_secs(2),
            work_delay: Duration::from_secs(6),
            workers: 2,
            uncovered: BTreeSet::new(),
            failures: Vec::new(),
            contents: Vec::new(),
        }
    }

    /// The date of an instant.
    pub(crate) fn date(&self, at: Duration) -> DateTime<Utc> {
        let since = chrono::Duration::from_std(at).unwrap_or(chrono::Duration::MAX);
        self.start
            .checked_add_signed(since)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The instant of a date; dates before the start count as the start.
    pub(crate) fn instant(&self, date: DateTime<Utc>) -> Duration {
        (date - self.start).to_std().unwrap_or_default()
    }
}
