//! Time that client and simulator share. It stands still while anything is under way, and moves on
//! where all that is left is to wait: for a pause of the client, or for an answer that is held.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use civitai_jobs::{Clock, Sleep};
use civitai_sim::Simulator;
use futures_util::FutureExt as _;
use tokio::sync::watch;

/// How far time moves at once while an answer is held; what is held ends within one of these.
const HELD: Duration = Duration::from_millis(25);
/// Turns of the runtime in which requests and replies arrive before time moves.
const TURNS: usize = 16;

/// A clock whose pauses last until the time that it drives has come.
#[derive(Clone, Debug)]
pub(crate) struct SharedTime(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sim: Arc<Simulator>,
    start: Instant,
    now: watch::Sender<Duration>,
    /// When each pause that is under way ends.
    pauses: watch::Sender<BTreeMap<u64, Duration>>,
    begun: AtomicU64,
    stride: Duration,
}

impl SharedTime {
    /// Begins to drive time, which never moves by more than `stride` at once.
    pub(crate) fn of(sim: &Arc<Simulator>, stride: Duration) -> Self {
        let time = Self(Arc::new(Inner {
            sim: Arc::clone(sim),
            start: Instant::now(),
            now: watch::Sender::default(),
            pauses: watch::Sender::default(),
            begun: AtomicU64::default(),
            stride,
        }));
        tokio::spawn(time.clone().drive());
        time
    }

    /// Moves time by hand.
    pub(crate) fn advance(&self, by: Duration) {
        self.0.sim.advance(by);
        self.0.now.send_replace(self.0.sim.elapsed());
    }

    async fn drive(self) {
        let Inner { sim, pauses, .. } = &*self.0;
        loop {
            let mut pausing = pauses.subscribe();
            tokio::select! {
                _ = pausing.wait_for(|pauses| !pauses.is_empty()) => {}
                () = sim.until_held(1) => {}
            }
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
            let now = sim.elapsed();
            let end = pauses.borrow().values().min().copied();
            let held = sim.until_held(1).now_or_never().map(|()| now + HELD);
            if let Some(next) = end.into_iter().chain(held).min() {
                let by = next.saturating_sub(now);
                self.advance(by.min(self.0.stride));
            }
        }
    }
}

impl Clock for SharedTime {
    fn now(&self) -> Instant {
        self.0.start + self.0.sim.elapsed()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        let time = self.clone();
        let end = self.0.sim.elapsed() + pause;
        Box::pin(async move {
            let mut now = time.0.now.subscribe();
            let _pause = Pause::begin(&time, end);
            // The sender lives as long as `time`.
            let _ = now.wait_for(|now| *now >= end).await;
        })
    }

    fn limit(&self, after: Duration) -> Sleep {
        let sim = Arc::clone(&self.0.sim);
        let end = sim.elapsed() + after;
        // Polled whenever the limited work is: no time passes for its own sake.
        Box::pin(poll_fn(move |_| {
            if sim.elapsed() >= end {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }))
    }
}

/// A pause that time moves on for, until it is dropped.
struct Pause<'a> {
    time: &'a SharedTime,
    number: u64,
}

impl<'a> Pause<'a> {
    fn begin(time: &'a SharedTime, end: Duration) -> Self {
        let number = time.0.begun.fetch_add(1, Ordering::Relaxed);
        time.0.pauses.send_modify(|pauses| {
            pauses.insert(number, end);
        });
        Self { time, number }
    }
}

impl Drop for Pause<'_> {
    fn drop(&mut self) {
        self.time.0.pauses.send_modify(|pauses| {
            pauses.remove(&self.number);
        });
    }
}
