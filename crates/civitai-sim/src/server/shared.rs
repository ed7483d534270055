//! What all requests share: the services behind locks, the clock, and who waits for a change.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::{Request, State};
use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::core::effect::Effect;
use crate::core::fault::Fault;
use crate::core::faults::Faults;
use crate::core::lock::lock;
use crate::core::record::{Log, Origin, Recorded};
use crate::core::request_rule::Asked;
use crate::core::seed::Seed;
use crate::core::speed::Speed;
use crate::core::time::Clock;
use crate::core::wait::Waits;
use crate::{photogpt, serika, v1, v2};

use super::intake::Intake;
use super::recent::Recent;
use super::storage::Storage;

/// How long a request that waits is held at most, in simulated time.
pub(crate) const HOLD: Duration = Duration::from_secs(100);

/// What handlers take.
pub(crate) type Core = State<Arc<Shared>>;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) seed: Seed,
    /// The simulated date of the start.
    pub(crate) start: DateTime<Utc>,
    pub(crate) token: String,
    /// The address that links to storage begin with.
    pub(crate) blob_url: String,
    pub(crate) storage: Storage,
    pub(crate) waits: Waits,
    pub(super) intake: Intake,
    /// The latest requests, where the page and its controls are switched on.
    pub(crate) recent: Option<Recent>,
    v1: Mutex<v1::state::State>,
    v2: v2::shown::Shown,
    serika: Mutex<serika::state::State>,
    photogpt: Mutex<photogpt::state::State>,
    log: Mutex<Log>,
    faults: Mutex<Faults>,
    /// Requests that may have changed something.
    touched: AtomicUsize,
    changed: watch::Sender<()>,
    stopped: watch::Receiver<bool>,
}

/// What a simulator opens with.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) clock: Clock,
    pub(crate) seed: Seed,
    pub(crate) start: DateTime<Utc>,
    pub(crate) token: String,
    pub(crate) blob_url: String,
    pub(crate) storage: Storage,
    pub(crate) faults: Faults,
    pub(crate) v1: v1::state::State,
    pub(crate) v2: v2::state::State,
    pub(crate) serika: serika::state::State,
    pub(crate) photogpt: photogpt::state::State,
    pub(crate) has_control: bool,
}

impl Shared {
    pub(crate) fn new(opening: Opening, stopped: watch::Receiver<bool>) -> Self {
        Self {
            clock: opening.clock,
            seed: opening.seed,
            start: opening.start,
            token: opening.token,
            blob_url: opening.blob_url,
            storage: opening.storage,
            waits: Waits::default(),
            intake: Intake::default(),
            recent: opening.has_control.then(Recent::default),
            v1: Mutex::new(opening.v1),
            v2: v2::shown::Shown::new(opening.v2),
            serika: Mutex::new(opening.serika),
            photogpt: Mutex::new(opening.photogpt),
            log: Mutex::default(),
            faults: Mutex::new(opening.faults),
            touched: AtomicUsize::new(0),
            changed: watch::Sender::default(),
            stopped,
        }
    }

    /// Version 1, brought up to now.
    pub(crate) fn v1(&self) -> MutexGuard<'_, v1::state::State> {
        let mut state = lock(&self.v1);
        v1::run::advance(&mut state, self.clock.now());
        state
    }

    /// Version 2, brought up to now.
    pub(crate) fn v2(&self) -> v2::shown::Held<'_> {
        self.v2.at(self.clock.now())
    }

    /// Serika, brought up to now.
    pub(crate) fn serika(&self) -> MutexGuard<'_, serika::state::State> {
        let mut state = lock(&self.serika);
        state.works.advance(self.clock.now());
        state
    }

    /// PhotoGPT, brought up to now.
    pub(crate) fn photogpt(&self) -> MutexGuard<'_, photogpt::state::State> {
        let mut state = lock(&self.photogpt);
        state.works.advance(self.clock.now());
        state
    }

    /// The next instant at which work of any service goes on; nothing where there is none.
    pub(crate) fn next_work(&self) -> Option<Duration> {
        let works = [
            self.v1().next_work(),
            self.v2().next_work(),
            self.serika().works.next_change(),
            self.photogpt().next_work(self.clock.now()),
        ];
        works.into_iter().flatten().min()
    }

    /// The simulated date.
    pub(crate) fn today(&self) -> DateTime<Utc> {
        let since = chrono::Duration::from_std(self.clock.now()).unwrap_or(chrono::Duration::MAX);
        let date = self.start.checked_add_signed(since);
        date.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Lets time run as fast from now on.
    pub(crate) fn set_speed(&self, speed: Speed) {
        self.clock.set_speed(speed);
        self.announce();
    }

    /// Moves time forward; everything due by then happens, and held requests wake.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.skip(by);
        self.announce();
    }

    /// Wakes everything that waits for a change.
    pub(crate) fn announce(&self) {
        self.changed.send_replace(());
    }

    /// Notes that a request has been carried out which may have changed something.
    pub(super) fn touch(&self) {
        self.touched.fetch_add(1, Ordering::Release);
    }

    /// How many requests have been carried out which may have changed something.
    pub(crate) fn touched(&self) -> usize {
        self.touched.load(Ordering::Acquire)
    }

    /// Tells when something changes that was not due by itself.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Completes when `busy` gives nothing, after `limit`, or when the simulator stops; what `busy`
    /// gives is the next instant at which it may be otherwise.
    pub(crate) async fn hold_while(&self, limit: Duration, busy: impl Fn() -> Option<Duration>) {
        let deadline = self.clock.now() + limit;
        let mut changed = self.changed.subscribe();
        let mut stopped = self.stopped.clone();
        let held = self.waits.hold(deadline);
        loop {
            changed.borrow_and_update();
            let Some(next) = busy() else { return };
            if self.clock.now() >= deadline {
                return;
            }
            let due = next.min(deadline);
            held.set_due(due);
            tokio::select! {
                _ = changed.changed() => {}
                () = self.clock.sleep_until(due) => {}
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
        }
    }

    /// Completes when time has come to `at`.
    #[cfg(feature = "clock")]
    pub(crate) async fn until(&self, at: Duration) {
        let mut changed = self.changed.subscribe();
        loop {
            changed.borrow_and_update();
            if self.clock.now() >= at {
                return;
            }
            tokio::select! {
                _ = changed.changed() => {}
                () = self.clock.sleep_until(at) => {}
            }
        }
    }

    /// Completes when the simulator stops.
    pub(crate) async fn until_stopped(&self) {
        // A sender that is gone means the same as its last word.
        let _ = self.stopped.clone().wait_for(|stopped| *stopped).await;
    }

    /// Orders a fault for the next request to one of the servers.
    pub(crate) fn order(&self, origin: Origin, fault: Fault) {
        lock(&self.faults).order(origin, fault);
    }

    /// What goes wrong with a request.
    pub(super) fn effects(
        &self,
        origin: Origin,
        request: &Request,
        is_submission: bool,
    ) -> Vec<Effect> {
        let asked = Asked {
            origin,
            method: request.method().as_str(),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
        };
        lock(&self.faults).effects(asked, is_submission)
    }

    /// The faults that are still to come.
    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
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
