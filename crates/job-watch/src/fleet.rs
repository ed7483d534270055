//! Many watches that share their requests: one request polls a group of jobs, and one budget covers all
//! requests.

use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use budget::RequestBudget;
pub use builder::FleetBuilder;
pub use driver::Driver;
pub use watch::FleetWatch;

use crate::{Clock, Estimate, Instant, Pollable, Polled, WatchPolicy};
use roster::Roster;

mod budget;
mod builder;
mod driver;
mod line;
mod member;
mod roster;
mod watch;

/// A service that shows several jobs in one reply.
#[doc(alias = "batch")]
pub trait Source: Send + Sync + 'static {
    /// The handle of one job. A request that fails is a failed poll of each of its jobs, so the error is
    /// cloned; an `Arc` of any error will do.
    type Job: Pollable<Error: Clone>;

    /// What the jobs of one request have in common: the batch that they were submitted in, a label, or
    /// nothing at all.
    type Group: Clone + Eq + Hash + Send + Sync + 'static;

    /// Returns the group of a job, which never changes.
    fn group(&self, job: &Self::Job) -> Self::Group;

    /// Polls jobs of one group by one request, without retries, and returns the result of each in the
    /// order of `jobs`. Where there are fewer results than jobs, the rest counts as not answered.
    ///
    /// # Errors
    ///
    /// Whatever stops the poll of all of them. An error that concerns one job alone stands in its place
    /// and leaves the others as they are.
    fn poll(
        &self,
        group: &Self::Group,
        jobs: &[Self::Job],
    ) -> impl Future<Output = Result<Vec<PollResult<Self>>, ErrorOf<Self>>> + Send;

    /// Returns how many jobs one request covers, at most. Default: all jobs of the group.
    #[doc(alias = "page_size")]
    fn max_jobs(&self, _group: &Self::Group) -> usize {
        usize::MAX
    }

    /// Returns how long the service asks for no request at all, where that is what the error says. The
    /// whole fleet then pauses for that time, and no poll counts as failed. Default: `None`.
    fn throttled(&self, _error: &ErrorOf<Self>) -> Option<Duration> {
        None
    }
}

/// What one reply shows of one job.
pub type PollResult<S> = Result<
    Polled<<<S as Source>::Job as Pollable>::Snapshot, <<S as Source>::Job as Pollable>::Item>,
    ErrorOf<S>,
>;

/// The error of a source.
pub type ErrorOf<S> = <<S as Source>::Job as Pollable>::Error;

/// Watches any number of jobs with few requests.
///
/// Each [`watch`](Self::watch) gives a [`FleetWatch`] to await. The jobs of one group are polled
/// together, and all requests share one [`RequestBudget`]. A group that keeps failing slows down alone,
/// and such groups take at most half of the requests under way.
///
/// The [`Driver`] that comes with the fleet makes the requests: spawn it, or let it
/// [run until](Driver::until) other work is done. Clones are the same fleet. Dropping the last one ends
/// all watches with [`WatchError::Abandoned`](crate::WatchError::Abandoned).
#[doc(alias = "batch")]
#[doc(alias = "many")]
pub struct Fleet<S: Source>(Arc<Owner<S>>);

/// Ends the fleet with the last of its handles.
struct Owner<S: Source>(Arc<Shared<S>>);

/// What the handles, the watches and the driver have in common.
pub(crate) struct Shared<S: Source> {
    source: S,
    policy: WatchPolicy,
    estimate: Option<Estimate>,
    clock: Arc<dyn Clock>,
    /// Where the times of the fleet count from.
    started: Instant,
    roster: Mutex<Roster<S>>,
}

impl<S: Source> Fleet<S> {
    /// Starts to watch a job; jobs can be added at any time.
    ///
    /// The watch can have a deadline of its own. Dropping it ends this watch and no other.
    pub fn watch(&self, job: S::Job) -> FleetWatch<S> {
        FleetWatch::new(&self.0.0, job)
    }

    /// Starts to watch several jobs. Those of one group share their requests from the first one on.
    #[doc(alias = "join_all")]
    pub fn watch_all(&self, jobs: impl IntoIterator<Item = S::Job>) -> Vec<FleetWatch<S>> {
        let watches = jobs
            .into_iter()
            .map(|job| FleetWatch::joined(&self.0.0, job));
        let watches = watches.collect();
        self.0.0.wake_driver();
        watches
    }

    /// Returns how many watches have not ended.
    #[must_use]
    pub fn watching(&self) -> usize {
        self.0.0.roster().watching()
    }
}

impl<S: Source> Shared<S> {
    fn roster(&self) -> MutexGuard<'_, Roster<S>> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the time since the fleet was built.
    fn now(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.started)
    }

    /// Wakes the driver, since there is something new.
    fn wake_driver(&self) {
        let driver = self.roster().driver.take();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Ends all watches, and all that start later.
    fn close(&self, reason: &'static str) {
        let wakers = self.roster().close(reason);
        wakers.into_iter().for_each(std::task::Waker::wake);
        self.wake_driver();
    }
}

impl<S: Source> Drop for Owner<S> {
    fn drop(&mut self) {
        self.0.close("its fleet was dropped");
    }
}

impl<S: Source> Clone for Fleet<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Source> fmt::Debug for Fleet<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let watching = self.watching();
        f.debug_struct("Fleet")
            .field("watching", &watching)
            .finish_non_exhaustive()
    }
}
