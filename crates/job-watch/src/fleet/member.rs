//! One job that is waited for, and its own view of what was seen.

use std::task::Waker;
use std::time::Duration;

use crate::ask::Answer;
use crate::decide::{Look, OVERRUN, PollState, Step, Told, decide};
use crate::progress::Track;
use crate::{Job, Update, WatchError, WatchPolicy};

/// Times count from the beginning of the fleet.
pub(super) struct Member<J: Job> {
    pub(super) job: J,
    pub(super) group: u64,
    pub(super) policy: WatchPolicy,
    joined: Duration,
    /// When to look again; nothing while a look is under way.
    pub(super) due: Option<Duration>,
    state: PollState,
    track: Track,
    pub(super) last: Option<J::Snapshot>,
    /// What the waiter has not read yet.
    pub(super) news: Option<Box<Update<J::Snapshot>>>,
    pub(super) end: Option<End<J>>,
    pub(super) waker: Option<Waker>,
    /// Whether the waiter cares for nothing but the end.
    pub(super) only_end: bool,
}

/// How a wait ended.
pub(super) enum End<J: Job> {
    Success,
    Failure(Box<WatchError<J>>),
    /// In a failure that the waiter was told of.
    Told,
}

impl<J: Job> Member<J> {
    pub(super) fn new(job: J, policy: WatchPolicy, now: Duration) -> Self {
        Self {
            job,
            group: 0,
            policy,
            joined: now,
            due: None,
            state: PollState::default(),
            track: Track::default(),
            last: None,
            news: None,
            end: None,
            waker: None,
            only_end: false,
        }
    }

    /// When the wait is over, whatever is under way.
    pub(super) fn ends(&self) -> Duration {
        let deadline = self.joined.saturating_add(self.policy.deadline);
        deadline.saturating_add(OVERRUN)
    }

    /// Takes in a look; says when the next one is due, unless it was the last.
    pub(super) fn take_in(
        &mut self,
        told: Told,
        answer: Answer<J>,
        asked: Duration,
        now: Duration,
        draw: f64,
    ) -> Option<Duration> {
        let look = Look {
            asked: asked.saturating_sub(self.joined),
            answered: now.saturating_sub(self.joined),
            hold: None,
            told,
        };
        let (state, step) = decide(&self.policy, self.state, &look, draw);
        self.state = state;
        match (step, answer) {
            (Step::Again { .. } | Step::Succeeded, Answer::Seen(seen)) => {
                self.last = Some(seen.snapshot.clone());
                let mut update = Update::new(seen, &look, &self.state, &mut self.track);
                if let Some(mut unread) = self.news.take() {
                    unread.new_items.append(&mut update.new_items);
                    update.new_items = unread.new_items;
                }
                self.news = Some(Box::new(update));
            }
            (Step::Again { .. }, _) => {}
            (step, answer) => {
                let (job, last) = (self.job.clone(), self.last.clone());
                let error = WatchError::of(job, step, &look, answer, last, &self.state);
                self.fail(error);
            }
        }
        match step {
            Step::Again { pause } => return Some(now.saturating_add(pause)),
            Step::Succeeded => self.end = Some(End::Success),
            _ => {}
        }
        None
    }

    pub(super) fn time_out(&mut self, now: Duration) {
        self.fail(WatchError::TimedOut {
            job: self.job.clone(),
            last: self.last.clone(),
            waited: now.saturating_sub(self.joined),
            polls: self.state.polls,
            source: None,
        });
    }

    pub(super) fn abandon(&mut self, why: &'static str) {
        self.fail(WatchError::Abandoned {
            job: self.job.clone(),
            last: self.last.clone(),
            why,
        });
    }

    fn fail(&mut self, error: WatchError<J>) {
        self.end = Some(End::Failure(Box::new(error)));
    }

    /// The waker of the waiter, where it has something to be told.
    pub(super) fn wake(&mut self) -> Option<Waker> {
        let told = self.end.is_some() || (self.news.is_some() && !self.only_end);
        self.waker.take_if(|_| told)
    }
}
