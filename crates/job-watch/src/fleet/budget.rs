//! How many requests a fleet may make, and whether the next one fits.

use std::collections::VecDeque;
use std::time::Duration;

/// How many requests a fleet may make.
#[doc(alias = "rate_limit")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestBudget {
    per_second: usize,
    in_flight: usize,
}

impl RequestBudget {
    /// Creates a budget of so many requests in any second, at least 1, of which 8 may be under way at
    /// once.
    #[must_use]
    pub fn per_second(requests: u16) -> Self {
        Self {
            per_second: usize::from(requests.max(1)),
            in_flight: 8,
        }
    }

    /// Sets how many requests may be under way at once, at least 1. Default: 8.
    #[must_use]
    #[doc(alias = "concurrency")]
    pub fn in_flight(mut self, requests: u16) -> Self {
        self.in_flight = usize::from(requests.max(1));
        self
    }

    pub(super) fn max_in_flight(&self) -> usize {
        self.in_flight
    }
}

impl Default for RequestBudget {
    /// Creates a budget of 5 requests per second.
    fn default() -> Self {
        Self::per_second(5)
    }
}

/// What counts as a second: a little more than one, since requests take unequal time to arrive.
const SECOND: Duration = Duration::from_millis(1_050);

/// The requests of the last second.
#[derive(Clone, Debug, Default)]
pub(super) struct Spent {
    starts: VecDeque<Duration>,
    /// The time before which the service wants no request.
    paused_until: Duration,
}

impl Spent {
    /// Returns when the next request may be made.
    pub(super) fn free(&self, budget: &RequestBudget) -> Duration {
        let full = self.starts.len() >= budget.per_second;
        let oldest = self.starts.front().filter(|_| full);
        let free = oldest.map_or(Duration::ZERO, |start| start.saturating_add(SECOND));
        free.max(self.paused_until)
    }

    /// Takes in a request made at `now`.
    pub(super) fn spend(&mut self, budget: &RequestBudget, now: Duration) {
        while self.starts.len() >= budget.per_second {
            self.starts.pop_front();
        }
        self.starts.push_back(now);
    }

    pub(super) fn pause(&mut self, until: Duration) {
        self.paused_until = self.paused_until.max(until);
    }
}
