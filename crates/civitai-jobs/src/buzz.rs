//! Amounts of Buzz.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Parts of one Buzz that are counted: prices of jobs (v1) have fractions.
const PARTS: i64 = 1_000_000;

/// An amount of Buzz, the currency that pays for work. It may be below zero, such as a refund.
///
/// Prices of workflows (v2) are whole; those of jobs (v1) may have a fraction. Amounts are exact to a
/// millionth and add up without rounding.
///
/// ```
/// use civitai_jobs::Buzz;
///
/// let price = Buzz::from(8) + Buzz::from_f64(0.64);
/// assert_eq!(price.to_string(), "8.64");
/// assert!(price < Buzz::from(9));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Buzz(i64);

impl Buzz {
    /// No Buzz at all.
    pub const ZERO: Self = Self(0);

    /// Creates an amount from a number as the service writes it, rounded to a millionth. What is no
    /// number counts as zero.
    #[must_use]
    pub fn from_f64(buzz: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast of a float stops at the bounds"
        )]
        Self((buzz * PARTS as f64).round() as i64)
    }

    /// Returns the amount as a number.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / PARTS as f64
    }

    /// Returns the amount in whole Buzz, rounded up.
    #[must_use]
    pub fn ceil(self) -> i64 {
        self.0.div_euclid(PARTS) + i64::from(self.0.rem_euclid(PARTS) > 0)
    }

    /// Whether this is more than nothing.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Returns this amount less another one, at least zero.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }
}

macro_rules! from_whole {
    ($($whole:ty),*) => {
        $(impl From<$whole> for Buzz {
            /// Creates an amount of whole Buzz.
            fn from(buzz: $whole) -> Self {
                Self(i64::from(buzz).saturating_mul(PARTS))
            }
        })*
    };
}

from_whole!(i32, u32, i64);

impl From<u64> for Buzz {
    /// Creates an amount of whole Buzz.
    fn from(buzz: u64) -> Self {
        Self::from(i64::try_from(buzz).unwrap_or(i64::MAX))
    }
}

/// Whole Buzz, so that prices compare with plain numbers.
impl PartialEq<u64> for Buzz {
    fn eq(&self, whole: &u64) -> bool {
        *self == Self::from(*whole)
    }
}

/// Whole Buzz, so that prices compare with plain numbers.
impl PartialOrd<u64> for Buzz {
    fn partial_cmp(&self, whole: &u64) -> Option<Ordering> {
        Some(self.cmp(&Self::from(*whole)))
    }
}

impl Add for Buzz {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Buzz {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Buzz {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Buzz {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Buzz {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Mul<u32> for Buzz {
    type Output = Self;

    fn mul(self, times: u32) -> Self {
        Self(self.0.saturating_mul(i64::from(times)))
    }
}

impl Sum for Buzz {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// The number alone, without a unit: `8`, `0.64`.
impl fmt::Display for Buzz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.as_f64();
        number.fmt(f)
    }
}

/// A number, whole where the amount is.
impl Serialize for Buzz {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % PARTS {
            0 => serializer.serialize_i64(self.0 / PARTS),
            _ => serializer.serialize_f64(self.as_f64()),
        }
    }
}

impl<'de> Deserialize<'de> for Buzz {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::from_f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_add_up_and_are_stored_as_numbers() {
        let parts = [Buzz::from_f64(0.64), Buzz::from(1), Buzz::from_f64(0.36)];
        let sum: Buzz = parts.into_iter().sum();
        assert_eq!(sum, Buzz::from(2));
        assert_eq!((sum - Buzz::from(5)).to_string(), "-3");
        assert_eq!(Buzz::from(1).saturating_sub(sum), Buzz::ZERO);
        for (amount, json, ceil) in [
            (sum, "2", 2),
            (parts[0], "0.64", 1),
            (-parts[0], "-0.64", 0),
        ] {
            assert_eq!(serde_json::to_string(&amount).unwrap(), json);
            assert_eq!(serde_json::from_str::<Buzz>(json).unwrap(), amount);
            assert_eq!(amount.ceil(), ceil);
        }
        for odd in [f64::NAN, f64::INFINITY, -1e300] {
            let _ = Buzz::from_f64(odd) + Buzz::from_f64(odd);
        }
        assert_eq!(Buzz::from(u64::MAX), Buzz::from_f64(f64::INFINITY));
    }
}
