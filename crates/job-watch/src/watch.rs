//! The loop of a watch: poll, report, pause.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tracing::{Span, field};

use crate::decide::{Exchange, PollState, Step, decide};
use crate::pending::Pending;
use crate::poll::{Answer, poll};
use crate::progress::Track;
use crate::{
    Clock, Estimate, Instant, Pollable, Polled, Throttle, Until, Update, UsualClock, WatchError,
    WatchPolicy,
};

/// Watches a job: `.await` it for the result, or call [`next`](Self::next) for progress.
///
/// A watch does nothing until then. Dropping it stops the polls and does nothing else: the job goes on.
#[derive(Debug)]
#[must_use = "a watch polls nothing until it is awaited"]
#[doc(alias = "wait")]
#[doc(alias = "poller")]
#[doc(alias = "polling")]
pub struct Watch<P: Pollable> {
    job: P,
    policy: WatchPolicy,
    clock: Arc<dyn Clock>,
    throttle: Option<Throttle>,
    estimate: Option<Estimate>,
    random: fastrand::Rng,
    span: Span,
    /// What ends a long poll.
    until: Until,
    state: PollState,
    track: Track,
    started: Option<Instant>,
    /// When the last answer came, and the pause that follows it.
    pause: Option<(Instant, Duration)>,
    pausing: Pending<()>,
    /// Whether the throttle has given the next poll its turn.
    has_turn: bool,
    polling: Pending<(Exchange, Answer<P>)>,
    last: Option<P::Snapshot>,
    end: Option<End>,
}

/// How a watch ended.
#[derive(Debug)]
enum End {
    /// With the last snapshot as its result.
    Success,
    /// With an error that was returned, by its message.
    Failure(String),
}

impl<P: Pollable> Watch<P> {
    /// Creates a watch on `job` with the default [`WatchPolicy`], by the time of the tokio runtime.
    pub fn new(job: P) -> Self {
        let span = tracing::info_span!("watch", %job, polls = field::Empty);
        Self {
            job,
            policy: WatchPolicy::default(),
            clock: Arc::new(UsualClock),
            throttle: None,
            estimate: None,
            random: fastrand::Rng::new(),
            span,
            until: Until::Change,
            state: PollState::default(),
            track: Track::default(),
            started: None,
            pause: None,
            pausing: Pending::default(),
            has_turn: false,
            polling: Pending::default(),
            last: None,
            end: None,
        }
    }

    /// Sets the policy. Default: [`WatchPolicy::default`].
    pub fn policy(mut self, policy: WatchPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the deadline of this watch, at most 7 days; see [`WatchPolicy::deadline`]. Default: that of
    /// the policy.
    #[doc(alias = "timeout")]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.policy = self.policy.deadline(deadline);
        self
    }

    /// Sets how long this job runs once it has begun; see [`WatchPolicy::expected`]. Default: that of
    /// the policy.
    #[doc(alias = "eta")]
    pub fn expected(mut self, run: Duration) -> Self {
        self.policy = self.policy.expected(run);
        self
    }

    /// Sets the estimate of how long such a job takes, which also learns from this job. Default: none.
    ///
    /// Polls then gather around the expected end, where neither the service nor [`expected`](Self::expected)
    /// says when that is. Pauses stay below the cap of the [`Pace`](crate::Pace).
    #[doc(alias = "eta")]
    pub fn estimate(mut self, estimate: Estimate) -> Self {
        self.estimate = Some(estimate);
        self
    }

    /// Sets the source of time. Default: [`UsualClock`].
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets a throttle that is shared with other watches, so that they poll in turns. Default: none.
    #[doc(alias = "rate_limit")]
    pub fn throttle(mut self, throttle: &Throttle) -> Self {
        self.throttle = Some(throttle.clone());
        self
    }

    /// Sets the seed of the jitter, so that the pauses can be repeated. Default: a random seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// Returns the handle of the watched job, for instance to cancel the job: a watch only polls.
    pub fn job(&self) -> &P {
        &self.job
    }

    /// Polls until there is an update and returns it; `None` once the watch has ended.
    ///
    /// The update with the result is the last one. After it, and after an error, every call returns
    /// `Ok(None)` and polls nothing. Awaiting the watch then gives
    ///
    /// - the result again, where the job succeeded;
    /// - [`WatchError::Over`] with the message of the error, where a call returned one.
    ///
    /// To begin anew, make a new watch on [`job`](Self::job).
    ///
    /// The pause between two polls is at the beginning of the next call, so an update is never delayed,
    /// and time that the caller spends counts towards the pause. Failed polls that the tolerance covers
    /// are passed over. A call that is dropped loses nothing, so this can be used in a `select`: the
    /// next call goes on with the pause or the poll that was under way.
    ///
    /// # Errors
    ///
    /// [`WatchError`] when the watch ends without a result.
    #[doc(alias = "progress")]
    pub async fn next(&mut self) -> NextUpdate<P> {
        poll_fn(|context| self.poll_update(context)).await
    }

