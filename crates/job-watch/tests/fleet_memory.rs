//! What an open watch takes in memory. Alone in its program, whose memory is counted.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]
#![allow(
    dead_code,
    reason = "the service is shared, and this test plays little of it"
)]

mod batches;

use std::time::Duration;

use batches::{Batches, Part};
use futures_util::future::join_all;
use job_watch::FleetBuilder;
use peak_alloc::PeakAlloc;
use tokio::time::timeout;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[tokio::test(start_paused = true)]
async fn ten_thousand_watches_take_little_each() {
    let hour = Duration::from_secs(3_600);
    let parts = |number| Part {
        batch: number % 500,
        number,
        ends: hour,
    };
    let (fleet, driver) = FleetBuilder::new(Batches::new()).build();
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let watches = fleet.watch_all((0..10_000).map(parts));
    // All are polled several times, and awaited.
    let driven = driver.until(join_all(watches));
    assert!(timeout(hour / 4, driven).await.is_err());
    let each = (MEMORY.peak_usage() - before) / 10_000;
    assert!((100..4_096).contains(&each), "{each} bytes");
}
