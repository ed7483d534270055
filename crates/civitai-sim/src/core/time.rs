//! Simulated time: how fast it runs, and how it is moved by hand.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};

/// 1 January 2026, 00:00 UTC: where time stands still at the start of a manual run.
const MANUAL_START: Duration = Duration::from_secs(1_767_225_600);
/// Faster than this, an hour passes between two instructions and nothing can be observed.
const FASTEST: f64 = 1_000_000.0;
/// The longest delay that can be set, a year, so that no sum of them overflows.
pub(crate) const LONGEST: Duration = Duration::from_secs(365 * 86_400);
/// As far as time can be moved by hand: a hundred years.
const FARTHEST: Duration = Duration::from_secs(3_155_760_000);

/// How simulated time passes.
///
/// Both kinds can be moved forward with [`Simulator::advance`](crate::Simulator::advance).
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct SimTime {
    /// Nothing where time is moved by hand.
    speed: Option<f64>,
    start: Option<SystemTime>,
    #[cfg(feature = "clock")]
    step: Duration,
}

impl SimTime {
    /// Returns time that passes by itself, `speed` times as fast as the clock on the wall.
    ///
    /// Starting fails unless `speed` is above 0 and at most 1,000,000. The simulated date begins
    /// at today's.
    pub fn real(speed: f64) -> Self {
        Self {
            speed: Some(speed),
            start: Some(SystemTime::now()),
            #[cfg(feature = "clock")]
            step: Duration::MAX,
        }
    }

    /// Returns time that stands still until it is moved; it begins at 1 January 2026, 00:00 UTC.
    pub fn manual() -> Self {
        Self {
            speed: None,
            start: None,
            #[cfg(feature = "clock")]
            step: Duration::MAX,
        }
    }

    /// Sets the simulated date at the start.
    pub fn starting_at(self, start: SystemTime) -> Self {
        Self {
            start: Some(start),
            ..self
        }
    }

    /// Sets how far manual time moves at most at once where [`Simulator::clock`](crate::Simulator::clock)
    /// moves it, at least 1 ms: what looks at the service in between sees more of it. Default: no limit.
    #[cfg(feature = "clock")]
    pub fn step(self, step: Duration) -> Self {
        let step = step.max(Duration::from_millis(1));
        Self { step, ..self }
    }

    /// Returns whether the speed is one that the clock can run at.
    pub(crate) fn is_valid(&self) -> bool {
        self.speed
            .is_none_or(|speed| speed > 0.0 && speed <= FASTEST)
    }

    pub(crate) fn start(&self) -> DateTime<Utc> {
        self.start
            .unwrap_or(SystemTime::UNIX_EPOCH + MANUAL_START)
            .into()
    }
}

/// Tells how much simulated time has passed since the start.
#[derive(Debug)]
pub(crate) struct Clock {
    began: Instant,
    speed: Option<f64>,
    #[cfg(feature = "clock")]
    step: Duration,
    skipped: Mutex<Duration>,
}

impl Clock {
    pub(crate) fn new(time: SimTime) -> Self {
        Self {
            began: Instant::now(),
            speed: time.speed,
            #[cfg(feature = "clock")]
            step: time.step,
            skipped: Mutex::default(),
        }
    }

    /// When time began to pass, on the wall.
    #[cfg(feature = "clock")]
    pub(crate) fn began(&self) -> Instant {
        self.began
    }

    /// How far manual time moves at most at once; nothing where time passes by itself.
    #[cfg(feature = "clock")]
    pub(crate) fn step(&self) -> Option<Duration> {
        self.speed.is_none().then_some(self.step)
    }

    /// Simulated time since the start.
    pub(crate) fn now(&self) -> Duration {
        let skipped = *self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        match self.speed {
            Some(speed) => skipped + self.began.elapsed().mul_f64(speed),
            None => skipped,
        }
    }

    pub(crate) fn skip(&self, by: Duration) {
        let mut skipped = self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        *skipped = skipped.saturating_add(by).min(FARTHEST);
    }

    /// Completes when time has reached `at` by itself; with manual time, never.
    pub(crate) async fn sleep_until(&self, at: Duration) {
        match self.speed {
            Some(speed) => {
                let left = at.saturating_sub(self.now()).as_secs_f64() / speed;
                let pause = Duration::try_from_secs_f64(left).unwrap_or(FARTHEST);
                tokio::time::sleep(pause).await;
            }
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manual_time_moves_only_when_it_is_advanced() {
        let clock = Clock::new(SimTime::manual());
        assert_eq!(clock.now(), Duration::ZERO);
        clock.skip(Duration::from_secs(7));
        assert_eq!(clock.now(), Duration::from_secs(7));
    }
}
