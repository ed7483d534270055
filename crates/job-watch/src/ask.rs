//! One look: asks the source, and does not wait for it for ever.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::decide::{Look, Told, hold};
use crate::{Clock, Fault, Job, Seen, WatchPolicy};

/// A look under way. It outlives the call that began it, so that a call which is dropped and made
/// again, as in a `select` with a ticker, goes on with the same request.
pub(crate) struct Asking<J: Job>(
    // Never locked: only there because a future need not be `Sync` and a watch is.
    Mutex<Option<Pending<J>>>,
);

type Pending<J> = Pin<Box<dyn Future<Output = (Look, Answer<J>)> + Send>>;

impl<J: Job> Asking<J> {
    /// Goes on with the look under way, or begins the one that `begin` makes.
    pub(crate) async fn finish<F>(&mut self, begin: impl FnOnce() -> F) -> (Look, Answer<J>)
    where
        F: Future<Output = (Look, Answer<J>)> + Send + 'static,
    {
        let slot = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let done = slot.get_or_insert_with(|| Box::pin(begin())).await;
        *slot = None;
        done
    }
}

impl<J: Job> Default for Asking<J> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<J: Job> fmt::Debug for Asking<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").finish_non_exhaustive()
    }
}

/// Looks at the job once; `started` is the beginning of the watch.
pub(crate) async fn ask<J: Job>(
    job: J,
    policy: WatchPolicy,
    clock: Arc<dyn Clock>,
    started: Instant,
) -> (Look, Answer<J>) {
    let asked = clock.now().saturating_duration_since(started);
    let hold = hold(&policy, job.longest_hold(), asked);
    let limit = limit(&policy, hold);
    let seen = within(job.look(hold), clock.limit(limit)).await;
    let answered = clock.now().saturating_duration_since(started);

    let (told, answer) = match seen {
        Some(Ok(seen)) => {
            let Seen {
                phase, retry_after, ..
            } = seen;
            (Told::Phase { phase, retry_after }, Answer::Seen(seen))
        }
        Some(Err(error)) => {
            let fault = job.fault(&error);
            let cause = &error as &dyn std::error::Error;
            tracing::debug!(error = cause, "the look failed");
            (Told::Fault(fault), Answer::Failed(error))
        }
        None => {
            tracing::debug!(?limit, "the look was left without an answer");
            let fault = Fault::Passing { retry_after: None };
            (Told::Fault(fault), Answer::Silent)
        }
    };
    let look = Look {
        asked,
        answered,
        hold,
        told,
    };
    (look, answer)
}

/// The time that a look is given.
pub(crate) fn limit(policy: &WatchPolicy, hold: Option<Duration>) -> Duration {
    policy.patience.saturating_add(hold.unwrap_or_default())
}

/// What came of a look.
pub(crate) enum Answer<J: Job> {
    Seen(Seen<J::Snapshot>),
    Failed(J::Error),
    Silent,
}

/// The outcome of `work`, or `None` when the limit is over first.
async fn within<T>(work: impl Future<Output = T>, limit: impl Future<Output = ()>) -> Option<T> {
    let mut work = pin!(work);
    let mut limit = pin!(limit);
    poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(Some(done));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}
