//! The handle of submitted work: watch it, look at it, cancel it.

use std::fmt;
use std::sync::Arc;

use job_watch::Watch;

pub(crate) use look::{Found, by_id, by_token, found_by_key, judge};
pub(crate) use token::Way;
pub use token::{ClientKey, ParseTokenError, Token};
pub(crate) use token::{OWN_LABEL, Place, is_own_label};

use crate::{Client, Error, Snapshot};

mod look;
mod token;

/// Work that was submitted. A handle: cheap to clone, and dropping it changes nothing.
#[derive(Clone, Debug)]
pub struct Job {
    client: Client,
    token: Token,
    ids: Arc<[String]>,
    /// Whether watches let the service hold its answers.
    waits: bool,
}

impl Job {
    pub(crate) fn new(client: Client, token: Token, ids: Vec<String>) -> Self {
        Self {
            client,
            token,
            ids: ids.into(),
            waits: false,
        }
    }

    /// What the job is found by again, after a restart too.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The ids of the jobs in the batch, as far as the submission told them; none where the handle
    /// came from a token.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Waits for the result with the policy and clock of the client: await it, or call
    /// [`next`](Watch::next) for progress.
    ///
    /// Dropping the watch stops looking and leaves the job alone; [`cancel`](Self::cancel) is what
    /// stops the job. All watches of a client together take no more than 100 looks a second.
    pub fn watch(&self) -> Watch<Self> {
        let mut policy = self.client.policy();
        if self.waits {
            policy = policy.with_hold(look::LONGEST_HOLD);
        }
        Watch::new(self.clone())
            .with_policy(policy)
            .with_clock(Arc::clone(self.client.clock()))
            .with_throttle(self.client.throttle())
    }

    /// Makes watches let the service hold its answers until the jobs have ended.
    ///
    /// A job is then noticed the moment it ends, mostly with one request. It is not the default
    /// because a held answer shows no progress until it comes, and each watch keeps a connection. A
    /// service that will not hold, or a proxy that cuts, turns it off for that watch. It takes the
    /// service's own token of a batch.
    #[must_use]
    pub fn with_wait(mut self) -> Self {
        self.waits = true;
        self
    }

    /// Looks once.
    ///
    /// # Errors
    ///
    /// The look failed; the job goes on.
    pub async fn status(&self) -> Result<Snapshot, Error> {
        let (snapshot, _) = look::look(&self.client, &self.token).await?;
        Ok(snapshot)
    }

    /// Cancels what has not ended, begun or not. The service gives back what it has not delivered.
    ///
    /// # Errors
    ///
    /// The call failed; the job may go on.
    pub async fn cancel(&self) -> Result<(), Error> {
        self.client.cancel(&self.token, true).await
    }
}

/// Names the job by the id of the first of its batch, or else by its token.
impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.ids {
            [] => self.token.fmt(f),
            [id] => f.write_str(id),
            [id, rest @ ..] => write!(f, "{id} and {} more", rest.len()),
        }
    }
}
