//! Pauses between tries that grow.

use std::time::Duration;

/// Pauses that double from try to try, up to a longest one.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
}

impl Backoff {
    /// For calls to the API: half a second, doubled up to 8 s.
    pub const OF_CALLS: Self = Self::new(Duration::from_millis(500), Duration::from_secs(8));

    /// Creates pauses from `first` up to `longest`.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest }
    }

    /// Returns the pause after so many tries before. `draw`, from 0 to 1, takes up to half of it off,
    /// so that those who failed together do not come back together.
    #[must_use]
    pub fn pause(self, before: u32, draw: f64) -> Duration {
        let full = self.first.saturating_mul(2_u32.saturating_pow(before));
        full.min(self.longest).mul_f64(0.5 + 0.5 * draw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_stay_in_bounds() {
        for (before, full) in [(0, 500), (1, 1_000), (4, 8_000), (u32::MAX, 8_000)] {
            let full = Duration::from_millis(full);
            assert_eq!(Backoff::OF_CALLS.pause(before, 1.0), full);
            assert_eq!(Backoff::OF_CALLS.pause(before, 0.0), full / 2);
        }
    }
}
