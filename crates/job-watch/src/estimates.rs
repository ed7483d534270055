//! How long jobs of a kind take, learned from those that have ended.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lengths::Lengths;
pub(crate) use span::Span;

mod lengths;
mod span;
#[cfg(feature = "serde")]
mod stored;

/// Kinds that are remembered, at most: the one that was used the longest time ago makes room.
const MAX_KINDS: usize = 256;

/// Learned lengths of jobs, by kind.
///
/// Services rarely say when a job will end, and jobs of one kind take about the same time. A watch that
/// has an [`Estimate`] polls around the time at which its job should end, and adds the length of its job
/// once the job has succeeded. Three jobs are enough to learn from; single jobs that took a very
/// different time count for nothing.
///
/// Clones share what is learned. It is kept in memory only, at most 256 kinds with the last 16 jobs of
/// each. With the feature `serde` it can be stored and loaded.
///
/// ```
/// # use job_watch::{Estimates, Pollable, Watch, WatchError};
/// # async fn run<P: Pollable>(job: P) -> Result<P::Snapshot, WatchError<P>> {
/// let estimates = Estimates::new(); // once in a program
/// let watch = Watch::new(job).estimate(estimates.of("textToImage"));
/// # watch.await }
/// ```
#[derive(Clone, Default)]
#[doc(alias = "eta")]
#[doc(alias = "history")]
#[doc(alias = "statistics")]
pub struct Estimates(Arc<Mutex<Kinds>>);

#[derive(Debug, Default)]
struct Kinds {
    known: HashMap<Arc<str>, Kind>,
    /// Counts the uses, to find the kind that was used the longest time ago.
    uses: u64,
}

#[derive(Debug, Default)]
struct Kind {
    /// Times from the start of the watch to the end of the job.
    total: Lengths,
    /// Times from the begin of the job to its end.
    run: Lengths,
    used: u64,
}

impl Estimates {
    /// Creates estimates that have learned nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the estimate for jobs of a kind: any text that stands for jobs of about the same length.
    pub fn of(&self, kind: impl Into<Arc<str>>) -> Estimate {
        Estimate {
            estimates: self.clone(),
            kind: kind.into(),
        }
    }

    fn kinds(&self) -> MutexGuard<'_, Kinds> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Estimates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.kinds().known.len();
        f.debug_struct("Estimates").field("kinds", &kinds).finish()
    }
}

/// The estimate for jobs of one kind, from [`Estimates::of`]; give it to each watch of such a job.
#[derive(Clone, Debug)]
#[must_use = "an estimate does nothing until a watch has it"]
pub struct Estimate {
    estimates: Estimates,
    kind: Arc<str>,
}

impl Estimate {
    /// Returns how long such a job should take from the start of its watch to its end, the queue
    /// included; `None` where no job of the kind has ended.
    #[must_use]
    pub fn expected(&self) -> Option<Duration> {
        self.learned().total.map(Span::middle)
    }

    /// Returns how many jobs it is learned from, at most 16.
    #[must_use]
    pub fn jobs(&self) -> usize {
        let kinds = self.estimates.kinds();
        let kind = kinds.known.get(&self.kind);
        kind.map_or(0, |kind| kind.total.len())
    }

    pub(crate) fn learned(&self) -> Learned {
        let mut kinds = self.estimates.kinds();
        let used = kinds.next_use();
        let Some(kind) = kinds.known.get_mut(&self.kind) else {
            return Learned::default();
        };
        kind.used = used;
        Learned {
            total: kind.total.typical(),
            run: kind.run.typical(),
        }
    }

    /// Adds how long a job took from the start of its watch, and from its begin where that was seen.
    pub(crate) fn add(&self, total: Span, run: Option<Span>) {
        let mut kinds = self.estimates.kinds();
        let kind = kinds.entry(&self.kind);
        kind.total.add(total);
        if let Some(run) = run {
            kind.run.add(run);
        }
    }
}

impl Kinds {
    fn next_use(&mut self) -> u64 {
        self.uses += 1;
        self.uses
    }

    fn entry(&mut self, name: &Arc<str>) -> &mut Kind {
        let used = self.next_use();
        if self.known.len() >= MAX_KINDS && !self.known.contains_key(name) {
            let oldest = self.known.iter().min_by_key(|(_, kind)| kind.used);
            if let Some(oldest) = oldest.map(|(name, _)| Arc::clone(name)) {
                self.known.remove(&oldest);
            }
        }
        let kind = self.known.entry(Arc::clone(name)).or_default();
        kind.used = used;
        kind
    }
}

/// What is learned of jobs of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Learned {
    /// The time from the start of the watch to the end of the job.
    pub(crate) total: Option<Span>,
    /// The time from the begin of the job to its end.
    pub(crate) run: Option<Span>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn kinds_are_apart_and_clones_share_them() {
        let estimates = Estimates::new();
        estimates.clone().of("short").add(Span::at(secs(5)), None);
        let expected = |kind: &str| estimates.of(kind).expected();
        assert_eq!((expected("short"), expected("long")), (Some(secs(5)), None));
        assert_eq!(
            (estimates.of("short").jobs(), estimates.of("long").jobs()),
            (1, 0)
        );
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_kind_makes_room() {
        let estimates = Estimates::new();
        let first = estimates.of("first");
        first.add(Span::at(secs(5)), None);
        for number in 0..MAX_KINDS {
            let kind = estimates.of(number.to_string());
            (0..99).for_each(|_| kind.add(Span::at(secs(7)), Some(Span::at(secs(6)))));
            assert_eq!(kind.jobs(), 16);
            // Asking is a use.
            assert!(number > 200 || first.expected().is_some());
        }
        assert_eq!(estimates.kinds().known.len(), MAX_KINDS);
        assert_eq!(estimates.of("0").jobs(), 0);
        assert_eq!(first.jobs(), 1);
    }
}
