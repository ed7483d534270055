//! Simulated time: how fast it runs, and how it is moved by hand.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};

/// 1 January 2026, 00:00 UTC: where time stands still at the start of a manual run.
const MANUAL_START: Duration = Duration::from_secs(1_767_225_600);
/// Faster than this, an hour passes between two instructions and nothing can be observed.
const FASTEST: f64 = 1_000_000.0;
/// As far as time can be moved by hand: a hundred years.
const FARTHEST: Duration = Duration::from_secs(3_155_760_000);

/// How simulated time passes.
///
/// Both kinds can be moved forward with [`Simulator::advance`](crate::Simulator::advance).
#[derive(Clone, Copy, Debug)]
pub struct SimTime {
    /// Nothing where time is moved by hand.
    speed: Option<f64>,
    start: Option<SystemTime>,
}

impl SimTime {
    /// Time that passes by itself, `speed` times as fast as the clock on the wall.
    ///
    /// Starting fails unless `speed` is above 0 and at most 1,000,000. The simulated date begins
    /// at today's.
    pub fn real(speed: f64) -> Self {
        Self {
            speed: Some(speed),
            start: Some(SystemTime::now()),
        }
    }

    /// Time that stands still until it is advanced; it begins at 1 January 2026, 00:00 UTC.
    pub fn manual() -> Self {
        Self {
            speed: None,
            start: None,
        }
    }

    /// The same kind of time, beginning at another date.
    pub fn starting_at(self, start: SystemTime) -> Self {
        Self {
            start: Some(start),
            ..self
        }
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
    skipped: Mutex<Duration>,
}

impl Clock {
    pub(crate) fn new(time: SimTime) -> Self {
        Self {
            began: Instant::now(),
            speed: time.speed,
            skipped: Mutex::default(),
        }
    }

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

/// Writes a duration as the service does: `00:00:43.7707452`, with days in front where needed.
pub(crate) fn clock_text(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    let ticks = duration.subsec_nanos() / 100;
    let days = if days > 0 {
        format!("{days}.")
    } else {
        String::new()
    };
    let fraction = if ticks > 0 {
        format!(".{ticks:07}")
    } else {
        String::new()
    };
    format!("{days}{hours:02}:{minutes:02}:{rest:02}{fraction}")
}

/// Reads a duration as [`clock_text`] writes it, of up to a year.
pub(crate) fn clock_parse(text: &str) -> Option<Duration> {
    let mut parts = text.rsplitn(3, ':');
    let (seconds, minutes, hours) = (parts.next()?, parts.next()?, parts.next()?);
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let seconds: f64 = seconds.parse().ok().filter(|s| (0.0..60.0).contains(s))?;
    let minutes: u64 = minutes.parse().ok().filter(|m| *m < 60)?;
    let hours: u64 = hours.parse().ok().filter(|h| *h < 24)?;
    let days: u64 = days.parse().ok().filter(|d| *d < 366)?;
    let whole = Duration::from_secs(((days * 24 + hours) * 60 + minutes) * 60);
    Some(whole + Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_the_service_writes_them() {
        for (nanos, text) in [
            (0, "00:00:00"),
            (43_770_745_200, "00:00:43.7707452"),
            (600_000_000_000, "00:10:00"),
            (93_784_000_000_000, "1.02:03:04"),
        ] {
            let duration = Duration::from_nanos(nanos);
            assert_eq!(clock_text(duration), text);
            assert_eq!(clock_parse(text), Some(duration), "{text}");
        }
        for text in [
            "", "10", "10:00", "24:00:00", "00:60:00", "00:00:60", "PT10M", "-1:00:00",
        ] {
            assert_eq!(clock_parse(text), None, "{text}");
        }
    }

    #[test]
    fn manual_time_moves_only_when_it_is_advanced() {
        let clock = Clock::new(SimTime::manual());
        assert_eq!(clock.now(), Duration::ZERO);
        clock.skip(Duration::from_secs(7));
        assert_eq!(clock.now(), Duration::from_secs(7));
    }
}
