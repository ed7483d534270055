//! How fast simulated time passes.

use std::fmt;
use std::str::FromStr;

/// Faster than this, an hour passes between two instructions and nothing can be observed.
const FASTEST: f64 = 1_000_000.0;

/// How fast simulated time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Speed {
    /// It stands still until it is moved.
    Stopped,
    /// It runs so many times as fast as the clock on the wall: above 0, and at most 1,000,000.
    Times(f64),
    /// It goes from event to event for as long as there is work, and stands still where there is none:
    /// work is over as soon as it was asked for, and links last.
    Max,
}

impl Speed {
    /// Returns whether the clock can run at it.
    pub(crate) fn is_valid(self) -> bool {
        match self {
            Self::Stopped | Self::Max => true,
            Self::Times(times) => times > 0.0 && times <= FASTEST,
        }
    }
}

/// Reads `0`, a number, or `max`.
impl FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, SpeedError> {
        let speed = match text {
            "max" => Self::Max,
            _ => match text.parse().map_err(|_| SpeedError)? {
                0.0 => Self::Stopped,
                times => Self::Times(times),
            },
        };
        Some(speed)
            .filter(|speed| speed.is_valid())
            .ok_or(SpeedError)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("0"),
            Self::Times(times) => write!(f, "{times}"),
            Self::Max => f.write_str("max"),
        }
    }
}

/// Why a text is no [`Speed`].
#[derive(Debug, thiserror::Error)]
#[error(
    "a speed is `max`, 0, or how many times as fast as the clock on the wall time runs, up to 1000000"
)]
pub struct SpeedError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_read_as_they_are_written() {
        for speed in [Speed::Stopped, Speed::Max, Speed::Times(2.5)] {
            assert_eq!(speed.to_string().parse::<Speed>().ok(), Some(speed));
        }
        for text in ["", "-1", "fast", "NaN", "2000000"] {
            assert!(text.parse::<Speed>().is_err(), "{text}");
        }
    }
}
