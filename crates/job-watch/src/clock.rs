//! Time as an argument, so that every rule about time is tested without spending any.

use std::fmt::Debug;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

/// A point in time of a [`Clock`]: of the standard library, or in a browser of `web_time`, which has the same
/// methods.
#[cfg(not(target_family = "wasm"))]
pub use std::time::Instant;
#[cfg(target_family = "wasm")]
pub use web_time::Instant;

/// The source of time of a watch.
#[doc(alias = "time")]
#[doc(alias = "sleep")]
pub trait Clock: Debug + Send + Sync {
    /// Returns the time now, which never goes back.
    fn now(&self) -> Instant;

    /// Creates a future that is ready after that pause.
    fn sleep(&self, pause: Duration) -> Sleep;

    /// Creates a future that is ready after that time, as a limit on other work. Default:
    /// [`sleep`](Self::sleep).
    fn limit(&self, after: Duration) -> Sleep {
        self.sleep(after)
    }
}

/// A future that is ready when its time has come.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The time of the tokio runtime, which must have its timer on.
///
/// In a runtime whose time is paused (`#[tokio::test(start_paused = true)]`), a pause takes no real
/// time; that suits tests without sockets. With sockets, use [`SkipClock`].
#[cfg(not(target_family = "wasm"))]
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioClock;

#[cfg(not(target_family = "wasm"))]
impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        Box::pin(async move { tokio::time::sleep(pause).await })
    }
}

/// A clock for tests and demonstrations: a pause is over at once and moves the time on by its length.
/// Apart from pauses only [`advance`](Self::advance) moves the time.
///
/// Work that really takes time, such as an exchange over a socket, takes none by this clock, so no
/// limit cuts it off. Clones share their time.
#[derive(Clone, Debug)]
pub struct SkipClock {
    start: Instant,
    nanos: Arc<AtomicU64>,
}

impl SkipClock {
    /// Creates a clock that stands at zero.
    #[must_use]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            nanos: Arc::default(),
        }
    }

    /// Returns the time that has passed on this clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::SeqCst))
    }

    /// Moves the time on.
    pub fn advance(&self, by: Duration) {
        self.reach(self.elapsed().saturating_add(by));
    }

    /// Moves the time on to `at`, unless it is there already: pauses that overlap do not add up.
    fn reach(&self, at: Duration) {
        let nanos = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_max(nanos, Ordering::SeqCst);
    }
}

impl Default for SkipClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SkipClock {
    fn now(&self) -> Instant {
        self.start.checked_add(self.elapsed()).unwrap_or(self.start)
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        let clock = self.clone();
        let end = self.elapsed().saturating_add(pause);
        Box::pin(async move { clock.reach(end) })
    }

    fn limit(&self, after: Duration) -> Sleep {
        let clock = self.clone();
        let end = self.elapsed().saturating_add(after);
        // Polled whenever the limited work is, which is often enough: no other task has to wake it.
        Box::pin(poll_fn(move |_| {
            if clock.elapsed() >= end {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }))
    }
}
