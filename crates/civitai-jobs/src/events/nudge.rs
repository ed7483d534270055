//! A pause that a delivery cuts short.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use job_watch::{Clock, Instant, Sleep};
use tokio::sync::Notify;

/// Polls of one piece of work are at least this far apart, however many deliveries come.
const CLOSEST: Duration = Duration::from_secs(1);

/// Who waits for which work.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiters(Arc<Mutex<Places>>);

/// Those who wait, by the id of what they wait for.
type Places = HashMap<Box<str>, Vec<Arc<Notify>>>;

impl Waiters {
    /// Somebody begins to wait for work that has these ids.
    pub(super) fn enter(&self, ids: Vec<Box<str>>) -> Waiting {
        let nudge = Arc::new(Notify::new());
        self.with(|waiting| {
            for id in &ids {
                let places = waiting.entry(id.clone()).or_default();
                places.push(Arc::clone(&nudge));
            }
        });
        Waiting {
            waiters: self.clone(),
            ids,
            nudge,
        }
    }

    /// Ends the pauses of those who wait for some work; says whether there is anybody.
    pub(super) fn nudge(&self, id: &str) -> bool {
        let nudges = self
            .with(|waiting| waiting.get(id).cloned())
            .unwrap_or_default();
        for nudge in &nudges {
            // Kept for one who is not pausing just now.
            nudge.notify_one();
        }
        !nudges.is_empty()
    }

    fn with<T>(&self, change: impl FnOnce(&mut Places) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A place among those who wait; given up when dropped.
#[derive(Debug)]
pub(super) struct Waiting {
    waiters: Waiters,
    ids: Vec<Box<str>>,
    nudge: Arc<Notify>,
}

impl Waiting {
    /// Time in which a pause ends early where a delivery comes.
    pub(super) fn clock(&self, clock: &Arc<dyn Clock>) -> Arc<dyn Clock> {
        Arc::new(Nudged {
            clock: Arc::clone(clock),
            nudge: Arc::clone(&self.nudge),
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.waiters.with(|waiting| {
            for id in &self.ids {
                if let Some(places) = waiting.get_mut(id) {
                    places.retain(|place| !Arc::ptr_eq(place, &self.nudge));
                    if places.is_empty() {
                        waiting.remove(id);
                    }
                }
            }
        });
    }
}

struct Nudged {
    clock: Arc<dyn Clock>,
    nudge: Arc<Notify>,
}

impl Clock for Nudged {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        let least = pause.min(CLOSEST);
        let (first, rest) = (self.clock.sleep(least), pause.saturating_sub(least));
        let (clock, nudge) = (Arc::clone(&self.clock), Arc::clone(&self.nudge));
        Box::pin(async move {
            first.await;
            if rest.is_zero() {
                return;
            }
            let nudged = std::pin::pin!(nudge.notified());
            match select(nudged, clock.sleep(rest)).await {
                Either::Left(_) => tracing::debug!("a delivery came; polling"),
                Either::Right(_) => {}
            }
        })
    }

    fn limit(&self, after: Duration) -> Sleep {
        self.clock.limit(after)
    }
}

impl fmt::Debug for Nudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nudged").finish_non_exhaustive()
    }
}
