//! The Buzz of one account, counted in hundredths.

/// What is left to spend.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Wallet {
    hundredths: u64,
}

impl Wallet {
    pub(crate) fn new(buzz: f64) -> Self {
        Self {
            hundredths: (buzz * 100.0).round() as u64,
        }
    }

    /// What is left to spend, in Buzz.
    pub(crate) fn balance(&self) -> f64 {
        buzz(self.hundredths)
    }

    /// Takes so many hundredths, or nothing at all where there are fewer.
    #[must_use = "nothing may have been taken"]
    pub(crate) fn charge(&mut self, hundredths: u64) -> bool {
        let left = self.hundredths.checked_sub(hundredths);
        self.hundredths = left.unwrap_or(self.hundredths);
        left.is_some()
    }

    pub(crate) fn refund(&mut self, hundredths: u64) {
        self.hundredths += hundredths;
    }
}

/// An amount as replies carry it.
pub(crate) fn buzz(hundredths: u64) -> f64 {
    hundredths as f64 / 100.0
}
