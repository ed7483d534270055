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
#[derive(Debug)]
pub(crate) struct State {
    pub(super) setup: Setup,
    pub(super) settings: Settings,
    pub(super) now: Duration,
    pub(super) store: Store,
    pub(super) queue: Queue,
    /// The jobs that expire, by number.
    pub(super) expiries: Agenda<usize>,
    pub(super) wallet: Wallet,
}

impl State {
    pub(crate) fn new(setup: Setup, settings: Settings) -> Self {
        Self {
            now: Duration::ZERO,
            store: Store::default(),
            queue: Queue::new(setup.workers),
            expiries: Agenda::default(),
            wallet: Wallet::new(settings.balance),
            setup,
            settings,
        }
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
