//! A submission that a budget does not allow.

use crate::Buzz;

/// A price that is more than what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the price is {price} Buzz, and {left} of the budget's {limit} are left")]
pub(crate) struct OverBudget {
    pub(crate) price: Buzz,
    pub(crate) left: Buzz,
    pub(crate) limit: Buzz,
}
