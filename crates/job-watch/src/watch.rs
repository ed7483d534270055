//! The loop: look, report, pause.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tracing::{Span, field};

use crate::ask::{Answer, ask};
use crate::decide::{Look, PollState, Step, decide};
use crate::progress::Track;
use crate::slot::Slot;
use crate::{Clock, Job, Seen, Throttle, TokioClock, Update, WatchError, WatchPolicy};

/// Waits for a job: `.await` it for the result, or call [`next`](Self::next) for progress.
///
/// A watch does nothing until then. Dropping it stops looking and does nothing else: the job goes on.
#[derive(Debug)]
#[must_use = "a watch does not look until it is awaited"]
pub struct Watch<J: Job> {
    job: J,
    policy: WatchPolicy,
    clock: Arc<dyn Clock>,
    throttle: Option<Throttle>,
    random: fastrand::Rng,
    span: Span,
    /// Whether nobody asks for what comes before the end.
    only_end: bool,
    course: Course<J>,
}

/// What a watch has learned; replaced as a whole when it starts anew.
#[derive(Debug)]
struct Course<J: Job> {
    state: PollState,
    track: Track,
    started: Option<Instant>,
    /// When the last answer came, and the pause that it called for.
    pause: Option<(Instant, Duration)>,
    pausing: Slot<()>,
    /// Whether the throttle has given the next look its turn.
    turned: bool,
    asking: Slot<(Look, Answer<J>)>,
    last: Option<J::Snapshot>,
    result: Option<J::Snapshot>,
}

impl<J: Job> Watch<J> {
    /// A watch on `job` with the default [`WatchPolicy`], by the tokio runtime's time.
    pub fn new(job: J) -> Self {
        let span = tracing::info_span!("watch", %job, polls = field::Empty);
        Self {
            job,
            policy: WatchPolicy::default(),
            clock: Arc::new(TokioClock),
            throttle: None,
            random: fastrand::Rng::new(),
            span,
            only_end: false,
            course: Course::default(),
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

    /// Sets how long this work takes once it has begun; see [`WatchPolicy::with_expected`].
    pub fn with_expected(mut self, run: Duration) -> Self {
        self.policy = self.policy.with_expected(run);
        self
    }

    /// Sets the source of time.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Shares a throttle with other watches, so that many of them look in turns.
    pub fn with_throttle(mut self, throttle: &Throttle) -> Self {
        self.throttle = Some(throttle.clone());
        self
    }

    /// Seeds the jitter, so that the pauses can be foretold.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// The handle of the watched job, to cancel it with, for instance: a watch only looks.
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
        poll_fn(|context| self.poll_update(context)).await
    }

    pub(crate) fn poll_update(&mut self, context: &mut Context<'_>) -> Poll<Outcome<J>> {
        let span = self.span.clone();
        let _entered = span.enter();
        if self.course.result.is_some() {
            return Poll::Ready(Ok(None));
        }
        loop {
            let started = *self.course.started.get_or_insert_with(|| self.clock.now());
            ready!(self.poll_pause(context, started));
            let begin = || {
                let (job, policy, state) = (self.job.clone(), self.policy, self.course.state);
                let (clock, only_end) = (Arc::clone(&self.clock), self.only_end);
                let looking = ask(job, policy, state, clock, started, only_end);
                Box::pin(looking) as Pin<Box<dyn Future<Output = _> + Send>>
            };
            let (look, answer) = ready!(self.course.asking.poll(context, begin));
            self.course.turned = false;
            if let Some(outcome) = self.settle(&look, answer) {
                return Poll::Ready(outcome);
            }
        }
    }

    /// Lets the pause pass that the last look called for, and then the one for a turn.
    fn poll_pause(&mut self, context: &mut Context<'_>, started: Instant) -> Poll<()> {
        loop {
            if let Some((since, pause)) = self.course.pause {
                let gone = self.clock.now().saturating_duration_since(since);
                let rest = pause.saturating_sub(gone);
                if rest.is_zero() {
                    self.course.pausing = Slot::default();
                } else {
                    let begin = || self.clock.sleep(rest);
                    ready!(self.course.pausing.poll(context, begin));
                }
                self.course.pause = None;
            }
            if self.course.turned {
                return Poll::Ready(());
            }
            self.course.turned = true;
            if let Some(throttle) = &self.throttle {
                let now = self.clock.now();
                let waited = now.saturating_duration_since(started);
                // The last look at the deadline waits for nobody.
                let left = self.policy.deadline.saturating_sub(waited);
                self.course.pause = Some((now, throttle.turn(now).min(left)));
            }
        }
    }

    /// Takes in a look; gives what there is to tell of it.
    fn settle(&mut self, look: &Look, answer: Answer<J>) -> Option<Outcome<J>> {
        let draw = self.random.f64();
        let (state, step) = decide(&self.policy, self.course.state, look, draw);
        self.course.state = state;
        self.span.record("polls", state.polls);
        report(look, step);
        match (step, answer) {
            (Step::Again { pause }, answer) => {
                self.course.pause = Some((self.clock.now(), pause));
                let Answer::Seen(seen) = answer else {
                    return None;
                };
                self.course.last = Some(seen.snapshot.clone());
                Some(Ok(Some(self.update(seen, look))))
            }
            (Step::Succeeded, Answer::Seen(seen)) => {
                self.course.result = Some(seen.snapshot.clone());
                Some(Ok(Some(self.update(seen, look))))
            }
            (step, answer) => {
                let course = std::mem::take(&mut self.course);
                let (job, last, state) = (self.job.clone(), course.last, course.state);
                Some(Err(WatchError::of(job, step, look, answer, last, &state)))
            }
        }
    }

    fn update(&mut self, seen: Seen<J::Snapshot>, look: &Look) -> Update<J::Snapshot> {
        Update::new(seen, look, &self.course.state, &mut self.course.track)
    }
}

/// What a call for news comes to.
pub(crate) type Outcome<J> = Result<Option<Update<<J as Job>::Snapshot>>, WatchError<J>>;

impl<J: Job> Default for Course<J> {
    fn default() -> Self {
        Self {
            state: PollState::default(),
            track: Track::default(),
            started: None,
            pause: None,
            pausing: Slot::default(),
            turned: false,
            asking: Slot::default(),
            last: None,
            result: None,
        }
    }
}

impl<J: Job> IntoFuture for Watch<J> {
    type Output = Result<J::Snapshot, WatchError<J>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        self.only_end = true;
        Box::pin(async move {
            loop {
                if let Some(result) = self.course.result.take() {
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
