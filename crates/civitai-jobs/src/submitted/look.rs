//! One look at a workflow: held by the service where it can, without a wait where it cannot.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::Ordering;
use std::time::Duration;

use civitai_api::v2::operation;
use civitai_api::v2::operations::GetWorkflowOptions;
use civitai_api::v2::types::WorkflowWaitUntil;
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
        self.look_as(Wait::of(hold, Wait::ForEnd)).await
    }

    async fn look_for_change(
        &self,
        hold: Option<Duration>,
    ) -> Result<Seen<WorkflowSnapshot>, Error> {
        // The record of an ephemeral workflow may go between a change and the next request.
        let plain =
            self.ephemeral.load(Ordering::Relaxed) || self.refuses_change.load(Ordering::Relaxed);
        let wait = if plain { Wait::ForEnd } else { Wait::ForChange };
        self.look_as(Wait::of(hold, wait)).await
    }

    fn fault(&self, error: &Error) -> Fault {
        if error.is_retryable() {
            let retry_after = error.retry_after();
            return Fault::Passing { retry_after };
        }
        // A workflow that was just accepted need not be listed yet.
        match (error.status(), self.first()) {
            (Some(404), Some(_)) if !self.ephemeral.load(Ordering::Relaxed) => Fault::Missing,
            _ => Fault::Lasting,
        }
    }

    fn longest_hold(&self) -> Option<Duration> {
        let refused = self.refuses_wait.load(Ordering::Relaxed);
        (!refused).then_some(LONGEST_HOLD)
    }
}

/// What the service is to wait for before it answers, and for how many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    No,
    ForEnd(i32),
    ForChange(i32),
}

impl Wait {
    /// A wait of so long, if it comes to a second.
    fn of(hold: Option<Duration>, wait: fn(i32) -> Self) -> Self {
        let seconds = hold.and_then(|hold| i32::try_from(hold.as_secs()).ok());
        seconds
            .filter(|seconds| *seconds > 0)
            .map_or(Self::No, wait)
    }

    fn options(self) -> GetWorkflowOptions {
        let (wait, until) = match self {
            Self::No => (None, None),
            Self::ForEnd(seconds) => (Some(seconds), None),
            Self::ForChange(seconds) => (Some(seconds), Some(WorkflowWaitUntil::Change)),
        };
        GetWorkflowOptions {
            wait,
            until,
            ..GetWorkflowOptions::default()
        }
    }
}

fn progress(snapshot: &WorkflowSnapshot) -> Progress {
    #[allow(clippy::cast_possible_truncation, reason = "a share needs no more")]
    let percent = |share: f64| (100.0 * share) as f32;
    let items = snapshot.outputs().len();
    Progress::new()
        .with_queue_place(snapshot.preceding_jobs())
        .with_prepared(snapshot.prepared().map(percent))
        .with_starts_in(snapshot.prepared_in())
        .with_percent(snapshot.progress().map(percent))
        .with_items((items > 0).then_some(items))
}

/// A number for all of a look that the service counts as a change.
fn digest(snapshot: &WorkflowSnapshot) -> u64 {
    let mut digest = DefaultHasher::new();
    snapshot.status().to_string().hash(&mut digest);
    for step in snapshot.steps() {
        let share = |share: Option<f64>| share.map(f64::to_bits);
        step.status().to_string().hash(&mut digest);
        share(step.progress()).hash(&mut digest);
        let place = step.queue_position();
        place.map(|place| place.preceding_jobs).hash(&mut digest);
        for model in step.preparation() {
            let (name, place) = (&model.resource, model.queue_position);
            (name, place, share(model.progress)).hash(&mut digest);
            model.lane.to_string().hash(&mut digest);
        }
    }
    snapshot.finished().hash(&mut digest);
    digest.finish()
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

    async fn look_as(&self, wait: Wait) -> Result<Seen<WorkflowSnapshot>, Error> {
        // A submission that was held until the end has told everything, and of an ephemeral
        // workflow nothing else does.
        let ended = self.first().filter(|first| first.phase().is_terminal());
        if let Some(first) = ended {
            return Ok(self.seen_as(first, None));
        }
        if let Some(observer) = self.client.observer() {
            observer.poll();
        }
        let (snapshot, retry_after) = self.look_held(wait, false).await?;
        let is_pushed =
            matches!(wait, Wait::ForChange(_)) && !self.refuses_change.load(Ordering::Relaxed);
        let seen = self.seen_as(&snapshot, retry_after);
        Ok(seen.with_until_change(is_pushed.then(|| digest(&snapshot))))
    }

    /// Looks once; also returns the pause that the service asks for.
    pub(super) async fn look_held(
        &self,
        wait: Wait,
        again: bool,
    ) -> Result<(WorkflowSnapshot, Option<Duration>), Error> {
        let (client, api) = (&self.client, self.client.api_v2());
        let call = async |wait: Wait| api.get_workflow(&self.id, &wait.options()).await;
        let (operation, doing) = (operation::GET_WORKFLOW, Doing::LookingAtWorkflow);
        let mut seen = if again {
            client.ask(operation, doing, || call(wait)).await
        } else {
            client.look(operation, doing, call(wait)).await
        };
        let is_refused =
            |seen: &Result<_, Error>| matches!(seen, Err(error) if error.status() == Some(400));
        let mut wait = wait;
        if let Wait::ForChange(seconds) = wait
            && is_refused(&seen)
        {
            tracing::debug!("the service refuses to wait for a change; waiting for the end");
            self.refuses_change.store(true, Ordering::Relaxed);
            wait = Wait::ForEnd(seconds);
            seen = client.look(operation, doing, call(wait)).await;
        }
        // Older deployments know no wait of so many seconds.
        if wait != Wait::No && is_refused(&seen) {
            tracing::debug!("the service refuses to wait; looking without");
            self.refuses_wait.store(true, Ordering::Relaxed);
            seen = client.look(operation, doing, call(Wait::No)).await;
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
