//! Everything that version 2 knows at an instant.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::core::agenda::Agenda;
use crate::core::reply;
use crate::core::setup::Setup;

use super::blobs::Blobs;
use super::line::Line;
use super::models::Models;
use super::outbox::Outbox;
use super::settings::Settings;
use super::store::Store;
use super::wallet::Wallet;

/// The number of the account, which ids begin with.
pub(crate) const USER: u32 = 7;

/// The whole state of version 2: its settings, and parts that are plain data.
///
/// Each part guards its own fields. `submit`, `run` and `change` move them, with what these call; all
/// else only reads.
#[derive(Debug, serde::Serialize)]
pub(crate) struct State {
    #[serde(skip)]
    pub(super) setup: Setup,
    #[serde(skip)]
    pub(super) settings: Arc<Settings>,
    /// The address that links to blobs begin with.
    #[serde(skip)]
    pub(super) api_url: String,
    pub(super) now: Duration,
    pub(super) store: Store,
    pub(super) line: Line,
    pub(super) agenda: Agenda<Due>,
    pub(super) wallet: Wallet,
    pub(super) blobs: Blobs,
    pub(super) models: Models,
    pub(super) outbox: Outbox,
}

/// What is written down of a state, all but its settings.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Kept {
    now: Duration,
    store: Store,
    line: Line,
    agenda: Agenda<Due>,
    wallet: Wallet,
    blobs: Blobs,
    models: Models,
    outbox: Outbox,
}

/// Something that is due at an instant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub(super) enum Due {
    /// A state that follows from time alone changes.
    Turn { workflow: usize },
    /// A step has taken too long.
    Timeout { workflow: usize, step: usize },
    /// A step has made one more item of the list that grows.
    Item { workflow: usize, step: usize },
}

impl State {
    pub(crate) fn new(setup: Setup, settings: Settings, api_url: String) -> Self {
        Self {
            now: Duration::ZERO,
            store: Store::default(),
            line: Line::new(setup.workers),
            agenda: Agenda::default(),
            wallet: Wallet::new(settings.balances.clone()),
            blobs: Blobs::default(),
            models: Models::new(&settings.not_loaded),
            outbox: Outbox::default(),
            setup,
            settings: Arc::new(settings),
            api_url,
        }
    }

    /// Goes on from what was written down.
    pub(crate) fn take_up(&mut self, kept: Kept) {
        self.now = kept.now;
        self.store = kept.store;
        self.line = kept.line;
        self.agenda = kept.agenda;
        self.wallet = kept.wallet;
        self.blobs = kept.blobs;
        self.models = kept.models;
        self.outbox = kept.outbox;
    }

    /// The settings, for who reads a submission without the state.
    pub(crate) fn shared_settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings)
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Simulated time since the start.
    pub(crate) fn now(&self) -> Duration {
        self.now
    }

    /// The date of an instant.
    pub(crate) fn date(&self, at: Duration) -> DateTime<Utc> {
        self.setup.date(at)
    }

    /// The date of an instant as replies carry it.
    pub(crate) fn date_text(&self, at: Duration) -> String {
        reply::date_text(self.date(at))
    }

    /// The next instant at which something changes by itself.
    pub(crate) fn next_change(&self) -> Option<Duration> {
        let line = self.line.next_change().into_iter();
        let others = [self.agenda.next(), self.models.next_change()];
        line.chain(others.into_iter().flatten()).min()
    }

    /// The next instant at which work goes on; nothing where there is none.
    ///
    /// What is only on the agenda, such as the timeout of a step that has ended, is no work.
    pub(crate) fn next_work(&self) -> Option<Duration> {
        let line = self.line.next_change();
        let agenda = self.agenda.next().filter(|_| line.is_some());
        let all = [line, agenda, self.models.next_change()];
        all.into_iter().flatten().min()
    }

    /// How many jobs are in line, and how many workers have one.
    pub(crate) fn load(&self) -> (usize, usize) {
        self.line.load()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The events on their way, for who delivers them.
    pub(crate) fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }
}
