//! Why files of bare links could not be saved.

use std::fmt;
use std::time::Duration;

use crate::{Failure, Kept, Transfer};

/// Why files could not be saved. All were tried.
pub struct Error {
    transfer: Transfer,
    saved: Vec<Kept>,
}

impl Error {
    #[cfg(feature = "disk")]
    pub(crate) fn with(mut self, saved: Vec<Kept>) -> Self {
        self.saved = saved;
        self
    }

    /// Returns the files that were saved.
    #[must_use]
    pub fn saved(&self) -> &[Kept] {
        &self.saved
    }

    /// Returns whether the same may work later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.transfer.is_passing()
    }
}

impl From<Transfer> for Error {
    fn from(transfer: Transfer) -> Self {
        Self {
            transfer,
            saved: Vec::new(),
        }
    }
}

impl Failure for Error {
    fn transfer(&self) -> Option<&Transfer> {
        Some(&self.transfer)
    }

    fn is_retryable(&self) -> bool {
        self.transfer.is_passing()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.transfer.retry_after()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.transfer.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("what", &self.to_string())
            .field("saved", &self.saved.len())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.transfer.below()
    }
}
