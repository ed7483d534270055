//! Moves time from event to event while its speed is the highest.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::core::speed::Speed;

use super::settle::settle;
use super::shared::Shared;

/// How long a request is held that nothing is going to answer; this is time on the wall.
const PATIENCE: Duration = Duration::from_millis(50);

/// Moves time until the simulator stops, whenever its speed is the highest.
pub(crate) async fn rush(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let mut changed = shared.changes();
    let rushing = async {
        loop {
            changed.borrow_and_update();
            if shared.clock.speed() != Speed::Max {
                // The sender lives as long as what is shared.
                let _ = changed.changed().await;
                continue;
            }
            settle().await;
            let now = shared.clock.now();
            if let Some(next) = shared.next_work() {
                shared.advance(next.saturating_sub(now));
                continue;
            }
            tokio::select! {
                _ = changed.changed() => {}
                () = tokio::time::sleep(PATIENCE) => if let Some(next) = shared.waits.next() {
                    shared.advance(next.saturating_sub(now));
                },
            }
        }
    };
    tokio::select! {
        () = rushing => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}
