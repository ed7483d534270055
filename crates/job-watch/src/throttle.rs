//! Keeps watches that started together from polling together.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::Instant;

/// A limit on the polls per second of all watches that share it.
///
/// A watch that is alone is not slowed down. Clones are the same throttle.
#[derive(Clone, Debug)]
#[doc(alias = "rate_limit")]
pub struct Throttle {
    gap: Duration,
    /// When the next poll may be.
    next: Arc<Mutex<Option<Instant>>>,
}

impl Throttle {
    /// Creates a throttle of so many polls per second, at least 1.
    #[must_use]
    pub fn per_second(polls: u32) -> Self {
        Self {
            gap: Duration::from_secs(1) / polls.max(1),
            next: Arc::default(),
        }
    }

    /// Takes the next turn and returns the time until then.
    pub(crate) fn turn(&self, now: Instant) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.max(now));
        *next = turn.checked_add(self.gap);
        turn.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_one_by_one() {
        let (start, ms) = (Instant::now(), Duration::from_millis);
        let throttle = Throttle::per_second(10);
        let turns = [0, 0, 0, 150, 900, 900].map(|at| throttle.clone().turn(start + ms(at)));
        assert_eq!(turns, [0, 100, 200, 150, 0, 100].map(ms));
        assert_eq!(Throttle::per_second(0).turn(start), Duration::ZERO);
    }
}
