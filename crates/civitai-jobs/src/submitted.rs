//! Workflows that were submitted: the handle, what a look shows, what went wrong.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use job_watch::{Clock, Pace, Watch};

use look::Wait;

pub use blob::StoredBlob;
pub use failure::WorkflowFailure;
pub(crate) use file::OfWorkflow;
pub use output::WorkflowOutput;
pub use places::FileKind;
pub use preview::Preview;
pub use snapshot::WorkflowSnapshot;
pub use step::StepSnapshot;

use crate::client::workflows::LONGEST_HOLD;
use crate::{Budget, Client, ClientKey, Error};

mod blob;
mod change;
mod failure;
mod file;
mod look;
mod output;
pub(crate) mod places;
mod preview;
mod queue;
mod snapshot;
mod status;
mod step;

/// A workflow that was submitted. A handle: cheap to clone, and dropping it changes nothing.
///
/// Its [`id`](Self::id) is all that another process needs to
/// [take it up again](crate::Workflows::attach).
#[derive(Clone)]
pub struct Workflow {
    client: Client,
    id: Arc<str>,
    /// What the submission answered.
    first: Option<WorkflowSnapshot>,
    /// Whether the record is known to go when the work ends; a look may tell.
    ephemeral: Arc<AtomicBool>,
    /// Whether the service was seen to refuse a wait.
    refuses_wait: Arc<AtomicBool>,
    /// Whether it was seen to refuse a wait for a change only.
    refuses_change: Arc<AtomicBool>,
    /// Where its price is kept, under which key.
    account: Option<(Budget, ClientKey)>,
}

impl Workflow {
    pub(crate) fn new(client: Client, id: String, ephemeral: bool) -> Self {
        Self {
            client,
            id: id.into(),
            first: None,
            ephemeral: Arc::new(ephemeral.into()),
            refuses_wait: Arc::default(),
            refuses_change: Arc::default(),
            account: None,
        }
    }

    pub(crate) fn seen(mut self, snapshot: WorkflowSnapshot) -> Self {
        self.first = Some(snapshot);
        self
    }

    pub(crate) fn charged_to(mut self, budget: Budget, key: ClientKey) -> Self {
        self.account = Some((budget, key));
        self
    }

    /// What the workflow is found by again, after a restart too. Opaque.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the submission answered; none where the handle came from an id.
    #[must_use]
    pub fn first(&self) -> Option<&WorkflowSnapshot> {
        self.first.as_ref()
    }

    /// Waits for the result with the policy and clock of the client: await it, or call
    /// [`next`](Watch::next) for progress.
    ///
    /// The service holds its answers, each for 90 s at most unless the policy
    /// [says otherwise](crate::WatchPolicy::with_hold). Where the watch is awaited, that is until the
    /// workflow has ended. Where it is asked for the next update, that is until something has changed,
    /// so that each change costs one request and is known at once; services that know no such wait,
    /// and ephemeral workflows, hold until the end, and then shorter holds show progress more often.
    /// Dropping the watch stops looking and leaves the workflow alone.
    pub fn watch(&self) -> Watch<Self> {
        // The gateway cuts later than others.
        let policy = self.client.policy().with_hold_unless_set(LONGEST_HOLD);
        Watch::new(self.clone())
            .with_policy(policy)
            .with_clock(Arc::clone(self.client.clock()))
            .with_throttle(self.client.throttle())
    }

    /// Waits at another pace, by a clock made of the client's, and without holding answers.
    pub(crate) fn watch_at(
        &self,
        pace: Pace,
        clock: impl FnOnce(&Arc<dyn Clock>) -> Arc<dyn Clock>,
    ) -> Watch<Self> {
        let policy = self
            .client
            .policy()
            .with_pace(pace)
            .with_hold(Duration::ZERO);
        Watch::new(self.clone())
            .with_policy(policy)
            .with_clock(clock(self.client.clock()))
    }

    /// Looks once. A budget that the workflow is charged to learns what came back.
    ///
    /// # Errors
    ///
    /// The look failed; the workflow goes on. [It is gone](Error::is_gone) where it was ephemeral
    /// and has ended.
    pub async fn status(&self) -> Result<WorkflowSnapshot, Error> {
        let (snapshot, _) = self.look_held(Wait::No, true).await?;
        Ok(snapshot)
    }
}

/// The id of the workflow.
impl fmt::Display for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

impl fmt::Debug for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workflow")
            .field("id", &self.id)
            .field("ephemeral", &self.ephemeral)
            .finish_non_exhaustive()
    }
}
