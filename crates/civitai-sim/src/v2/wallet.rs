//! Buzz: three balances and the record of what moved.

use std::collections::BTreeMap;

/// A kind of Buzz, in the order in which it is spent.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Currency {
    /// Earned; pays for anything but mature content.
    Blue,
    /// Bought; pays for anything but mature content.
    Green,
    /// Bought; pays for anything.
    Yellow,
}

/// A movement of Buzz.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Transaction {
    /// The id of the workflow that it was for.
    pub workflow: String,
    /// The account that it changed.
    pub currency: Currency,
    /// How much moved, in Buzz.
    pub amount: u64,
    /// Whether it was given back; otherwise it was charged.
    pub refund: bool,
}

/// The balances of one account and everything that changed them.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Wallet {
    balances: BTreeMap<Currency, u64>,
    ledger: Vec<Transaction>,
}

impl Currency {
    /// All of them, in the order in which they are spent.
    pub(crate) const ALL: [Self; 3] = [Self::Blue, Self::Green, Self::Yellow];

    /// Returns the name on the wire, such as `blue`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Green => "green",
            Self::Yellow => "yellow",
        }
    }
}

impl Wallet {
    pub(crate) fn new(balances: BTreeMap<Currency, u64>) -> Self {
        Self {
            balances,
            ledger: Vec::new(),
        }
    }

    pub(crate) fn balance(&self, currency: Currency) -> u64 {
        self.balances.get(&currency).copied().unwrap_or(0)
    }

    pub(crate) fn ledger(&self) -> &[Transaction] {
        &self.ledger
    }

    /// What an amount would be drawn from, one account after the other; nothing where the accounts
    /// do not hold enough.
    pub(crate) fn split(
        &self,
        mut amount: u64,
        accounts: &[Currency],
    ) -> Option<Vec<(Currency, u64)>> {
        let mut parts = Vec::new();
        for &currency in Currency::ALL.iter().filter(|one| accounts.contains(one)) {
            let part = amount.min(self.balance(currency));
            if part > 0 {
                parts.push((currency, part));
                amount -= part;
            }
        }
        (amount == 0).then_some(parts)
    }

    pub(crate) fn charge(&mut self, workflow: &str, currency: Currency, amount: u64) {
        let balance = self.balances.entry(currency).or_default();
        *balance = balance.saturating_sub(amount);
        self.note(workflow, currency, amount, false);
    }

    pub(crate) fn refund(&mut self, workflow: &str, currency: Currency, amount: u64) {
        *self.balances.entry(currency).or_default() += amount;
        self.note(workflow, currency, amount, true);
    }

    fn note(&mut self, workflow: &str, currency: Currency, amount: u64, refund: bool) {
        self.ledger.push(Transaction {
            workflow: workflow.to_owned(),
            currency,
            amount,
            refund,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blue_goes_first_and_only_allowed_accounts_are_drawn_on() {
        let wallet = Wallet::new(Currency::ALL.map(|currency| (currency, 10)).into());
        let (blue, green, yellow) = (Currency::Blue, Currency::Green, Currency::Yellow);
        for (amount, accounts, parts) in [
            (5, &[yellow, blue][..], Some(vec![(blue, 5)])),
            (
                25,
                &[blue, green, yellow],
                Some(vec![(blue, 10), (green, 10), (yellow, 5)]),
            ),
            (15, &[yellow, blue], Some(vec![(blue, 10), (yellow, 5)])),
            (11, &[yellow], None),
            (0, &[], Some(vec![])),
        ] {
            assert_eq!(wallet.split(amount, accounts), parts, "{amount}");
        }
    }
}
