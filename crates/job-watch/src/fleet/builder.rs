//! The settings of a fleet.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::roster::Roster;
use super::{Driver, Fleet, Owner, RequestBudget, Shared, Source};
use crate::{Clock, TokioClock, WatchPolicy};

/// Settings of a [`Fleet`] that is about to begin.
#[must_use = "a fleet begins with `build`"]
pub struct FleetBuilder<S: Source> {
    source: S,
    policy: WatchPolicy,
    budget: RequestBudget,
    clock: Arc<dyn Clock>,
    random: fastrand::Rng,
}

impl<S: Source> FleetBuilder<S> {
    /// A fleet on `source` with the default [`WatchPolicy`] and [`RequestBudget`], by the tokio runtime's
    /// time.
    pub fn new(source: S) -> Self {
        Self {
            source,
            policy: WatchPolicy::default(),
            budget: RequestBudget::default(),
            clock: Arc::new(TokioClock),
            random: fastrand::Rng::new(),
        }
    }

    /// Sets how each job is waited for. The hold is not used: one long poll per group would be one
    /// open connection per group.
    pub fn with_policy(mut self, policy: WatchPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets what the requests may come to.
    pub fn with_budget(mut self, budget: RequestBudget) -> Self {
        self.budget = budget;
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

    /// The fleet, and the driver that does its work: nothing is looked at until that is spawned or
    /// awaited.
    pub fn build(self) -> (Fleet<S>, Driver<S>) {
        let shared = Arc::new(Shared {
            source: self.source,
            policy: self.policy,
            started: self.clock.now(),
            clock: self.clock,
            roster: Mutex::new(Roster::new(self.budget, self.random)),
        });
        let driver = Driver::new(Arc::clone(&shared));
        (Fleet(Arc::new(Owner(shared))), driver)
    }
}

impl<S: Source> fmt::Debug for FleetBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FleetBuilder")
            .field("policy", &self.policy)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}
