//! What is to be done about a line.

use crate::failure::Failure;
use crate::ledger::Ended;

/// What is to be done about a line and its task.
#[derive(Debug)]
pub(super) enum Fate {
    /// It has ended.
    Ended(Ended),
    /// It is tried again, for this reason.
    Later(String),
    /// Nothing is done about it as long as the run takes no more.
    Waits,
}

/// Why a line goes no further now.
pub(super) enum Halt {
    Fate(Fate),
    Failure(Failure),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}
