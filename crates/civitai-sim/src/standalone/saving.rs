//! Saving the state while a server runs, so that one that is killed loses seconds and not the run.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;

use crate::saved::Saved;
use crate::server::shared::Shared;

use super::error::ServerError;
use super::state_file;

/// The pause between two saves, in time on the wall.
const EVERY: Duration = Duration::from_secs(2);
/// A pause is this many times as long as the save before it, since a save stops everybody for a moment.
const REST: u32 = 20;

/// Saves the state wherever it has changed, until `stop` completes.
///
/// A save that fails is made again; whether the last one succeeds is for who ends the server to see.
pub(super) async fn save_until(stop: impl Future<Output = ()>, path: &Path, shared: &Arc<Shared>) {
    let mut stop = pin!(stop);
    let mut changed = shared.changes();
    let (mut touched, mut due, mut pause) = (0, None, EVERY);
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(pause) => {}
        }
        let is_due = due.is_some_and(|due| shared.clock.now() >= due);
        // A simulator that has gone announces nothing more.
        let is_announced = changed.has_changed().unwrap_or(false);
        if !is_due && !is_announced && shared.touched() == touched {
            continue;
        }
        changed.borrow_and_update();
        touched = shared.touched();
        due = shared.next_work();
        let begun = Instant::now();
        let (path, shared) = (path.to_owned(), Arc::clone(shared));
        // A save that panics has failed like another.
        let _ = spawn_blocking(move || save(&path, &shared)).await;
        pause = EVERY.max(begun.elapsed() * REST);
    }
}

/// Saves the state once.
pub(super) fn save(path: &Path, shared: &Shared) -> Result<(), ServerError> {
    state_file::write(path, &Saved::of(shared)?)
}
