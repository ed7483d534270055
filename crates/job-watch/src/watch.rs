//! The loop: look, report, pause.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::{Instrument, Span, field};

use crate::ask::{Answer, Asking, ask, limit};
use crate::decide::{Look, PollState, Step, decide};
use crate::{Clock, Job, Phase, Seen, TokioClock, WatchError, WatchPolicy};

/// Waits for a job: `.await` it for the result, or call [`next`](Self::next) for progress.
///
/// A watch does nothing until then. Dropping it stops looking and does nothing else: the job goes on.
#[derive(Debug)]
#[must_use = "a watch does not look until it is awaited"]
pub struct Watch<J: Job> {
    job: J,
    policy: WatchPolicy,
    clock: Arc<dyn Clock>,
    random: fastrand::Rng,
    span: Span,
    progress: Progress<J>,
}

/// What a watch has learned; replaced as a whole when it starts anew.
#[derive(Debug)]
struct Progress<J: Job> {
    state: PollState,
    started: Option<Instant>,
    /// When the last answer came, and the pause that it called for.
    pause: Option<(Instant, Duration)>,
    asking: Asking<J>,
    last: Option<J::Snapshot>,
    result: Option<J::Snapshot>,
}

/// News of a job that is being watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update<S> {
    /// Where the work stands.
    pub phase: Phase,
    /// The service's own account of it.
    pub snapshot: S,
    /// The time since the watch began.
    pub waited: Duration,
    /// The number of looks taken.
    pub polls: u32,
}

impl<J: Job> Watch<J> {
    /// A watch on `job` with the default [`WatchPolicy`], by the tokio runtime's time.
    pub fn new(job: J) -> Self {
        let span = tracing::info_span!("watch", %job, polls = field::Empty);
        Self {
            job,
            policy: WatchPolicy::default(),
            clock: Arc::new(TokioClock),
            random: fastrand::Rng::new(),
            span,
            progress: Progress::default(),
        }
    }

    /// Sets the policy.
    pub fn with_policy(mut self, policy: WatchPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the deadline of this watch alone; see [`WatchPolicy::with_deadline`].
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.policy = self.policy.with_deadline(deadline);
        self
    }

    /// Sets the source of time.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Seeds the jitter, so that the pauses can be foretold.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// The handle of the watched job.
    pub fn job(&self) -> &J {
        &self.job
    }

    /// Takes the next look and returns what it saw; `None` once the job has succeeded.
    ///
    /// The pause between two looks comes at the beginning of the next call, so news is never held
    /// back, and time that the caller spends counts towards it. Failed looks that the tolerance
    /// covers are passed over. A call that is dropped loses nothing, so this can be used in a
    /// `select`: the next call goes on with the pause or the look that was under way.
    ///
    /// # Errors
    ///
    /// [`WatchError`] when the watch is over without a result. A call after that starts a new watch
    /// on the same job.
    pub async fn next(&mut self) -> Result<Option<Update<J::Snapshot>>, WatchError<J>> {
        let span = self.span.clone();
        self.advance().instrument(span).await
    }

    async fn advance(&mut self) -> Result<Option<Update<J::Snapshot>>, WatchError<J>> {
        if self.progress.result.is_some() {
            return Ok(None);
        }
        loop {
            if let Some((since, pause)) = self.progress.pause {
                let gone = self.clock.now().saturating_duration_since(since);
                let rest = pause.saturating_sub(gone);
                if !rest.is_zero() {
                    self.clock.sleep(rest).await;
                }
                self.progress.pause = None;
            }
            let (policy, clock) = (self.policy, &self.clock);
            let started = *self.progress.started.get_or_insert_with(|| clock.now());
            let begin = || ask(self.job.clone(), policy, Arc::clone(clock), started);
            let (look, answer) = self.progress.asking.finish(begin).await;
            let draw = self.random.f64();
            let (state, step) = decide(&self.policy, self.progress.state, &look, draw);
            self.progress.state = state;
            self.span.record("polls", state.polls);
            report(&look, step);
            match (step, answer) {
                (Step::Again { pause }, answer) => {
                    self.progress.pause = Some((self.clock.now(), pause));
                    if let Answer::Seen(seen) = answer {
                        self.progress.last = Some(seen.snapshot.clone());
                        return Ok(Some(self.update(seen, &look)));
                    }
                }
                (Step::Succeeded, Answer::Seen(seen)) => {
                    self.progress.result = Some(seen.snapshot.clone());
                    return Ok(Some(self.update(seen, &look)));
                }
                (step, answer) => return Err(self.give_up(step, &look, answer)),
            }
        }
    }

    fn update(&self, seen: Seen<J::Snapshot>, look: &Look) -> Update<J::Snapshot> {
        let Seen {
            phase, snapshot, ..
        } = seen;
        Update {
            phase,
            snapshot,
            waited: look.answered,
            polls: self.progress.state.polls,
        }
    }

    /// Turns the last look into an error and makes the watch ready to start anew.
    fn give_up(&mut self, step: Step, look: &Look, answer: Answer<J>) -> WatchError<J> {
        let job = self.job.clone();
        let limit = limit(&self.policy, look.hold);
        let Progress { state, last, .. } = std::mem::take(&mut self.progress);
        match (step, answer) {
            (Step::TimedOut, answer) => {
                let (last, source) = match answer {
                    Answer::Seen(seen) => (Some(seen.snapshot), None),
                    Answer::Failed(error) => (last, Some(error)),
                    Answer::Silent => (last, None),
                };
                let (waited, polls) = (look.answered, state.polls);
                WatchError::TimedOut {
                    job,
                    last,
                    waited,
                    polls,
                    source,
                }
            }
            (
                _,
                Answer::Seen(Seen {
                    phase, snapshot, ..
                }),
            ) => WatchError::Ended {
                job,
                phase,
                last: snapshot,
            },
            (_, Answer::Failed(source)) => WatchError::Poll {
                job,
                last,
                faults: state.faults,
                source,
            },
            (_, Answer::Silent) => WatchError::Silent {
                job,
                last,
                faults: state.faults,
                limit,
            },
        }
    }
}

impl<J: Job> Default for Progress<J> {
    fn default() -> Self {
        Self {
            state: PollState::default(),
            started: None,
            pause: None,
            asking: Asking::default(),
            last: None,
            result: None,
        }
    }
}

impl<J: Job> IntoFuture for Watch<J> {
    type Output = Result<J::Snapshot, WatchError<J>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            loop {
                if let Some(result) = self.progress.result.take() {
                    return Ok(result);
                }
                self.next().await?;
            }
        })
    }
}

/// One event per look.
fn report(look: &Look, step: Step) {
    let Look { answered, told, .. } = look;
    tracing::debug!(?told, ?step, waited = ?answered, "looked");
}
