//! What a poll shows, typed.

use std::fmt;
use std::sync::Arc;

use http::StatusCode;
use job_watch::Phase;

use crate::{RemoteFile, Work};

/// What one poll shows, and, once the work has succeeded, its result. Cheap to clone.
pub struct Snapshot<W: Work>(Arc<Inner<W>>);

pub(crate) struct Inner<W: Work> {
    pub(crate) phase: Phase,
    pub(crate) status: StatusCode,
    pub(crate) word: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) look: Option<W::Look>,
    pub(crate) result: Option<W::Outcome>,
    pub(crate) files: Vec<RemoteFile>,
}

impl<W: Work> Snapshot<W> {
    pub(crate) fn new(inner: Inner<W>) -> Self {
        Self(Arc::new(inner))
    }

    /// Returns where the work stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// Returns the HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Returns the state in the word of the service, where it has one.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        self.0.word.as_deref()
    }

    /// Returns why the work ended without a result.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Returns what the poll brought, as the contract types it; `None` where the answer had no such
    /// body.
    #[must_use]
    pub fn look(&self) -> Option<&W::Look> {
        self.0.look.as_ref()
    }

    /// Returns the result. It is there once the work has succeeded, unless the contract says that it
    /// may be missing.
    #[must_use]
    pub fn result(&self) -> Option<&W::Outcome> {
        self.0.result.as_ref()
    }

    /// Returns the files that are there.
    #[must_use]
    pub fn files(&self) -> &[RemoteFile] {
        &self.0.files
    }
}

impl<W: Work> Clone for Snapshot<W> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<W: Work> fmt::Debug for Snapshot<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("phase", &self.0.phase)
            .field("word", &self.0.word)
            .field("reason", &self.0.reason)
            .field("look", &self.0.look)
            .field("files", &self.0.files)
            .finish_non_exhaustive()
    }
}
