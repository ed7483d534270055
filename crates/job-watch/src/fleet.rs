//! Many waits that share their looks: one request covers a group of jobs, and a budget covers all.

use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use budget::RequestBudget;
pub use builder::FleetBuilder;
pub use driver::Driver;
pub use waiter::Waiter;

use crate::{Clock, Job, Seen, WatchPolicy};
use roster::Roster;

mod budget;
mod builder;
mod driver;
mod line;
mod member;
mod roster;
mod waiter;

/// A service that tells of several jobs in one reply.
pub trait Source: Send + Sync + 'static {
    /// The handle of one job. A failed request fails the look at each of its jobs, so its error is
    /// shared; an `Arc` of any error will do.
    type Job: Job<Error: Clone>;

    /// What the jobs of one request have in common: a batch they were submitted in, a label, or
    /// nothing at all.
    type Group: Clone + Eq + Hash + Send + Sync + 'static;

    /// The group of a job; always the same one.
    fn group(&self, job: &Self::Job) -> Self::Group;

    /// Looks at jobs of one group by one request, without retries of its own: what it saw of each, in
    /// their order. A job that the reply leaves out at the end counts as not answered.
    ///
    /// # Errors
    ///
    /// Whatever stops the look at all of them. What concerns one job alone is an error in its place,
    /// and the others get what was seen of them.
    fn look(
        &self,
        group: &Self::Group,
        jobs: &[Self::Job],
    ) -> impl Future<Output = Result<Vec<Sight<Self>>, ErrorOf<Self>>> + Send;

    /// How many jobs one request covers; all of the group unless told.
    fn most(&self, _group: &Self::Group) -> usize {
        usize::MAX
    }

    /// How long the service asks to be left alone altogether, where that is what the error says. The
    /// whole fleet rests for so long, and nothing counts as failed.
    fn throttled(&self, _error: &ErrorOf<Self>) -> Option<Duration> {
        None
    }
}

/// What one reply says of one job.
pub type Sight<S> = Result<Seen<<<S as Source>::Job as Job>::Snapshot>, ErrorOf<S>>;

/// The error of a source.
pub type ErrorOf<S> = <<S as Source>::Job as Job>::Error;

/// Waits for any number of jobs with few requests.
///
/// Each [`watch`](Self::watch) gives a [`Waiter`] to await. The jobs of one group are looked at
/// together, and all requests share one [`RequestBudget`]. A group that keeps failing backs off by itself
/// and takes at most half of the requests under way.
///
/// The work is done by the [`Driver`] that comes with the fleet: spawn it, or let it
/// [run until](Driver::until) other work is done. Clones are the same fleet; dropping the last one
/// ends all waits with [`WatchError::Abandoned`](crate::WatchError::Abandoned).
pub struct Fleet<S: Source>(Arc<Owner<S>>);

/// Ends the fleet with the last of its handles.
struct Owner<S: Source>(Arc<Shared<S>>);

/// What the handles, the waiters and the driver have in common.
pub(crate) struct Shared<S: Source> {
    source: S,
    policy: WatchPolicy,
    clock: Arc<dyn Clock>,
    /// Where the times of the fleet count from.
    started: Instant,
    roster: Mutex<Roster<S>>,
}

impl<S: Source> Fleet<S> {
    /// Begins to wait for a job; adding to a fleet that is under way is fine.
    ///
    /// The waiter can be given a deadline of its own. Dropping it ends this wait and no other.
    pub fn watch(&self, job: S::Job) -> Waiter<S> {
        Waiter::new(&self.0.0, job)
    }

    /// Begins to wait for several jobs. Those of one group share their looks from the first one on.
    pub fn watch_all(&self, jobs: impl IntoIterator<Item = S::Job>) -> Vec<Waiter<S>> {
        let waiters = jobs.into_iter().map(|job| Waiter::quiet(&self.0.0, job));
        let waiters = waiters.collect();
        self.0.0.nudge();
        waiters
    }

    /// How many jobs are waited for.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.0.roster().waiting()
    }
}

impl<S: Source> Shared<S> {
    fn roster(&self) -> MutexGuard<'_, Roster<S>> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time since the fleet began.
    fn now(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.started)
    }

    /// Tells the driver that there is something new.
    fn nudge(&self) {
        let driver = self.roster().driver.take();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Ends all waits, and all that begin later.
    fn close(&self, why: &'static str) {
        let wakers = self.roster().close(why);
        wakers.into_iter().for_each(std::task::Waker::wake);
        self.nudge();
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
        let waiting = self.waiting();
        f.debug_struct("Fleet")
            .field("waiting", &waiting)
            .finish_non_exhaustive()
    }
}
