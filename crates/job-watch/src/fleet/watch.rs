//! The watch of one job of a fleet.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::roster::Reading;
use super::{Shared, Source};
use crate::pending::Pending;
use crate::watch::NextUpdate;
use crate::{Estimate, Pollable, Until, WatchError};

/// Watches one job of a [`Fleet`](super::Fleet): a future of its result.
///
/// Dropping it ends this watch and nothing else: the job goes on, and so do the other watches.
#[must_use = "dropping a watch ends it"]
#[doc(alias = "wait")]
pub struct FleetWatch<S: Source> {
    shared: Arc<Shared<S>>,
    id: u64,
    job: S::Job,
    /// Ends the watch where no driver does.
    guard: Pending<()>,
}

impl<S: Source> FleetWatch<S> {
    pub(super) fn new(shared: &Arc<Shared<S>>, job: S::Job) -> Self {
        let watch = Self::joined(shared, job);
        shared.wake_driver();
        watch
    }

    /// Creates a watch without waking the driver.
    pub(super) fn joined(shared: &Arc<Shared<S>>, job: S::Job) -> Self {
        let now = shared.now();
        let group = shared.source.group(&job);
        let (policy, estimate) = (shared.policy, shared.estimate.clone());
        let mut roster = shared.roster();
        let id = roster.join(group, job.clone(), policy, estimate, now);
        drop(roster);
        Self {
            shared: Arc::clone(shared),
            id,
            job,
            guard: Pending::default(),
        }
    }

    /// Sets the deadline of this watch, at most 7 days, counted from the call to
    /// [`watch`](super::Fleet::watch). Default: that of the policy.
    #[doc(alias = "timeout")]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.guard = Pending::default();
        self.shared.roster().set_deadline(self.id, deadline);
        self.shared.wake_driver();
        self
    }

    /// Sets the estimate of how long this job takes, which also learns from it; see
    /// [`Watch::estimate`](crate::Watch::estimate). Default: that of the fleet.
    #[doc(alias = "eta")]
    pub fn estimate(self, estimate: Estimate) -> Self {
        self.shared.roster().set_estimate(self.id, estimate);
        self
    }

    /// Returns the handle of the job, for instance to cancel it.
    pub fn job(&self) -> &S::Job {
        &self.job
    }

    /// Returns the next update of the job once there is one; `None` once the watch has ended.
    ///
    /// The update with the result is the last one. After it, and after an error, every call returns
    /// `Ok(None)`. Awaiting the watch then gives
    ///
    /// - the result again, where the job succeeded;
    /// - [`WatchError::Over`] with the message of the error, where a call returned one.
    ///
    /// A slow reader gets the newest state and all items that have finished meanwhile. A call that is
    /// dropped loses nothing.
    ///
    /// # Errors
    ///
    /// [`WatchError`] when the watch ends without a result.
    #[doc(alias = "progress")]
    pub async fn next(&mut self) -> NextUpdate<S::Job> {
        poll_fn(|context| self.poll_update(context, Until::Change)).await
    }

    fn poll_update(&mut self, context: &mut Context<'_>, until: Until) -> Poll<NextUpdate<S::Job>> {
        let reading = self.shared.roster().read(self.id, context, until);
        let limit = match reading {
            Reading::Update(update) => return Poll::Ready(Ok(Some(update))),
            Reading::Failure(error) => return Poll::Ready(Err(*error)),
            Reading::End => return Poll::Ready(Ok(None)),
            Reading::Nothing { limit } => limit,
        };
        let (clock, now) = (&self.shared.clock, self.shared.now());
        let start = || clock.limit(limit.saturating_sub(now));
        if self.guard.poll(context, start).is_pending() {
            return Poll::Pending;
        }
        let reason = "its fleet has no running driver; spawn the driver, or await it";
        let error = self.shared.roster().abandon(self.id, reason);
        Poll::Ready(error.map_or(Ok(None), Err))
    }
}

impl<S: Source> Future for FleetWatch<S> {
    type Output = Result<<S::Job as Pollable>::Snapshot, WatchError<S::Job>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match self.poll_update(context, Until::End) {
                Poll::Ready(Ok(Some(_))) => {}
                Poll::Ready(Ok(None)) => {
                    let result = self.shared.roster().result(self.id);
                    return Poll::Ready(result.map_err(|(last, reason)| WatchError::Over {
                        job: self.job.clone(),
                        last,
                        reason,
                    }));
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

// Nothing in it is ever pinned in place but what is boxed.
impl<S: Source> Unpin for FleetWatch<S> {}

impl<S: Source> Drop for FleetWatch<S> {
    fn drop(&mut self) {
        self.shared.roster().leave(self.id);
    }
}

impl<S: Source> fmt::Debug for FleetWatch<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FleetWatch")
            .field("job", &self.job)
            .finish_non_exhaustive()
    }
}
