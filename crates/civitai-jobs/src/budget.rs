//! A limit on what a group of calls may spend, kept whatever their number and order.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ClientKey;

/// Buzz that a group of calls may spend together.
///
/// A submission [under a budget](crate::WorkflowSubmission::within) asks for its price first, and
/// reserves it before anything is sent: what would go over the limit is refused with nothing paid.
/// What the service then charged takes the place of the reservation, and what it gave back is free
/// again. A price that [is a ceiling](crate::Preview::is_price_ceiling) counts as such until a look shows
/// the end, and then as what the work did cost. A submission with no clear outcome keeps its
/// reservation, since it may have been paid.
///
/// Clones share one account, between tasks and threads too.
///
/// ```
/// use civitai_jobs::Budget;
///
/// let budget = Budget::new(400);
/// let shared = budget.clone();
/// assert_eq!(shared.left(), 400);
/// assert_eq!(budget.to_string(), "0 of 400 Buzz spent");
/// ```
#[derive(Clone)]
pub struct Budget(Arc<Mutex<Account>>);

#[derive(Debug)]
struct Account {
    limit: u64,
    /// What each submission holds, by its key.
    entries: HashMap<ClientKey, Entry>,
}

#[derive(Clone, Copy, Debug)]
enum Entry {
    /// Asked for, and not known to be paid.
    Reserved(u64),
    /// Charged by the service, less what it gave back.
    Charged(u64),
}

impl Budget {
    /// Makes an account that holds so many Buzz, of all kinds together.
    #[must_use]
    pub fn new(buzz: u64) -> Self {
        Self(Arc::new(Mutex::new(Account {
            limit: buzz,
            entries: HashMap::new(),
        })))
    }

    /// The Buzz that all calls may spend together.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.with(|account| account.limit)
    }

    /// The Buzz that the service charged and did not give back.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.with(|account| account.sum(|entry| matches!(entry, Entry::Charged(_))))
    }

    /// The Buzz held for submissions under way and for those whose outcome is unknown.
    #[must_use]
    pub fn reserved(&self) -> u64 {
        self.with(|account| account.sum(|entry| matches!(entry, Entry::Reserved(_))))
    }

    /// The Buzz that may still be spent; none where the service charged more than it had said.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.with(|account| account.left())
    }

    /// Holds the price of a submission. A key that holds one already keeps the larger of both.
    pub(crate) fn reserve(&self, key: ClientKey, price: u64) -> Result<Reservation, OverBudget> {
        let reserved = self.with(|account| {
            let earlier = account.entries.get(&key);
            let (is_first, held) = (earlier.is_none(), earlier.map_or(0, Entry::amount));
            let more = price.saturating_sub(held);
            let left = account.left();
            if more > left {
                return Err(OverBudget {
                    price,
                    left,
                    limit: account.limit,
                });
            }
            let entry = account.entries.entry(key).or_insert(Entry::Reserved(price));
            if let Entry::Reserved(held) = entry {
                *held = price.max(*held);
            }
            Ok(is_first)
        });
        Ok(Reservation {
            budget: self.clone(),
            key,
            is_first: reserved?,
        })
    }

    /// Puts what the service charged in the place of what was held.
    pub(crate) fn charge(&self, key: ClientKey, charged: u64) {
        self.with(|account| account.entries.insert(key, Entry::Charged(charged)));
    }

    fn with<T>(&self, change: impl FnOnce(&mut Account) -> T) -> T {
        // Every change is one assignment: a panic elsewhere leaves nothing half done.
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Buzz held for one submission. Dropped without a word, it stays held: a call that was given up
/// half-way may have been paid.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Budget,
    key: ClientKey,
    /// Whether nothing was submitted under the key before.
    is_first: bool,
}

impl Reservation {
    /// The service took the submission, at this price.
    pub(crate) fn charged(self, buzz: u64) {
        self.budget.charge(self.key, buzz);
    }

    /// The service is known not to have taken the submission. It may have taken an earlier one under
    /// the same key, which then goes on holding its price.
    pub(crate) fn released(self) {
        let key = self.key;
        if !self.is_first {
            return;
        }
        self.budget.with(|account| {
            if let Some(Entry::Reserved(_)) = account.entries.get(&key) {
                account.entries.remove(&key);
            }
        });
    }
}

/// A price that is more than what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the price is {price} Buzz, and {left} of the budget's {limit} are left")]
pub(crate) struct OverBudget {
    pub(crate) price: u64,
    pub(crate) left: u64,
    pub(crate) limit: u64,
}

impl Account {
    fn sum(&self, which: impl Fn(&Entry) -> bool) -> u64 {
        let entries = self.entries.values().filter(|entry| which(entry));
        entries.fold(0, |sum, entry| sum.saturating_add(entry.amount()))
    }

    fn left(&self) -> u64 {
        self.limit.saturating_sub(self.sum(|_| true))
    }
}

impl Entry {
    fn amount(&self) -> u64 {
        match *self {
            Self::Reserved(buzz) | Self::Charged(buzz) => buzz,
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} Buzz spent", self.spent(), self.limit())?;
        match self.reserved() {
            0 => Ok(()),
            reserved => write!(f, ", {reserved} held"),
        }
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("limit", &self.limit())
            .field("spent", &self.spent())
            .field("reserved", &self.reserved())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_charged_and_given_back_adds_up() {
        let budget = Budget::new(20);
        let keys: [ClientKey; 3] = std::array::from_fn(|_| ClientKey::new());
        let state = || (budget.spent(), budget.reserved(), budget.left());

        let first = budget.reserve(keys[0], 8).unwrap();
        let second = budget.reserve(keys[1], 8).unwrap();
        let refused = budget.reserve(keys[2], 8).unwrap_err();
        assert_eq!((refused.price, refused.left, refused.limit), (8, 4, 20));
        assert_eq!(state(), (0, 16, 4));

        first.charged(6);
        second.released();
        assert_eq!(state(), (6, 0, 14));

        // A call given up half-way may have been paid.
        drop(budget.reserve(keys[2], 8).unwrap());
        assert_eq!(state(), (6, 8, 6));
        // One that is refused afterwards proves nothing about it.
        budget.reserve(keys[2], 8).unwrap().released();
        assert_eq!(state(), (6, 8, 6));
        // Trying it again asks for nothing more.
        budget.reserve(keys[2], 8).unwrap().charged(8);
        assert_eq!(state(), (14, 0, 6));

        budget.charge(keys[2], 0);
        assert_eq!(state(), (6, 0, 14));
        // More than was said: nothing is left, and nothing overflows.
        budget.charge(keys[0], 50);
        assert_eq!(state(), (50, 0, 0));
    }

    #[test]
    fn many_at_once_never_go_over() {
        let budget = Budget::new(400);
        let reserved = std::thread::scope(|scope| {
            let one = || scope.spawn(|| budget.reserve(ClientKey::new(), 8).is_ok());
            let tasks: Vec<_> = (0..100).map(|_| one()).collect();
            let done = tasks.into_iter().filter_map(|task| task.join().ok());
            done.filter(|reserved| *reserved).count()
        });
        assert_eq!((reserved, budget.left()), (50, 0));
    }
}
