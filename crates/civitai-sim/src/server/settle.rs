//! Letting everything happen that takes no simulated time.

use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};

/// Turns of the runtime in which requests and replies arrive before time moves.
const TURNS: usize = 16;
/// The same for a runtime of several threads, and for who waits in another one; this is time on the
/// wall.
pub(super) const SETTLING: Duration = Duration::from_millis(1);

/// Lets everything happen that takes no simulated time.
pub(super) async fn settle() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
    if Handle::current().runtime_flavor() != RuntimeFlavor::CurrentThread {
        tokio::time::sleep(SETTLING).await;
    }
}