    pub(crate) fn poll_update(&mut self, context: &mut Context<'_>) -> Poll<NextUpdate<P>> {
        let span = self.span.clone();
        let _entered = span.enter();
        if self.end.is_some() {
            return Poll::Ready(Ok(None));
        }
        loop {
            let started = *self.started.get_or_insert_with(|| self.clock.now());
            ready!(self.poll_pause(context, started));
            let start = || {
                let (job, policy, state) = (self.job.clone(), self.policy, self.state);
                let clock = Arc::clone(&self.clock);
                let polling = poll(job, policy, state, clock, started, self.until);
                Box::pin(polling) as Pin<Box<dyn Future<Output = _> + Send>>
            };
            let (exchange, answer) = ready!(self.polling.poll(context, start));
            self.has_turn = false;
            if let Some(next) = self.apply(&exchange, answer) {
                return Poll::Ready(next);
            }
        }
    }

    /// Lets the pause pass that follows the last poll, and then the one until the turn of this watch.
    fn poll_pause(&mut self, context: &mut Context<'_>, started: Instant) -> Poll<()> {
        loop {
            if let Some((since, pause)) = self.pause {
                let gone = self.clock.now().saturating_duration_since(since);
                let rest = pause.saturating_sub(gone);
                if rest.is_zero() {
                    self.pausing = Pending::default();
                } else {
                    let start = || self.clock.sleep(rest);
                    ready!(self.pausing.poll(context, start));
                }
                self.pause = None;
            }
            if self.has_turn {
                return Poll::Ready(());
            }
            self.has_turn = true;
            if let Some(throttle) = &self.throttle {
                let now = self.clock.now();
                let elapsed = now.saturating_duration_since(started);
                // The last poll at the deadline comes before its turn.
                let left = self.policy.deadline.saturating_sub(elapsed);
                self.pause = Some((now, throttle.turn(now).min(left)));
            }
        }
    }

    /// Takes in a poll; returns what there is to report, if anything.
    fn apply(&mut self, exchange: &Exchange, answer: Answer<P>) -> Option<NextUpdate<P>> {
        let draw = self.random.f64();
        if let Some(estimate) = &self.estimate {
            self.state.learned = estimate.learned();
        }
        let (state, step) = decide(&self.policy, self.state, exchange, draw);
        self.state = state;
        self.span.record("polls", state.polls);
        let Exchange {
            answered, outcome, ..
        } = exchange;
        tracing::debug!(?outcome, ?step, elapsed = ?answered, "polled");
        match (step, answer) {
            (Step::Again { pause }, answer) => {
                self.pause = Some((self.clock.now(), pause));
                let Answer::Polled(polled) = answer else {
                    return None;
                };
                Some(Ok(Some(self.update(polled, exchange))))
            }
            (Step::Succeeded, Answer::Polled(polled)) => {
                if let Some(estimate) = &self.estimate {
                    state.teach(estimate, &self.policy, exchange);
                }
                self.end = Some(End::Success);
                Some(Ok(Some(self.update(polled, exchange))))
            }
            (step, answer) => {
                if let Answer::Polled(polled) = &answer {
                    self.last = Some(polled.snapshot.clone());
                }
                let (job, last) = (self.job.clone(), self.last.clone());
                let error = WatchError::of(job, step, exchange, answer, last, &state);
                self.end = Some(End::Failure(error.chain()));
                Some(Err(error))
            }
        }
    }

    fn update(
        &mut self,
        polled: Polled<P::Snapshot, P::Item>,
        exchange: &Exchange,
    ) -> Update<P::Snapshot, P::Item> {
        self.last = Some(polled.snapshot.clone());
        Update::new(polled, exchange, &self.state, &mut self.track)
    }
}

/// What a call for the next update returns.
pub(crate) type NextUpdate<P> =
    Result<Option<Update<<P as Pollable>::Snapshot, <P as Pollable>::Item>>, WatchError<P>>;

impl<P: Pollable> IntoFuture for Watch<P> {
    type Output = Result<P::Snapshot, WatchError<P>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        self.until = Until::End;
        Box::pin(async move {
            while self.next().await?.is_some() {}
            match (self.end, self.last) {
                (Some(End::Success), Some(result)) => Ok(result),
                (end, last) => Err(WatchError::Over {
                    job: self.job,
                    last,
                    reason: match end {
                        Some(End::Failure(reason)) => reason,
                        _ => String::new(),
                    },
                }),
            }
        })
    }
}
