//! What all requests share: the core behind a lock, the clock, and who waits for a change.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::builder::SimulatorBuilder;
use crate::fault::{Fault, Faults};
use crate::record::{Log, Origin, Recorded};
use crate::state::Service;
use crate::time::Clock;
use crate::v2::Orchestrator;

use super::storage::Storage;

/// How long a request with `wait=true` is held, in simulated time.
pub(crate) const HOLD: Duration = Duration::from_secs(100);

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) token: String,
    pub(crate) blob_url: String,
    pub(crate) storage: Storage,
    service: Mutex<Service>,
    orchestrator: Mutex<Orchestrator>,
    log: Mutex<Log>,
    faults: Mutex<Faults>,
    changed: watch::Sender<()>,
    held: watch::Sender<usize>,
    stopped: watch::Receiver<bool>,
}

impl Shared {
    pub(crate) fn new(
        builder: SimulatorBuilder,
        api_url: String,
        blob_url: String,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let settings = &builder.settings;
        let faults = Faults::new(settings.seed, settings.chances.clone());
        Self {
            clock: Clock::new(builder.time),
            token: builder.token,
            blob_url,
            storage: Storage::new(builder.blob_chances),
            orchestrator: Mutex::new(Orchestrator::new(builder.settings.clone(), api_url)),
            service: Mutex::new(Service::new(builder.settings)),
            log: Mutex::default(),
            faults: Mutex::new(faults),
            changed: watch::Sender::default(),
            held: watch::Sender::default(),
            stopped,
        }
    }

    /// The core, brought up to now.
    pub(crate) fn service(&self) -> MutexGuard<'_, Service> {
        let mut service = lock(&self.service);
        service.advance(self.clock.now());
        service
    }

    /// The core of version 2, brought up to now.
    pub(crate) fn orchestrator(&self) -> MutexGuard<'_, Orchestrator> {
        let mut orchestrator = lock(&self.orchestrator);
        orchestrator.advance(self.clock.now());
        orchestrator
    }

    /// Wakes held requests to look again.
    pub(crate) fn announce(&self) {
        self.changed.send_replace(());
    }

    /// Completes when none of the jobs waits or runs any more, or the service would hold no longer.
    pub(crate) async fn hold(&self, batch: &[usize]) {
        self.hold_while(HOLD, || {
            let service = self.service();
            let next = service.next_change().unwrap_or(Duration::MAX);
            service.is_scheduled(batch).then_some(next)
        })
        .await;
    }

    /// Completes when `busy` gives nothing, or after `limit`; what `busy` gives is the next instant
    /// at which it may be otherwise.
    pub(crate) async fn hold_while(&self, limit: Duration, busy: impl Fn() -> Option<Duration>) {
        let deadline = self.clock.now() + limit;
        let mut changed = self.changed.subscribe();
        let mut stopped = self.stopped.clone();
        let _held = Held::new(&self.held);
        loop {
            changed.borrow_and_update();
            let Some(next) = busy() else { return };
            if self.clock.now() >= deadline {
                return;
            }
            tokio::select! {
                _ = changed.changed() => {}
                () = self.clock.sleep_until(next.min(deadline)) => {}
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
        }
    }

    /// Tells when something changes that was not due by itself.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(crate) async fn until_held(&self, count: usize) {
        // The sender lives as long as `self`, so this ends only by the count.
        let _ = self.held.subscribe().wait_for(|held| *held >= count).await;
    }

    pub(crate) fn order(&self, origin: Origin, fault: Fault) {
        lock(&self.faults).order(origin, fault);
    }

    pub(super) fn next_fault(&self, origin: Origin, is_submission: bool) -> Option<Fault> {
        lock(&self.faults).next(origin, is_submission)
    }

    pub(super) fn arrive(&self, entry: Recorded) -> usize {
        lock(&self.log).arrive(entry)
    }

    pub(super) fn answer(&self, number: usize, status: u16) {
        lock(&self.log).answer(number, status);
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        lock(&self.log).entries()
    }
}

/// Counts a held request for as long as it is held, also when its client goes away.
struct Held<'a>(&'a watch::Sender<usize>);

impl<'a> Held<'a> {
    fn new(held: &'a watch::Sender<usize>) -> Self {
        held.send_modify(|held| *held += 1);
        Self(held)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|held| *held -= 1);
    }
}

/// A failed request must not take the simulator with it, so a poisoned lock opens all the same.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
