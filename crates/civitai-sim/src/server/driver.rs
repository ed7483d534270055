//! Moves manual time on where all that is left is to wait for it.

use std::sync::Arc;

use tokio::sync::watch;

use super::settle::{SETTLING, settle};
use super::shared::Shared;

/// Moves time on until the simulator stops; time that passes by itself is left alone.
pub(crate) async fn drive(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let mut changed = shared.changes();
    let driving = async {
        loop {
            shared.waits.until_driven().await;
            settle().await;
            changed.borrow_and_update();
            let Some(step) = shared.clock.step() else {
                // It passes by itself until somebody stops it.
                let _ = changed.changed().await;
                continue;
            };
            let now = shared.clock.now();
            match shared.waits.next() {
                Some(next) if next > now => shared.advance((next - now).min(step)),
                // Who waits for it has not looked yet, so that it gets time on the wall to do so.
                Some(_) => tokio::time::sleep(SETTLING).await,
                None => {}
            }
        }
    };
    tokio::select! {
        () = driving => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}
