//! One poll, which is dropped when no answer comes in time.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crate::decide::{Exchange, Outcome, PollState, time_limit};
use crate::{Clock, Instant, Pollable, Polled, Until, WatchPolicy};

/// Polls the job once; `started` is the beginning of the watch.
pub(crate) async fn poll<P: Pollable>(
    job: P,
    policy: WatchPolicy,
    state: PollState,
    clock: Arc<dyn Clock>,
    started: Instant,
    until: Until,
) -> (Exchange, Answer<P>) {
    let asked = clock.now().saturating_duration_since(started);
    let long_poll = state.long_poll(&policy, job.max_long_poll(), asked);
    let limit = time_limit(&policy, long_poll, asked);
    let result = match long_poll {
        Some(open) => within(job.long_poll(open, until), clock.limit(limit)).await,
        None => within(job.poll(), clock.limit(limit)).await,
    };
    let answered = clock.now().saturating_duration_since(started);

    let (outcome, answer) = match result {
        Some(Ok(polled)) => (Outcome::from(&polled), Answer::Polled(polled)),
        Some(Err(error)) => {
            let fault = job.fault(&error);
            let cause = &error as &dyn std::error::Error;
            tracing::debug!(error = cause, "the poll failed");
            (Outcome::Fault(fault), Answer::Failed(error))
        }
        None => {
            tracing::debug!(?limit, "the poll got no answer in time");
            (Outcome::NoAnswer, Answer::None(limit))
        }
    };
    let exchange = Exchange {
        asked,
        answered,
        long_poll,
        outcome,
    };
    (exchange, answer)
}

/// What came of a poll, payload included.
pub(crate) enum Answer<P: Pollable> {
    Polled(Polled<P::Snapshot, P::Item>),
    Failed(P::Error),
    /// Nothing, within that time.
    None(Duration),
}

impl<S, I> From<&Polled<S, I>> for Outcome {
    fn from(polled: &Polled<S, I>) -> Self {
        Self::Phase {
            phase: polled.phase,
            progress: polled.progress,
            retry_after: polled.retry_after,
            digest: polled.digest,
        }
    }
}

/// Returns the output of `work`, or `None` when `limit` is over first.
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
