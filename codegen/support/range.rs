//! How large a number may be, how long a text, how many items a list may have.

use std::fmt;

/// The numbers that a contract allows. It prints as in `must be from 1 to 150`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    least: Option<f64>,
    most: Option<f64>,
    above: Option<f64>,
    below: Option<f64>,
    step: Option<f64>,
    whole: bool,
}

/// How many characters or items a contract allows. It prints as in `must have at most 4 items`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    least: usize,
    most: Option<usize>,
}

impl Range {
    pub(crate) const NUMBER: Self = Self {
        least: None,
        most: None,
        above: None,
        below: None,
        step: None,
        whole: false,
    };
    pub(crate) const INTEGER: Self = Self {
        whole: true,
        ..Self::NUMBER
    };

    pub(crate) const fn from(mut self, least: f64) -> Self {
        self.least = Some(least);
        self
    }

    pub(crate) const fn to(mut self, most: f64) -> Self {
        self.most = Some(most);
        self
    }

    pub(crate) const fn above(mut self, bound: f64) -> Self {
        self.above = Some(bound);
        self
    }

    pub(crate) const fn below(mut self, bound: f64) -> Self {
        self.below = Some(bound);
        self
    }

    pub(crate) const fn multiple_of(mut self, step: f64) -> Self {
        self.step = Some(step);
        self
    }

    /// Returns the least number that is allowed, where there is one.
    pub fn least(&self) -> Option<f64> {
        self.least
    }

    /// Returns the largest number that is allowed, where there is one.
    pub fn most(&self) -> Option<f64> {
        self.most
    }

    /// Whether only whole numbers are allowed.
    pub fn is_integer(&self) -> bool {
        self.whole
    }

    /// Whether a number is allowed; what is no number never is.
    pub fn contains(&self, number: f64) -> bool {
        let least = self.least.is_none_or(|least| number >= least);
        let most = self.most.is_none_or(|most| number <= most);
        let above = self.above.is_none_or(|bound| number > bound);
        let below = self.below.is_none_or(|bound| number < bound);
        let steps = self.step.is_none_or(|step| is_whole(number / step));
        let whole = !self.whole || number.fract() == 0.0;
        !number.is_nan() && least && most && above && below && steps && whole
    }
}

/// Whether a quotient is whole but for what dividing loses: 0.3 is three times 0.1.
fn is_whole(quotient: f64) -> bool {
    (quotient - quotient.round()).abs() <= quotient.abs() * 4.0 * f64::EPSILON
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(step) = self.step {
            parts.push(format!("a multiple of {step}"));
        }
        match (self.least, self.most) {
            (Some(least), Some(most)) => parts.push(format!("from {least} to {most}")),
            (Some(least), None) => parts.push(format!("at least {least}")),
            (None, Some(most)) => parts.push(format!("at most {most}")),
            (None, None) => {}
        }
        parts.extend(self.above.map(|bound| format!("above {bound}")));
        parts.extend(self.below.map(|bound| format!("below {bound}")));
        f.write_str(&parts.join(" and "))
    }
}

impl Count {
    pub(crate) const fn new(least: usize, most: Option<usize>) -> Self {
        Self { least, most }
    }

    /// Returns the least number that is allowed; 0 where there is no limit.
    pub fn least(&self) -> usize {
        self.least
    }

    /// Returns the largest number that is allowed, where there is one.
    pub fn most(&self) -> Option<usize> {
        self.most
    }

    /// Whether so many are allowed.
    pub fn contains(&self, count: usize) -> bool {
        count >= self.least && self.most.is_none_or(|most| count <= most)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (least, Some(most)) if least == most => write!(f, "{least}"),
            (0, Some(most)) => write!(f, "at most {most}"),
            (least, Some(most)) => write!(f, "{least} to {most}"),
            (least, None) => write!(f, "at least {least}"),
        }
    }
}
