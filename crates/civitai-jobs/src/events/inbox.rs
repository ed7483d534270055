//! Where deliveries arrive, and those who wait for them.

use std::time::Duration;

use job_watch::{Pace, Pollable, Watch, WatchError};

use super::error::EventError;
use super::event::Event;
use super::nudge::Waiters;
use super::secret::Secret;
use crate::{Batch, Workflow};

/// How long to go without a delivery before polling anyway.
const FALLBACK: Duration = Duration::from_secs(60);

/// Takes deliveries in, and wakes those who wait for the work that they tell of.
///
/// Whoever waits polls the work after a delivery, and anyway from time to time: a forged delivery
/// changes nothing but the time of a poll, one that comes twice or late is one poll more or none, and
/// one that never comes is made up for. However many come, polls of one piece of work are at least a
/// second apart.
///
/// ```no_run
/// use civitai_jobs::events::{Inbox, Secret};
/// # async fn demo(batch: civitai_jobs::Batch, workflow: civitai_jobs::Workflow, path: &str, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// let inbox = Inbox::new(Secret::random());
/// // In the handler of `POST /hooks/{secret}`:
/// inbox.receive(path, body)?;
/// // Elsewhere:
/// let done = inbox.wait(&batch).await?;
/// let done = inbox.wait(&workflow).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Inbox {
    secret: Secret,
    waiters: Waiters,
    fallback: Duration,
}

impl Inbox {
    /// Creates an inbox behind a secret, which polls after a minute without a delivery.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self {
            secret,
            waiters: Waiters::default(),
            fallback: FALLBACK,
        }
    }

    /// Sets how long to go without a delivery before polling anyway, at least 1 s. Default: 60 s.
    #[must_use]
    pub fn fallback(mut self, fallback: Duration) -> Self {
        self.fallback = fallback.max(Duration::from_secs(1));
        self
    }

    /// Takes a delivery in: the last part of the path that it came to, and its body.
    ///
    /// The event is returned for logs and the like; it is what a stranger may have written. Answer
    /// the service with 204 for an event and with [`Refusal::status`] otherwise.
    ///
    /// # Errors
    ///
    /// The secret is wrong, or the body is no event.
    pub fn receive(&self, secret: &str, body: &[u8]) -> Result<Event, Refusal> {
        if !self.secret.matches(secret) {
            return Err(Refusal::WrongSecret);
        }
        let event = Event::parse(body).map_err(Refusal::NoEvent)?;
        let awaited = self.waiters.nudge(event.work_id());
        tracing::debug!(work = event.work_id(), awaited, "a delivery came");
        Ok(event)
    }

    /// Waits until a batch or a workflow has ended, with the policy of its client but for the pace: a
    /// poll at once, then one after each delivery, and one where none has come for a while.
    ///
    /// Deliveries tell the ids of jobs, so those of a batch that was attached by the service's token
    /// wake nobody; it is polled from time to time.
    ///
    /// # Errors
    ///
    /// As of awaiting a [`Watch`](crate::Watch).
    pub async fn wait<W: Awaited>(&self, work: &W) -> Result<W::Snapshot, WatchError<W>> {
        let waiting = self.waiters.enter(work.ids());
        let client = work.client();
        // Short polls: a delivery ends the pauses between them.
        let policy = client.policy().long_poll(Duration::ZERO);
        Watch::new(work.clone())
            .policy(policy.pace(Pace::fixed(self.fallback)))
            .clock(waiting.clock(client.clock()))
            .await
    }
}

/// Work that deliveries tell of: a [`Batch`] or a [`Workflow`].
pub trait Awaited: Pollable + sealed::Sealed {}

impl Awaited for Batch {}
impl Awaited for Workflow {}

mod sealed {
    use job_watch::Pollable;

    use crate::{Batch, Client, JobId, Workflow};

    pub trait Sealed: Pollable + Clone {
        /// The ids that deliveries tell of.
        fn ids(&self) -> Vec<Box<str>>;

        fn client(&self) -> &Client;
    }

    impl Sealed for Batch {
        fn ids(&self) -> Vec<Box<str>> {
            let named = self.token().job_id();
            let ids = self.ids().iter().chain(named);
            ids.map(JobId::as_str).map(Into::into).collect()
        }

        fn client(&self) -> &Client {
            self.client()
        }
    }

    impl Sealed for Workflow {
        fn ids(&self) -> Vec<Box<str>> {
            vec![self.id().as_str().into()]
        }

        fn client(&self) -> &Client {
            self.client()
        }
    }
}

/// Why a delivery was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It came to an address with another secret.
    #[error("the secret in the address is wrong")]
    WrongSecret,
    /// It is no event.
    #[error("the delivery is no event of the service")]
    NoEvent(#[source] EventError),
}

impl Refusal {
    /// Returns the HTTP status to answer with: 404 for a wrong secret, which says nothing about the
    /// right one, and 400 for what is no event.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::WrongSecret => 404,
            Self::NoEvent(_) => 400,
        }
    }
}
