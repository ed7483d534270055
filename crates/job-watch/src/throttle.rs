//! Keeps watches that started together from looking together.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Watches that share a throttle take no more than so many looks a second between them.
///
/// One watch alone never notices it. Clones are the same throttle.
#[derive(Clone, Debug)]
pub struct Throttle {
    gap: Duration,
    /// When the next look may be.
    next: Arc<Mutex<Option<Instant>>>,
}

impl Throttle {
    /// At most so many looks a second, at least one.
    #[must_use]
    pub fn per_second(looks: u32) -> Self {
        Self {
            gap: Duration::from_secs(1) / looks.max(1),
            next: Arc::default(),
        }
    }

    /// Takes the next turn and says how long it is until then.
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
