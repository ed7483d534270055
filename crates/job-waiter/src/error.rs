//! Why a poll showed nothing.

use std::error::Error;
use std::fmt;

use http::StatusCode;
use job_watch::Fault;

use crate::BoxError;

/// Why a poll showed nothing of the work, and whether another may: `E` is the error of the transport.
pub struct LookError<E> {
    what: String,
    status: Option<StatusCode>,
    fault: Fault,
    source: Option<E>,
}

impl<E> LookError<E> {
    pub(crate) fn new(what: String, status: Option<StatusCode>, fault: Fault) -> Self {
        Self {
            what,
            status,
            fault,
            source: None,
        }
    }

    /// A reply that is not what the contract says: another may be.
    pub(crate) fn unfit(error: &BoxError, status: Option<StatusCode>) -> Self {
        let what = format!("the reply is not what the contract says: {error}");
        Self::new(what, status, Fault::Transient { retry_after: None })
    }

    pub(crate) fn unsent(source: E, fault: Fault) -> Self {
        Self {
            what: "the service did not answer".to_owned(),
            status: None,
            fault,
            source: Some(source),
        }
    }

    /// Returns the HTTP status, where an answer came.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Returns what it means for the next poll.
    pub fn fault(&self) -> Fault {
        self.fault
    }
}

impl<E> fmt::Display for LookError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl<E: fmt::Debug> fmt::Debug for LookError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookError")
            .field("what", &self.what)
            .field("fault", &self.fault)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl<E: Error + 'static> Error for LookError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
