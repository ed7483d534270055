//! Jobs of steps: where each stands at an instant.

use std::time::Duration;

use super::dispatch::{Dispatch, Fetch};
use super::status::Status;

/// A job of a step. All instants count from the start of the simulation.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Job {
    order: Order,
    dispatch: Dispatch,
    claimed: Option<Duration>,
    end: Option<End>,
    /// What callbacks were told last.
    told: Option<Status>,
}

/// What was decided about a job when it was made.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Order {
    /// By which the line knows it.
    pub(crate) number: usize,
    pub(crate) id: String,
    /// Which share of the step it does; a second try does the same.
    pub(crate) share: usize,
    pub(crate) attempt: u32,
    /// The reason for which it is going to fail.
    pub(crate) failure: Option<String>,
    pub(crate) work: Duration,
}

/// How a step or job ended.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct End {
    pub(crate) status: Status,
    pub(crate) at: Duration,
    pub(crate) reason: Option<String>,
    pub(crate) blocked: Option<String>,
}

impl Job {
    pub(crate) fn new(order: Order, dispatch: Dispatch) -> Self {
        Self {
            order,
            dispatch,
            claimed: None,
            end: None,
            told: None,
        }
    }

    pub(crate) fn order(&self) -> &Order {
        &self.order
    }

    pub(crate) fn dispatch(&self) -> Dispatch {
        self.dispatch
    }

    /// When a worker took it.
    pub(crate) fn claimed(&self) -> Option<Duration> {
        self.claimed
    }

    pub(crate) fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    pub(crate) fn status(&self, now: Duration) -> Status {
        match (&self.end, self.claimed) {
            (Some(end), _) => end.status,
            (None, Some(_)) => Status::Processing,
            (None, None) => self.dispatch.status(now),
        }
    }

    /// The estimated share that is done; nothing where there is no estimate.
    pub(crate) fn progress(&self, now: Duration) -> Option<f64> {
        if self.end.is_some() {
            return None;
        }
        let share = |since: Duration, whole: Duration| {
            let whole = whole.as_secs_f64().max(f64::MIN_POSITIVE);
            (now.saturating_sub(since).as_secs_f64() / whole).clamp(0.0, 1.0)
        };
        match self.claimed {
            Some(claimed) => Some(share(claimed, self.order.work)),
            // What is told while preparing is how far the download of models has come.
            None if self.dispatch.models == Fetch::Near
                && self.dispatch.status(now) == Status::Preparing =>
            {
                Some(share(self.dispatch.created, self.dispatch.delay))
            }
            None => None,
        }
    }

    pub(crate) fn succeeded(&self) -> bool {
        let end = self.end.as_ref();
        end.is_some_and(|end| end.status == Status::Succeeded)
    }

    /// How long it keeps its worker: a job that fails stops halfway.
    pub(crate) fn occupation(&self) -> Duration {
        if self.order.failure.is_some() {
            self.order.work / 2
        } else {
            self.order.work
        }
    }

    /// Whether callbacks were not told yet how it stands.
    pub(crate) fn is_news(&self, now: Duration) -> bool {
        self.told != Some(self.status(now))
    }

    pub(super) fn mark_told(&mut self, now: Duration) {
        self.told = Some(self.status(now));
    }

    /// Lets it walk towards a worker from now on.
    pub(super) fn dispatch_from(&mut self, now: Duration, models: Fetch) {
        self.dispatch.created = now;
        self.dispatch.models = models;
    }

    pub(super) fn start(&mut self, at: Duration) {
        self.claimed = Some(at);
    }

    /// Ends it as was decided when it was made.
    pub(super) fn finish(&mut self, at: Duration) {
        let reason = self.order.failure.clone();
        self.end = Some(End {
            status: if reason.is_some() {
                Status::Failed
            } else {
                Status::Succeeded
            },
            at,
            reason,
            blocked: None,
        });
    }

    /// Ends it from outside, unless it has ended; returns whether it had not.
    pub(super) fn stop(&mut self, end: End) -> bool {
        let runs = self.end.is_none();
        if runs {
            self.end = Some(end);
        }
        runs
    }

    /// Notes why what it made is withheld.
    pub(super) fn block(&mut self, reason: Option<&String>) {
        if let Some(end) = &mut self.end {
            end.blocked = reason.cloned();
        }
    }
}
