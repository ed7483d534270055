//! Where deliveries arrive, and those who wait for them.

use std::time::Duration;

use job_watch::{Pace, WatchError};

use super::nudge::Waiters;
use super::{Event, EventError, Secret};
use crate::{Workflow, WorkflowSnapshot};

/// How long to go without a delivery before looking anyway.
const FALLBACK: Duration = Duration::from_secs(60);

/// Takes deliveries in, and wakes those who wait for their workflows.
///
/// Whoever waits reads the workflow after a delivery, and anyway from time to time: a forged
/// delivery changes nothing but the time of a look, one that comes twice or late is one look more or
/// none, and one that never comes is made up for. However many come, looks at one workflow are at
/// least a second apart.
///
/// ```no_run
/// use civitai_jobs::webhook::{Inbox, Secret};
/// # async fn demo(workflow: civitai_jobs::Workflow, path: &str, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// let inbox = Inbox::new(Secret::random());
/// // In the handler of `POST /hooks/{secret}`:
/// inbox.receive(path, body)?;
/// // Elsewhere:
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
    /// An inbox behind a secret, which looks after a minute without a delivery.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self {
            secret,
            waiters: Waiters::default(),
            fallback: FALLBACK,
        }
    }

    /// Sets how long to go without a delivery before looking anyway; at least a second.
    #[must_use]
    pub fn with_fallback(mut self, fallback: Duration) -> Self {
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
        let awaited = self.waiters.nudge(event.workflow_id());
        tracing::debug!(workflow = event.workflow_id(), awaited, "a delivery came");
        Ok(event)
    }

    /// Waits until the workflow has ended, with the policy of its client but for the pace: a look
    /// at once, then one after each delivery, and one where none has come for a while.
    ///
    /// # Errors
    ///
    /// As of awaiting a [`Watch`](crate::Watch).
    pub async fn wait(
        &self,
        workflow: &Workflow,
    ) -> Result<WorkflowSnapshot, WatchError<Workflow>> {
        let waiting = self.waiters.enter(workflow.id());
        let pace = Pace::fixed(self.fallback);
        workflow.watch_at(pace, |clock| waiting.clock(clock)).await
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
    /// The HTTP status to answer with: 404 for a wrong secret, which says nothing about the right
    /// one, and 400 for what is no event.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::WrongSecret => 404,
            Self::NoEvent(_) => 400,
        }
    }
}
