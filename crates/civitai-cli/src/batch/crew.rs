//! Who works on a run in this process: apalis hands tasks to it, and each task is a line.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use civitai_jobs::{RequestBudget, WorkflowFleet};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::tell::Tell;
use crate::failure::Failure;
use crate::ledger::{Ledger, RunRow};
use crate::run::Run;

/// Polls in a second, of all lines of this process together: each covers up to a hundred, and costs as much to read.
const POLLS: u16 = 2;

/// Those who work on a run in this process.
#[derive(Debug)]
pub(crate) struct Crew {
    pub(super) run: Arc<Run>,
    pub(super) row: RunRow,
    /// Digits of the number of a line.
    pub(super) width: usize,
    pub(super) fleet: WorkflowFleet,
    pub(super) tell: Tell,
    /// Says that all is to be let go.
    stop: watch::Sender<bool>,
    /// Why the process cannot go on.
    broken: Mutex<Option<Failure>>,
    /// The names of the workers that it has had.
    names: Mutex<Vec<String>>,
    /// Since when workers end by errors, and when the last one did.
    failing: Mutex<Option<(Instant, Instant)>>,
}

impl Crew {
    /// Makes the crew, and spawns what polls for it.
    pub(crate) fn new(run: Arc<Run>, row: RunRow, lines: u32, tell: Tell) -> Arc<Self> {
        let (fleet, driver) = run
            .client()
            .workflows()
            .fleet(RequestBudget::per_second(POLLS));
        tokio::spawn(driver);
        Arc::new(Self {
            run,
            row,
            width: lines.to_string().len(),
            fleet,
            tell,
            stop: watch::Sender::new(false),
            broken: Mutex::default(),
            names: Mutex::default(),
            failing: Mutex::default(),
        })
    }

    pub(super) fn ledger(&self) -> &Ledger {
        &self.run.ledger
    }

    /// Does something with the ledger, again and again where it fails: a database may be away for a while, and what the
    /// service has said is worth waiting for.
    pub(super) async fn patiently<T, F>(&self, mut call: impl FnMut() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let patience = self.patience();
        let until = Instant::now() + patience;
        loop {
            match call().await {
                Err(_) if Instant::now() < until => sleep(Duration::from_millis(500)).await,
                done => return done,
            }
        }
    }

    /// How long the database may be away.
    fn patience(&self) -> Duration {
        match self.ledger().is_shared() {
            true => Duration::from_secs(180),
            false => Duration::from_secs(10),
        }
    }

    /// The database has handed something out.
    pub(super) fn is_well(&self) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether a worker that an error has ended may begin anew: not where that has gone on for too long.
    pub(super) fn may_begin_anew(&self, error: &str) -> bool {
        let now = Instant::now();
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        let since = match *failing {
            // A statement alone may wait for as long.
            Some((since, last)) if now - last < self.patience() * 6 => since,
            _ => now,
        };
        *failing = Some((since, now));
        drop(failing);
        if now - since > self.patience() {
            let what = format!("the ledger cannot be used: {error}");
            self.give_up(Failure::new(crate::exit::NOT_SAVED, what));
        }
        !*self.stop.borrow()
    }

    /// Lets everything go: what is under way is dropped, and taken up by whoever comes next.
    pub(crate) fn let_go(&self) {
        self.stop.send_replace(true);
    }

    /// Completes when everything is to be let go.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopped = self.stop.subscribe();
        async move {
            // The sender lives as long as the crew; without it, it is over as well.
            let _ = stopped.wait_for(|stop| *stop).await;
        }
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Ends the work of this process.
    pub(super) fn give_up(&self, failure: Failure) {
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.get_or_insert(failure);
        drop(broken);
        self.let_go();
    }

    /// Why the process cannot go on.
    pub(crate) fn trouble(&self) -> Option<Failure> {
        self.broken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    pub(super) fn named(&self, name: String) {
        self.names
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(name);
    }

    /// Gives back what its workers hold, so that nobody waits for their heartbeat.
    pub(crate) async fn release(&self) -> Result<(), Failure> {
        let names = std::mem::take(&mut *self.names.lock().unwrap_or_else(PoisonError::into_inner));
        for name in names {
            self.ledger().release(&name).await?;
        }
        Ok(())
    }
}
