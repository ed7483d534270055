//! A limit on what a group of calls may spend, kept whatever their number and order.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::OverBudget;
use crate::{Buzz, ClientKey, WorkflowId};

/// Buzz that a group of calls may spend together.
///
/// A submission [under a budget](crate::WorkflowSubmission::budget) asks for its price first, and
/// reserves it before anything is sent: what would go over the limit is refused with nothing paid.
/// Work that was submitted elsewhere [joins](crate::Workflow::budget) one, too.
/// What the service then charged takes the place of the reservation, and what it gave back is free
/// again. A price that [is a ceiling](crate::Preview::is_price_ceiling) counts as such until a poll shows
/// the end, and then as what the work did cost. A submission with no clear outcome keeps its
/// reservation, since it may have been paid.
///
/// Clones share one account, between tasks and threads too. It can be stored with serde, and goes on
/// where it was.
///
/// ```
/// use civitai_jobs::{Budget, Buzz};
///
/// let budget = Budget::new(400).opening(120);
/// let shared = budget.clone();
/// assert_eq!(shared.left(), Buzz::from(280));
/// assert_eq!(budget.to_string(), "120 of 400 Buzz spent");
///
/// let stored = serde_json::to_string(&budget)?;
/// let budget: Budget = serde_json::from_str(&stored)?;
/// assert_eq!(budget.spent(), Buzz::from(120));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Budget(Arc<Mutex<Account>>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Account {
    limit: Buzz,
    /// What had been spent before.
    opening: Buzz,
    /// What each piece of work holds.
    entries: BTreeMap<Entry, Held>,
}

/// A piece of work: the key of a submission, or the id of a workflow whose key is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Entry(Arc<str>);

impl From<ClientKey> for Entry {
    fn from(key: ClientKey) -> Self {
        Self(key.to_string().into())
    }
}

