//! What the workflows of one run share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::Runner;
use super::client::client;
use super::error::RunError;
use super::event::{Event, Happening};
use super::secrets::Secrets;
use crate::flow::Address;

/// One run.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) runner: Runner,
    pub(super) http: reqwest::Client,
    pub(super) secrets: Secrets,
    /// What the caller gave.
    pub(super) inputs: Map<String, Value>,
    started: Instant,
    taken: Mutex<u32>,
    results: Mutex<BTreeMap<Address, Record>>,
}

/// What a workflow was given and gave.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) inputs: Map<String, Value>,
    pub(super) outputs: Map<String, Value>,
    pub(super) failed: bool,
}

impl Session {
    pub(super) fn open(runner: Runner, inputs: Map<String, Value>) -> Result<Arc<Self>, RunError> {
        Ok(Arc::new(Self {
            http: client((runner.connections)())?,
            secrets: Secrets::default(),
            inputs,
            started: runner.clock.now(),
            taken: Mutex::new(0),
            results: Mutex::new(BTreeMap::new()),
            runner,
        }))
    }

    /// Tells the observer.
    pub(super) fn tell(&self, workflow: &str, step: Option<(&str, u32)>, happening: Happening) {
        let event = Event {
            workflow: workflow.to_owned(),
            step: step.map(|(step, _)| step.to_owned()),
            visit: step.map_or(0, |(_, visit)| visit),
            happening,
        };
        tracing::debug!(%event, "arazzo");
        (self.runner.observer)(&event);
    }

    /// Counts a call, which may be one too many.
    pub(super) fn count(&self, step: &str) -> Result<(), RunError> {
        self.left()?;
        let mut taken = lock(&self.taken);
        *taken += 1;
        let limit = self.runner.limits.steps;
        if *taken > limit {
            let what =
                format!("the run has made {limit} calls, the last of them for the step `{step}`");
            return Err(RunError::too_much(what));
        }
        Ok(())
    }

    /// Returns the time that is left for the run.
    pub(super) fn left(&self) -> Result<Duration, RunError> {
        let elapsed = self
            .runner
            .clock
            .now()
            .saturating_duration_since(self.started);
        let left = self.runner.limits.run.saturating_sub(elapsed);
        if left.is_zero() {
            return Err(RunError::deadline("the run", elapsed));
        }
        Ok(left)
    }

    /// Pauses; at once an error where the time that is left is shorter.
    pub(super) async fn pause(&self, pause: Duration) -> Result<(), RunError> {
        if pause >= self.left()? {
            return Err(RunError::deadline("the run", self.runner.limits.run));
        }
        self.runner.clock.sleep(pause).await;
        Ok(())
    }

    pub(super) fn result(&self, address: Address) -> Option<Record> {
        lock(&self.results).get(&address).cloned()
    }

    pub(super) fn store(&self, address: Address, result: Record) {
        lock(&self.results).insert(address, result);
    }
}

/// Nothing is half-written when a lock is poisoned.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
