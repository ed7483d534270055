//! One job of a fleet, and its own view of what polls have shown.

use std::task::Waker;
use std::time::Duration;

use crate::decide::{Exchange, OVERRUN, Outcome, PollState, Step, decide};
use crate::poll::Answer;
use crate::progress::Track;
use crate::{Estimate, Pollable, Until, Update, WatchError, WatchPolicy};

/// One job of a fleet; times count from the beginning of the fleet.
pub(super) struct Member<P: Pollable> {
    pub(super) job: P,
    pub(super) group: u64,
    pub(super) policy: WatchPolicy,
    pub(super) estimate: Option<Estimate>,
    joined: Duration,
    /// When to poll again; nothing while a poll is under way.
    pub(super) due: Option<Duration>,
    state: PollState,
    track: Track,
    pub(super) last: Option<P::Snapshot>,
    /// What the watch has not read yet.
    pub(super) update: Option<Box<Update<P::Snapshot, P::Item>>>,
    pub(super) end: Option<End<P>>,
    pub(super) waker: Option<Waker>,
    /// What the watch asks for.
    pub(super) until: Until,
}

/// How a watch ended.
pub(super) enum End<P: Pollable> {
    /// With the last snapshot as its result.
    Success,
    /// With an error that the watch has not read yet.
    Failure(Box<WatchError<P>>),
    /// With an error that the watch has read, by its message.
    Reported(String),
}

impl<P: Pollable> Member<P> {
    pub(super) fn new(
        job: P,
        policy: WatchPolicy,
        estimate: Option<Estimate>,
        now: Duration,
    ) -> Self {
        Self {
            job,
            group: 0,
            policy,
            estimate,
            joined: now,
            due: None,
            state: PollState::default(),
            track: Track::default(),
            last: None,
            update: None,
            end: None,
            waker: None,
            until: Until::Change,
        }
    }

    /// Returns when the watch is over, whatever is under way.
    pub(super) fn ends(&self) -> Duration {
        let deadline = self.joined.saturating_add(self.policy.deadline);
        deadline.saturating_add(OVERRUN)
    }

    /// Takes in a poll; returns when the next one is due, unless it was the last.
    pub(super) fn apply(
        &mut self,
        outcome: Outcome,
        answer: Answer<P>,
        asked: Duration,
        now: Duration,
        draw: f64,
    ) -> Option<Duration> {
        let exchange = Exchange {
            asked: asked.saturating_sub(self.joined),
            answered: now.saturating_sub(self.joined),
            long_poll: None,
            outcome,
        };
        if let Some(estimate) = &self.estimate {
            self.state.learned = estimate.learned();
        }
        let (state, step) = decide(&self.policy, self.state, &exchange, draw);
        self.state = state;
        match (step, answer) {
            (Step::Again { .. } | Step::Succeeded, Answer::Polled(polled)) => {
                self.last = Some(polled.snapshot.clone());
                let mut update = Update::new(polled, &exchange, &self.state, &mut self.track);
                if let Some(mut unread) = self.update.take() {
                    unread.new_items.append(&mut update.new_items);
                    update.new_items = unread.new_items;
                }
                self.update = Some(Box::new(update));
            }
            (Step::Again { .. }, _) => {}
            (step, answer) => {
                let (job, before) = (self.job.clone(), self.last.clone());
                if let Answer::Polled(polled) = &answer {
                    self.last = Some(polled.snapshot.clone());
                }
                self.fail(WatchError::of(
                    job,
                    step,
                    &exchange,
                    answer,
                    before,
                    &self.state,
                ));
            }
        }
        match step {
            Step::Again { pause } => return Some(now.saturating_add(pause)),
            Step::Succeeded => {
                if let Some(estimate) = &self.estimate {
                    state.teach(estimate, &self.policy, &exchange);
                }
                self.end = Some(End::Success);
            }
            _ => {}
        }
        None
    }

    pub(super) fn time_out(&mut self, now: Duration) {
        self.fail(WatchError::TimedOut {
            job: self.job.clone(),
            last: self.last.clone(),
            elapsed: now.saturating_sub(self.joined),
            polls: self.state.polls,
            source: None,
        });
    }

    pub(super) fn abandon(&mut self, reason: &'static str) {
        let error = self.abandoned(reason);
        self.fail(error);
    }

    pub(super) fn abandoned(&self, reason: &'static str) -> WatchError<P> {
        WatchError::Abandoned {
            job: self.job.clone(),
            last: self.last.clone(),
            reason,
        }
    }

    fn fail(&mut self, error: WatchError<P>) {
        self.end = Some(End::Failure(Box::new(error)));
    }

    /// Takes the waker of the watch, where there is something to read.
    pub(super) fn wake(&mut self) -> Option<Waker> {
        let wanted = self.update.is_some() && self.until == Until::Change;
        self.waker.take_if(|_| self.end.is_some() || wanted)
    }
}