impl From<&WorkflowId> for Entry {
    fn from(id: &WorkflowId) -> Self {
        Self(id.as_str().into())
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Held {
    /// Asked for, and not known to be paid.
    Reserved(Buzz),
    /// Charged by the service, less what it gave back.
    Charged(Buzz),
}

impl Budget {
    /// Creates an account that holds so many Buzz, of all kinds together.
    #[must_use]
    pub fn new(buzz: impl Into<Buzz>) -> Self {
        Self(Arc::new(Mutex::new(Account {
            limit: buzz.into(),
            opening: Buzz::ZERO,
            entries: BTreeMap::new(),
        })))
    }

    /// Sets what was spent before, elsewhere. It counts for all clones. Default: 0.
    #[must_use]
    pub fn opening(self, spent: impl Into<Buzz>) -> Self {
        let spent = spent.into();
        self.with(|account| account.opening = spent);
        self
    }

    /// Returns the Buzz that all calls may spend together.
    #[must_use]
    pub fn limit(&self) -> Buzz {
        self.with(|account| account.limit)
    }

    /// Returns the Buzz that the service charged and did not give back, the opening balance counted
    /// in.
    #[must_use]
    pub fn spent(&self) -> Buzz {
        self.with(|account| account.opening + account.sum(|held| matches!(held, Held::Charged(_))))
    }

    /// Returns the Buzz held for submissions under way and for those whose outcome is unknown.
    #[must_use]
    pub fn reserved(&self) -> Buzz {
        self.with(|account| account.sum(|held| matches!(held, Held::Reserved(_))))
    }

    /// Returns the Buzz that may still be spent; none where the service charged more than it had
    /// said.
    #[must_use]
    pub fn left(&self) -> Buzz {
        self.with(|account| account.left())
    }

    /// Holds the price of a submission. One that holds a price already keeps the larger of both.
    pub(crate) fn reserve(&self, entry: Entry, price: Buzz) -> Result<Reservation, OverBudget> {
        let reserved = self.with(|account| {
            let earlier = account.entries.get(&entry);
            let (is_first, held) = (earlier.is_none(), earlier.map_or(Buzz::ZERO, Held::amount));
            let more = price.saturating_sub(held);
            let left = account.left();
            if more > left {
                return Err(OverBudget {
                    price,
                    left,
                    limit: account.limit,
                });
            }
            let held = account.entries.entry(entry.clone());
            if let Held::Reserved(held) = held.or_insert(Held::Reserved(price)) {
                *held = price.max(*held);
            }
            Ok(is_first)
        });
        Ok(Reservation {
            budget: self.clone(),
            entry,
            is_first: reserved?,
        })
    }

    /// Puts what the service charged in the place of what was held.
    pub(crate) fn charge(&self, entry: Entry, charged: Buzz) {
        self.with(|account| account.entries.insert(entry, Held::Charged(charged)));
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
    entry: Entry,
    /// Whether nothing was submitted under the key before.
    is_first: bool,
}

impl Reservation {
    /// The service took the submission, at this price.
    pub(crate) fn charged(self, buzz: Buzz) {
        self.budget.charge(self.entry, buzz);
    }

    /// The service is known not to have taken the submission. It may have taken an earlier one under
    /// the same key, which then goes on holding its price.
    pub(crate) fn released(self) {
        if !self.is_first {
            return;
        }
        self.budget.with(|account| {
            if let Some(Held::Reserved(_)) = account.entries.get(&self.entry) {
                account.entries.remove(&self.entry);
            }
        });
    }
}

impl Account {
    fn sum(&self, which: impl Fn(&Held) -> bool) -> Buzz {
        let held = self.entries.values().filter(|held| which(held));
        held.map(Held::amount).sum()
    }

    fn left(&self) -> Buzz {
        self.limit.saturating_sub(self.opening + self.sum(|_| true))
    }
}

impl Held {
    fn amount(&self) -> Buzz {
        match *self {
            Self::Reserved(buzz) | Self::Charged(buzz) => buzz,
        }
    }
}

impl Serialize for Budget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with(|account| account.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Budget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let account = Account::deserialize(deserializer)?;
        Ok(Self(Arc::new(Mutex::new(account))))
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} Buzz spent", self.spent(), self.limit())?;
        match self.reserved() {
            Buzz::ZERO => Ok(()),
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
        let keys: [Entry; 3] = std::array::from_fn(|_| ClientKey::new().into());
        let buzz = |buzz: i64| Buzz::from(buzz);
        let state = || [budget.spent(), budget.reserved(), budget.left()];

        let first = budget.reserve(keys[0].clone(), buzz(8)).unwrap();
        let second = budget.reserve(keys[1].clone(), buzz(8)).unwrap();
        let refused = budget.reserve(keys[2].clone(), buzz(8)).unwrap_err();
        assert_eq!(
            [refused.price, refused.left, refused.limit],
            [8, 4, 20].map(buzz)
        );
        assert_eq!(state(), [0, 16, 4].map(buzz));

        first.charged(buzz(6));
        second.released();
        assert_eq!(state(), [6, 0, 14].map(buzz));

        // A call given up half-way may have been paid.
        drop(budget.reserve(keys[2].clone(), buzz(8)).unwrap());
        assert_eq!(state(), [6, 8, 6].map(buzz));
        // One that is refused afterwards proves nothing about it.
        budget.reserve(keys[2].clone(), buzz(8)).unwrap().released();
        assert_eq!(state(), [6, 8, 6].map(buzz));
        // Trying it again asks for nothing more.
        budget
            .reserve(keys[2].clone(), buzz(8))
            .unwrap()
            .charged(buzz(8));
        assert_eq!(state(), [14, 0, 6].map(buzz));

        budget.charge(keys[2].clone(), buzz(0));
        assert_eq!(state(), [6, 0, 14].map(buzz));
        // More than was said: nothing is left, and nothing overflows.
        budget.charge(keys[0].clone(), buzz(50));
        assert_eq!(state(), [50, 0, 0].map(buzz));
    }

    #[test]
    fn many_at_once_never_go_over() {
        let budget = Budget::new(400);
        let reserved = std::thread::scope(|scope| {
            let one = || {
                scope.spawn(|| {
                    budget
                        .reserve(ClientKey::new().into(), Buzz::from(8))
                        .is_ok()
                })
            };
            let tasks: Vec<_> = (0..100).map(|_| one()).collect();
            let done = tasks.into_iter().filter_map(|task| task.join().ok());
            done.filter(|reserved| *reserved).count()
        });
        assert_eq!((reserved, budget.left()), (50, Buzz::ZERO));
    }
}
