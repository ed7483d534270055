//! Everything that version 1 knows at an instant.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::core::agenda::Agenda;
use crate::core::queue::Queue;
use crate::core::setup::Setup;

use super::settings::Settings;
use super::store::Store;
use super::wallet::Wallet;

/// The whole state of version 1: its settings, and parts that are plain data.
///
/// Each part guards its own fields. `submit`, `run` and `change` move them; all else only reads.
#[derive(Debug, serde::Serialize)]
pub(crate) struct State {
    #[serde(skip)]
    pub(super) setup: Setup,
    #[serde(skip)]
    pub(super) settings: Settings,
    pub(super) now: Duration,
    pub(super) store: Store,
    pub(super) queue: Queue,
    /// The jobs that expire, by number.
    pub(super) expiries: Agenda<usize>,
    pub(super) wallet: Wallet,
    /// When the last image that was drawn so far has been uploaded.
    pub(super) uploaded: Duration,
}

/// What is written down of a state, all but its settings.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Kept {
    now: Duration,
    store: Store,
    queue: Queue,
    expiries: Agenda<usize>,
    wallet: Wallet,
    uploaded: Duration,
}

impl State {
    pub(crate) fn new(setup: Setup, settings: Settings) -> Self {
        Self {
            now: Duration::ZERO,
            store: Store::default(),
            queue: Queue::new(setup.workers),
            expiries: Agenda::default(),
            wallet: Wallet::new(settings.balance),
            uploaded: Duration::ZERO,
            setup,
            settings,
        }
    }

    /// Goes on from what was written down.
    pub(crate) fn take_up(&mut self, kept: Kept) {
        self.now = kept.now;
        self.store = kept.store;
        self.queue = kept.queue;
        self.expiries = kept.expiries;
        self.wallet = kept.wallet;
        self.uploaded = kept.uploaded;
    }

    /// The next instant at which work goes on or an image is there; nothing where there is none.
    pub(crate) fn next_work(&self) -> Option<Duration> {
        let uploaded = Some(self.uploaded).filter(|at| *at > self.now);
        self.queue.next_change().into_iter().chain(uploaded).min()
    }

    /// When the last image of some jobs that a worker is through with is uploaded; nothing where all
    /// are.
    pub(crate) fn uploads(&self, batch: &[usize]) -> Option<Duration> {
        let drawn = batch
            .iter()
            .filter_map(|job| self.store.job(*job).drawn_last());
        let uploaded = drawn.map(|at| at + self.settings.upload_lag).max();
        uploaded.filter(|at| *at > self.now)
    }

    /// The simulated date.
    pub(crate) fn today(&self) -> DateTime<Utc> {
        self.date(self.now)
    }

    /// The date of an instant.
    pub(crate) fn date(&self, at: Duration) -> DateTime<Utc> {
        self.setup.date(at)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn wallet(&self) -> &Wallet {
        &self.wallet
    }
}
