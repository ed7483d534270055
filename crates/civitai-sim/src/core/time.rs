//! Simulated time: how fast it runs, and how it is moved by hand.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};

use super::lock::lock;
use super::speed::Speed;

/// 1 January 2026, 00:00 UTC: where time stands still at the start of a manual run.
const MANUAL_START: Duration = Duration::from_secs(1_767_225_600);
/// The longest delay that can be set, a year, so that no sum of them overflows.
pub(crate) const LONGEST: Duration = Duration::from_secs(365 * 86_400);
/// As far as time can be moved by hand: a hundred years.
const FARTHEST: Duration = Duration::from_secs(3_155_760_000);

/// How simulated time passes.
///
/// All kinds can be moved forward with [`Simulator::advance`](crate::Simulator::advance).
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct SimTime {
    speed: Speed,
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
        Self::new(Speed::Times(speed), Some(SystemTime::now()))
    }

    /// Returns time that stands still until it is moved; it begins at 1 January 2026, 00:00 UTC.
    pub fn manual() -> Self {
        Self::new(Speed::Stopped, None)
    }

    /// Returns time that passes at this speed. The simulated date begins at today's, or as in
    /// [`manual`](Self::manual) where time is stopped.
    ///
    /// Starting fails for a speed that is out of its range.
    pub fn at(speed: Speed) -> Self {
        let today = (speed != Speed::Stopped).then(SystemTime::now);
        Self::new(speed, today)
    }

    fn new(speed: Speed, start: Option<SystemTime>) -> Self {
        Self {
            speed,
            start,
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
        self.speed.is_valid()
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
    #[cfg(feature = "clock")]
    began: Instant,
    #[cfg(feature = "clock")]
    step: Duration,
    run: Mutex<Run>,
}

/// Simulated time at an instant on the wall, and how fast it goes on from there.
#[derive(Clone, Copy, Debug)]
struct Run {
    at: Duration,
    since: Instant,
    speed: Speed,
}

impl Run {
    fn now(&self) -> Duration {
        match self.speed {
            Speed::Times(times) => self.at + self.since.elapsed().mul_f64(times),
            Speed::Stopped | Speed::Max => self.at,
        }
    }

    /// Goes on from now.
    fn go_on(&mut self) {
        let (now, since) = (self.now(), Instant::now());
        (self.at, self.since) = (now, since);
    }
}

impl Clock {
    /// A clock that begins at an instant.
    pub(crate) fn new(time: SimTime, at: Duration) -> Self {
        let since = Instant::now();
        Self {
            #[cfg(feature = "clock")]
            began: since,
            #[cfg(feature = "clock")]
            step: time.step,
            run: Mutex::new(Run {
                at,
                since,
                speed: time.speed,
            }),
        }
    }

    /// When time began to pass, on the wall.
    #[cfg(feature = "clock")]
    pub(crate) fn began(&self) -> Instant {
        self.began
    }

    /// How far time that stands still is moved at most at once; nothing where it passes by itself.
    #[cfg(feature = "clock")]
    pub(crate) fn step(&self) -> Option<Duration> {
        (self.speed() == Speed::Stopped).then_some(self.step)
    }

    /// Simulated time since the start.
    pub(crate) fn now(&self) -> Duration {
        lock(&self.run).now()
    }

    pub(crate) fn speed(&self) -> Speed {
        lock(&self.run).speed
    }

    pub(crate) fn set_speed(&self, speed: Speed) {
        let mut run = lock(&self.run);
        run.go_on();
        run.speed = speed;
    }

    pub(crate) fn skip(&self, by: Duration) {
        let mut run = lock(&self.run);
        run.at = run.at.saturating_add(by).min(FARTHEST);
    }

    /// Completes when time has reached `at` by itself; where it stands still, never.
    pub(crate) async fn sleep_until(&self, at: Duration) {
        match self.speed() {
            Speed::Times(times) => {
                let left = at.saturating_sub(self.now()).as_secs_f64() / times;
                let pause = Duration::try_from_secs_f64(left).unwrap_or(FARTHEST);
                tokio::time::sleep(pause).await;
            }
            Speed::Stopped | Speed::Max => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manual_time_moves_only_when_it_is_advanced() {
        let clock = Clock::new(SimTime::manual(), Duration::ZERO);
        assert_eq!(clock.now(), Duration::ZERO);
        clock.skip(Duration::from_secs(7));
        assert_eq!(clock.now(), Duration::from_secs(7));
    }

    #[test]
    fn time_that_is_stopped_goes_on_from_where_it_was() {
        let clock = Clock::new(SimTime::at(Speed::Times(1e6)), Duration::from_secs(5));
        clock.set_speed(Speed::Stopped);
        let stopped = clock.now();
        assert!(stopped >= Duration::from_secs(5));
        assert_eq!(clock.now(), stopped);
        clock.set_speed(Speed::Times(1e6));
        assert!(clock.now() >= stopped);
    }
}
