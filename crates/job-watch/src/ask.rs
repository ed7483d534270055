//! One look: asks the source, and does not wait for it for ever.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::decide::{Look, PollState, Told, hold, limit};
use crate::{Clock, Job, Seen, WatchPolicy};

/// Looks at the job once; `started` is the beginning of the watch, of which `only_end` wants nothing
/// but the end.
pub(crate) async fn ask<J: Job>(
    job: J,
    policy: WatchPolicy,
    state: PollState,
    clock: Arc<dyn Clock>,
    started: Instant,
    only_end: bool,
) -> (Look, Answer<J>) {
    let asked = clock.now().saturating_duration_since(started);
    let hold = hold(&policy, &state, job.longest_hold(), asked);
    let limit = limit(&policy, hold, asked);
    let seen = if only_end {
        within(job.look(hold), clock.limit(limit)).await
    } else {
        within(job.look_for_change(hold), clock.limit(limit)).await
    };
    let answered = clock.now().saturating_duration_since(started);

    let (told, answer) = match seen {
        Some(Ok(seen)) => (Told::from(&seen), Answer::Seen(seen)),
        Some(Err(error)) => {
            let fault = job.fault(&error);
            let cause = &error as &dyn std::error::Error;
            tracing::debug!(error = cause, "the look failed");
            (Told::Fault(fault), Answer::Failed(error))
        }
        None => {
            tracing::debug!(?limit, "the look was left without an answer");
            (Told::Silence, Answer::Silent(limit))
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

/// What came of a look.
pub(crate) enum Answer<J: Job> {
    Seen(Seen<J::Snapshot>),
    Failed(J::Error),
    /// Nothing, within that time.
    Silent(Duration),
}

impl<S> From<&Seen<S>> for Told {
    fn from(seen: &Seen<S>) -> Self {
        Self::Phase {
            phase: seen.phase,
            progress: seen.progress,
            retry_after: seen.retry_after,
            digest: seen.until_change,
        }
    }
}

/// The outcome of `work`, or `None` when the limit is over first.
pub(crate) async fn within<T>(
    work: impl Future<Output = T>,
    limit: impl Future<Output = ()>,
) -> Option<T> {
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
