//! The wait for one job of a fleet.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::roster::News;
use super::{Shared, Source};
use crate::slot::Slot;
use crate::watch::Outcome;
use crate::{Job, Update, WatchError};

/// Waits for one job of a [`Fleet`](super::Fleet): a future of its result.
///
/// Dropping it ends this wait and nothing else: the job goes on, and so do the other waits.
#[must_use = "dropping a waiter ends its wait"]
pub struct Waiter<S: Source> {
    shared: Arc<Shared<S>>,
    id: u64,
    job: S::Job,
    /// Rings where no driver does.
    guard: Slot<()>,
}

impl<S: Source> Waiter<S> {
    pub(super) fn new(shared: &Arc<Shared<S>>, job: S::Job) -> Self {
        let waiter = Self::quiet(shared, job);
        shared.nudge();
        waiter
    }

    /// A waiter of which the driver is not told yet.
    pub(super) fn quiet(shared: &Arc<Shared<S>>, job: S::Job) -> Self {
        let now = shared.now();
        let group = shared.source.group(&job);
        let id = shared.roster().join(group, job.clone(), shared.policy, now);
        Self {
            shared: Arc::clone(shared),
            id,
            job,
            guard: Slot::default(),
        }
    }

    /// Sets the deadline of this wait alone; it counts from the call to
    /// [`watch`](super::Fleet::watch).
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.guard = Slot::default();
        self.shared.roster().set_deadline(self.id, deadline);
        self.shared.nudge();
        self
    }

    /// The handle of the job, to cancel it with, for instance.
    pub fn job(&self) -> &S::Job {
        &self.job
    }

    /// Waits for news of the job; `None` once it has succeeded.
    ///
    /// A reader that is slow gets the newest state and all items that finished meanwhile. A call
    /// that is dropped loses nothing.
    ///
    /// # Errors
    ///
    /// [`WatchError`] when the wait is over without a result. There is no more to come after that.
    pub async fn next(
        &mut self,
    ) -> Result<Option<Update<<S::Job as Job>::Snapshot>>, WatchError<S::Job>> {
        poll_fn(|context| self.poll_news(context, false)).await
    }

    fn poll_news(&mut self, context: &mut Context<'_>, only_end: bool) -> Poll<Outcome<S::Job>> {
        let news = self.shared.roster().news(self.id, context, only_end);
        let limit = match news {
            News::Update(update) => return Poll::Ready(Ok(Some(update))),
            News::Success => return Poll::Ready(Ok(None)),
            News::Failure(error) => return Poll::Ready(Err(*error)),
            News::Over => return Poll::Ready(Err(self.abandoned("its wait is over"))),
            News::None { limit } => limit,
        };
        let (clock, now) = (&self.shared.clock, self.shared.now());
        let begin = || clock.limit(limit.saturating_sub(now));
        if self.guard.poll(context, begin).is_pending() {
            return Poll::Pending;
        }
        Poll::Ready(Err(self.abandoned(
            "nobody drives its fleet; spawn the driver, or await it",
        )))
    }

    fn abandoned(&self, why: &'static str) -> WatchError<S::Job> {
        WatchError::Abandoned {
            job: self.job.clone(),
            last: self.shared.roster().last(self.id),
            why,
        }
    }
}

impl<S: Source> Future for Waiter<S> {
    type Output = Result<<S::Job as Job>::Snapshot, WatchError<S::Job>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match self.poll_news(context, true) {
                Poll::Ready(Ok(Some(_))) => {}
                Poll::Ready(Ok(None)) => {
                    let last = self.shared.roster().last(self.id);
                    return Poll::Ready(last.ok_or_else(|| self.abandoned("its wait is over")));
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

// Nothing in it is ever pinned in place but what is boxed.
impl<S: Source> Unpin for Waiter<S> {}

impl<S: Source> Drop for Waiter<S> {
    fn drop(&mut self) {
        self.shared.roster().leave(self.id);
    }
}

impl<S: Source> fmt::Debug for Waiter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter")
            .field("job", &self.job)
            .finish_non_exhaustive()
    }
}
