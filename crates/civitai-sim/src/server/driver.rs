//! Moves manual time on where all that is left is to wait for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::watch;

use super::shared::Shared;

/// Turns of the runtime in which requests and replies arrive before time moves.
const TURNS: usize = 16;
/// The same for a runtime of several threads, and for who waits in another one; this is time on the
/// wall.
const SETTLING: Duration = Duration::from_millis(1);

/// Moves time on until the simulator stops; time that passes by itself is left alone.
pub(crate) async fn drive(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let Some(step) = shared.clock.step() else {
        return;
    };
    let driving = async {
        loop {
            shared.waits.until_driven().await;
            settle().await;
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

/// Lets everything happen that takes no simulated time.
async fn settle() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
    if Handle::current().runtime_flavor() != RuntimeFlavor::CurrentThread {
        tokio::time::sleep(SETTLING).await;
    }
}
