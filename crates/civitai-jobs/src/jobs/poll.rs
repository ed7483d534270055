//! Polls of a batch, and watches that make them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use job_watch::{Fault, Pollable, Polled, Until, Watch, WatchError};

use super::handle::Batch;
use super::read;
use super::snapshot::BatchSnapshot;
use crate::token::Way;
use crate::{Error, File};

/// How long a long poll stays open, at most: the service cuts a request after 100 s.
const LONGEST: Duration = Duration::from_secs(90);

impl Batch {
    /// Watches the batch with the policy and clock of the client: await the watch for the result, or
    /// call [`next`](Watch::next) for progress.
    ///
    /// The service holds an answer only until all jobs have ended, and shows no progress meanwhile, so
    /// polls are short here unless the policy [sets a long poll](crate::WatchPolicy::long_poll).
    /// The client learns how long jobs of a type take, and its watches poll more around the expected end
    /// of a batch that it has submitted. Dropping the watch ends the polls and leaves the batch alone;
    /// [`cancel`](Self::cancel) is what stops it. All watches of a client together take at most 100 polls a second.
    pub fn watch(&self) -> Watch<Self> {
        let policy = self.client().policy().default_long_poll(Duration::ZERO);
        let watch = Watch::new(self.clone())
            .policy(policy)
            .clock(Arc::clone(self.client().clock()))
            .throttle(self.client().throttle());
        match self.kind() {
            Some(kind) => watch.estimate(self.client().estimates().of(Arc::clone(kind))),
            None => watch,
        }
    }

    /// Waits for the result with long polls, mostly one request, until `up_to` is over.
    ///
    /// # Errors
    ///
    /// The time is over ([`WatchError::TimedOut`]) and the batch goes on; the batch ended without its
    /// result; or polls failed.
    pub async fn wait_for(&self, up_to: Duration) -> Result<BatchSnapshot, WatchError<Self>> {
        let policy = self.client().policy().long_poll(LONGEST);
        self.watch().policy(policy).deadline(up_to).await
    }

    /// Polls once.
    ///
    /// # Errors
    ///
    /// The poll failed; the batch goes on.
    pub async fn poll(&self) -> Result<BatchSnapshot, Error> {
        Ok(read::batch(self.client(), self.token(), true).await?.value)
    }
}

impl Pollable for Batch {
    type Snapshot = BatchSnapshot;
    type Item = File;
    type Error = Error;

    async fn poll(&self) -> Result<Polled<BatchSnapshot, File>, Error> {
        self.client().observe_poll();
        let found = read::batch(self.client(), self.token(), false).await?;
        Ok(found.value.polled(found.retry_after))
    }

    async fn long_poll(
        &self,
        limit: Duration,
        _until: Until,
    ) -> Result<Polled<BatchSnapshot, File>, Error> {
        let Way::Batch(batch) = self.token().way() else {
            return Pollable::poll(self).await;
        };
        let client = self.client();
        client.observe_poll();
        // The service cannot be told how long to keep the request open, so it is given up.
        let held = Box::pin(read::by_token(client, batch, false, true, false));
        let found = match select(held, client.clock().limit(limit)).await {
            Either::Left((found, _)) => found?,
            Either::Right(_) => read::by_token(client, batch, false, false, false).await?,
        };
        let found = read::settled(client, self.token(), found).await;
        Ok(found.value.polled(found.retry_after))
    }

    fn max_long_poll(&self) -> Option<Duration> {
        matches!(self.token().way(), Way::Batch(_)).then_some(LONGEST)
    }

    fn fault(&self, error: &Error) -> Fault {
        match error.status() {
            // A batch that was just accepted need not be listed yet.
            Some(404) if !self.ids().is_empty() => Fault::Missing,
            _ => fault(error),
        }
    }

    fn reason(&self, snapshot: &BatchSnapshot) -> Option<String> {
        snapshot.reason().map(str::to_owned)
    }
}

/// What a failed poll means for the next one.
pub(super) fn fault(error: &Error) -> Fault {
    if error.is_retryable() {
        let retry_after = error.retry_after();
        Fault::Transient { retry_after }
    } else if error.status() == Some(400) {
        // Of a plain poll this says no more than that it is wrong.
        Fault::LongPollRefused
    } else {
        Fault::Permanent
    }
}
