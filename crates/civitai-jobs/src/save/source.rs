//! Where a file comes from: its link, and how to get another one.
//!
//! All that saving needs to know of a version of the API stands here.

use std::sync::Arc;
use std::time::Duration;

use file_save::Transfer;
use job_watch::Instant;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use crate::file::{File, Origin, Unavailable};
use crate::{BatchSnapshot, Client, Error, Token, WorkflowId};

/// How long the links of a poll are handed out as fresh ones.
const YOUNG: Duration = Duration::from_secs(60);

/// A file that the service can be asked for.
pub(crate) struct Source {
    client: Client,
    file: File,
    polls: Arc<Polls>,
}

/// The last poll of each batch. One poll renews the links of all its files, so those that are
/// saved together share it.
#[derive(Default)]
pub(crate) struct Polls(Mutex<Vec<(Token, Instant, BatchSnapshot)>>);

impl Source {
    pub(crate) fn new(client: Client, file: File, polls: Arc<Polls>) -> Self {
        Self {
            client,
            file,
            polls,
        }
    }

    #[cfg(feature = "files")]
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Asks the service for another link than the one that was refused.
    async fn another_link(&self, refused: Option<&SecretString>) -> Result<SecretString, Error> {
        match self.file.unavailable() {
            Some(Unavailable::Blocked(reason)) => {
                let reason = Some(reason);
                return Err(Transfer::Unavailable { reason }.into());
            }
            Some(_) => return Err(Transfer::Unavailable { reason: None }.into()),
            None => {}
        }
        let is_other = |link: &SecretString| {
            refused.is_none_or(|refused| refused.expose_secret() != link.expose_secret())
        };
        let link = match &self.file.origin {
            // Each poll of a batch signs its links anew.
            Origin::Job { batch, .. } => self.polled(batch, &is_other).await?,
            Origin::Step { workflow, .. } => {
                self.renewed(workflow.as_ref()).await?.filter(is_other)
            }
            Origin::Blob => self.renewed(None).await?.filter(is_other),
        };
        link.ok_or_else(|| Transfer::Gone.into())
    }

    /// The link that the service makes for a blob, or else the one in the workflow as it is now.
    #[cfg(feature = "workflows")]
    async fn renewed(&self, workflow: Option<&WorkflowId>) -> Result<Option<SecretString>, Error> {
        if let Some(id) = self.file.blob_id() {
            let blob = self.client.blobs().refresh(id).await?;
            return Ok(Some(SecretString::from(blob.url())));
        }
        let Some(id) = workflow else { return Ok(None) };
        Ok(self.link_in(&self.client.workflows().get(id).await?.files()))
    }

    /// A file that was stored by a program with more features than this one.
    #[cfg(not(feature = "workflows"))]
    async fn renewed(&self, _: Option<&WorkflowId>) -> Result<Option<SecretString>, Error> {
        let without = "the file is of a workflow, and this program has no feature `workflows` of civitai-jobs";
        Err(Error::setup(without, None))
    }

    /// The link in another poll of the batch, whose every poll signs its links anew.
    async fn polled(
        &self,
        batch: &Token,
        is_other: &(dyn Fn(&SecretString) -> bool + Sync),
    ) -> Result<Option<SecretString>, Error> {
        // Held through the poll, so that whoever wants one as well waits for this one.
        let mut polls = self.polls.0.lock().await;
        let now = self.client.clock().now();
        polls.retain(|(_, at, _)| now.saturating_duration_since(*at) < YOUNG);
        let mut known = polls.iter().filter(|(of, ..)| of == batch);
        let known = known.find_map(|(.., seen)| self.link_in(&seen.files()).filter(is_other));
        if known.is_some() {
            return Ok(known);
        }
        let seen = self.client.jobs().attach(batch.clone()).poll().await?;
        let link = self.link_in(&seen.files());
        polls.retain(|(of, ..)| of != batch);
        polls.push((batch.clone(), now, seen));
        Ok(link)
    }

    /// The link of this file among those of another poll, where it was available: no link is followed
    /// too early.
    fn link_in(&self, files: &[File]) -> Option<SecretString> {
        let place = |file: &File| {
            let step = file.step().map(str::to_owned);
            (file.work_id().to_owned(), step, file.path().to_owned())
        };
        let wanted = (place(&self.file), self.file.blob_id());
        let mut same = files
            .iter()
            .filter(|other| (place(other), other.blob_id()) == wanted);
        same.find_map(File::link)
    }
}

impl file_save::Source for Source {
    type Error = Error;

    fn link(&self) -> Option<SecretString> {
        self.file.link()
    }

    async fn fresh_link(&self, refused: Option<&SecretString>) -> Result<SecretString, Error> {
        self.another_link(refused).await
    }
}

impl file_save::Failure for Error {
    fn transfer(&self) -> Option<&Transfer> {
        self.as_transfer()
    }

    fn is_retryable(&self) -> bool {
        Error::is_retryable(self)
    }

    fn retry_after(&self) -> Option<Duration> {
        Error::retry_after(self)
    }
}

impl file_save::Named for File {
    fn index(&self) -> usize {
        File::index(self)
    }

    fn seed(&self) -> Option<i64> {
        File::seed(self)
    }

    fn work(&self) -> &str {
        self.work_id()
    }
}
