//! The handle of a batch: what names it, and what is done to it.

use std::fmt;
use std::sync::Arc;

use super::change::{self, Taint};
use crate::{Client, Error, JobId, Token};

/// Jobs that were submitted together (v1). A handle: cheap to clone, and dropping it changes nothing.
///
/// Its [`token`](Self::token) is all that another process needs to
/// [attach to it](crate::Jobs::attach).
#[derive(Clone)]
pub struct Batch {
    client: Client,
    token: Token,
    ids: Arc<[JobId]>,
    /// What its length is learned by, where it is known.
    kind: Option<Arc<str>>,
}

impl Batch {
    pub(super) fn new(client: Client, token: Token, ids: Vec<JobId>) -> Self {
        Self {
            client,
            token,
            ids: ids.into(),
            kind: None,
        }
    }

    pub(super) fn of_kind(mut self, kind: Option<Arc<str>>) -> Self {
        self.kind = kind;
        self
    }

    pub(super) fn kind(&self) -> Option<&Arc<str>> {
        self.kind.as_ref()
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the token by which the batch is found again, after a restart too.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Returns the ids of the jobs in the order of the submission; empty where the handle came from a
    /// token.
    #[must_use]
    pub fn ids(&self) -> &[JobId] {
        &self.ids
    }

    /// Cancels the jobs that have not ended, begun or not. The service gives back what they have not
    /// delivered. A job that has ended stays as it is, so a repetition does no harm.
    ///
    /// # Errors
    ///
    /// There is no such batch (status 404), or the call failed and the jobs may go on.
    pub async fn cancel(&self) -> Result<(), Error> {
        change::cancel(&self.client, &self.token, true).await
    }

    /// Cancels the jobs that still wait, and leaves those alone that a worker has begun.
    ///
    /// # Errors
    ///
    /// As for [`cancel`](Self::cancel).
    pub async fn cancel_queued(&self) -> Result<(), Error> {
        change::cancel(&self.client, &self.token, false).await
    }

    /// Marks the results of all jobs as bad; returns how many jobs that were, where the service tells
    /// it.
    ///
    /// # Errors
    ///
    /// There is no such batch (status 404), or the call failed.
    pub async fn taint(&self, taint: &Taint) -> Result<Option<u32>, Error> {
        change::taint(&self.client, &self.token, taint).await
    }
}

/// The id of the only or first job, or else the token.
impl fmt::Display for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.ids {
            [] => self.token.fmt(f),
            [id] => id.fmt(f),
            [id, rest @ ..] => write!(f, "{id} and {} more", rest.len()),
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("token", &self.token)
            .field("ids", &self.ids)
            .finish_non_exhaustive()
    }
}
