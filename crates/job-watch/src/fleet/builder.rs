//! The settings of a fleet.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::roster::Roster;
use super::{Driver, Fleet, Owner, RequestBudget, Shared, Source};
use crate::{Clock, Estimate, UsualClock, WatchPolicy};

/// The settings of a [`Fleet`] before it is built.
#[must_use = "a fleet exists only after `build`"]
pub struct FleetBuilder<S: Source> {
    source: S,
    policy: WatchPolicy,
    estimate: Option<Estimate>,
    budget: RequestBudget,
    clock: Arc<dyn Clock>,
    random: fastrand::Rng,
}

impl<S: Source> FleetBuilder<S> {
    /// Creates settings for `source` with the default [`WatchPolicy`] and [`RequestBudget`], by the time
    /// of the tokio runtime.
    pub fn new(source: S) -> Self {
        Self {
            source,
            policy: WatchPolicy::default(),
            estimate: None,
            budget: RequestBudget::default(),
            clock: Arc::new(UsualClock),
            random: fastrand::Rng::new(),
        }
    }

    /// Sets how each job is watched. Default: [`WatchPolicy::default`].
    ///
    /// A fleet makes no long polls: one per group would be one open connection per group.
    pub fn policy(mut self, policy: WatchPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the estimate of how long each job takes, for a fleet of one kind of jobs; see
    /// [`Watch::estimate`](crate::Watch::estimate). Default: none.
    #[doc(alias = "eta")]
    pub fn estimate(mut self, estimate: Estimate) -> Self {
        self.estimate = Some(estimate);
        self
    }

    /// Sets how many requests the fleet may make. Default: 5 per second, 8 under way at once.
    #[doc(alias = "rate_limit")]
    pub fn budget(mut self, budget: RequestBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Sets the source of time. Default: [`UsualClock`].
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the seed of the jitter, so that the pauses can be repeated. Default: a random seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// Builds the fleet, and the driver that makes its requests: nothing is polled until the driver is
    /// spawned or awaited.
    pub fn build(self) -> (Fleet<S>, Driver<S>) {
        let shared = Arc::new(Shared {
            source: self.source,
            policy: self.policy,
            estimate: self.estimate,
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
