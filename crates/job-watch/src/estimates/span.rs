//! A time that is known to lie between two bounds.

use std::time::Duration;

/// A time that is known to lie between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Duration,
    pub(crate) to: Duration,
}

impl Span {
    pub(crate) fn at(time: Duration) -> Self {
        Self {
            from: time,
            to: time,
        }
    }

    pub(crate) fn width(self) -> Duration {
        self.to.saturating_sub(self.from)
    }

    pub(crate) fn middle(self) -> Duration {
        self.from.saturating_add(self.width() / 2)
    }

    pub(crate) fn contains(self, time: Duration) -> bool {
        (self.from..=self.to).contains(&time)
    }

    /// Returns what both have in common.
    pub(crate) fn intersection(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from <= to).then_some(Self { from, to })
    }

    /// Returns the smallest span that has both in it.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
        }
    }
}
