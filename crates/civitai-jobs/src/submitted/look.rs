//! One look at a workflow: held by the service where it can, without a wait where it cannot.

use civitai_api::v2::operation;
use civitai_api::v2::operations::GetWorkflowOptions;
use std::sync::atomic::Ordering;
use std::time::Duration;

use job_watch::{Fault, Progress, Seen};

use super::Workflow;
use super::snapshot::WorkflowSnapshot;
use crate::Error;
use crate::client::workflows::LONGEST_HOLD;
use crate::error::Doing;

impl job_watch::Job for Workflow {
    type Snapshot = WorkflowSnapshot;
    type Error = Error;

    async fn look(&self, hold: Option<Duration>) -> Result<Seen<WorkflowSnapshot>, Error> {
        // A submission that was held until the end has told everything, and of an ephemeral
        // workflow nothing else does.
        let ended = self.first().filter(|first| first.phase().is_terminal());
        let (snapshot, retry_after) = match ended {
            Some(first) => (first.clone(), None),
            None => self.look_held(hold, false).await?,
        };
        Ok(self.seen_as(&snapshot, retry_after))
    }

    fn fault(&self, error: &Error) -> Fault {
        if error.is_retryable() {
            let retry_after = error.retry_after();
            Fault::Passing { retry_after }
        } else {
            Fault::Lasting
        }
    }

    fn longest_hold(&self) -> Option<Duration> {
        let refused = self.refuses_wait.load(Ordering::Relaxed);
        (!refused).then_some(LONGEST_HOLD)
    }
}

fn progress(snapshot: &WorkflowSnapshot) -> Progress {
    #[allow(clippy::cast_possible_truncation, reason = "a share needs no more")]
    let percent = snapshot.progress().map(|share| (100.0 * share) as f32);
    let items = snapshot.outputs().len();
    Progress::new()
        .with_queue_place(snapshot.preceding_jobs())
        .with_percent(percent)
        .with_items((items > 0).then_some(items))
}

impl Workflow {
    /// What a look saw, in the words of waiting. A budget that the workflow is charged to learns of
    /// it.
    pub(crate) fn seen_as(
        &self,
        snapshot: &WorkflowSnapshot,
        retry_after: Option<Duration>,
    ) -> Seen<WorkflowSnapshot> {
        self.learn(snapshot);
        Seen::new(snapshot.phase(), snapshot.clone())
            .with_progress(progress(snapshot))
            .with_finished(snapshot.finished())
            .with_retry_after(retry_after)
    }

    /// Keeps what the next looks and the budget need to know.
    fn learn(&self, snapshot: &WorkflowSnapshot) {
        if snapshot.reply().ephemeral == Some(true) {
            self.ephemeral.store(true, Ordering::Relaxed);
        }
        if let Some((budget, key)) = &self.account {
            budget.charge(*key, snapshot.charged());
        }
    }

    /// The list does not have the workflow.
    pub(crate) fn missing(&self) -> Error {
        Error::unlisted(&self.id, self.ephemeral.load(Ordering::Relaxed))
    }

    /// Looks once; also returns the pause that the service asks for. With `again`, failures that
    /// may pass are borne.
    pub(super) async fn look_held(
        &self,
        hold: Option<Duration>,
        again: bool,
    ) -> Result<(WorkflowSnapshot, Option<Duration>), Error> {
        let wait = hold.and_then(|hold| i32::try_from(hold.as_secs()).ok());
        let wait = wait.filter(|seconds| *seconds > 0);
        let (client, api) = (&self.client, self.client.api_v2());
        let call = async |wait| {
            let options = GetWorkflowOptions {
                wait,
                ..GetWorkflowOptions::default()
            };
            api.get_workflow(&self.id, &options).await
        };
        let doing = Doing::LookingAtWorkflow;
        let mut seen = if again {
            client
                .ask(operation::GET_WORKFLOW, doing, || call(wait))
                .await
        } else {
            client
                .look(operation::GET_WORKFLOW, doing, call(wait))
                .await
        };
        // Older deployments know no wait of so many seconds.
        if wait.is_some() && matches!(&seen, Err(error) if error.status() == Some(400)) {
            tracing::debug!("the service refuses to wait; looking without");
            self.refuses_wait.store(true, Ordering::Relaxed);
            seen = client
                .look(operation::GET_WORKFLOW, doing, call(None))
                .await;
        }
        let seen = seen.map_err(|error| match error.status() {
            Some(404) if self.ephemeral.load(Ordering::Relaxed) => Error::gone(error),
            _ => error,
        })?;
        let snapshot = WorkflowSnapshot::new(seen.value);
        self.learn(&snapshot);
        Ok((snapshot, seen.retry_after))
    }
}
