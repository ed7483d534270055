//! Polls of a workflow, kept open by the service where it can, and watches that make them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use civitai_api::v2::operation;
use civitai_api::v2::operations::GetWorkflowOptions;
use civitai_api::v2::types::WorkflowWaitUntil;
use job_watch::{Fault, Pollable, Polled, Until, Watch, WatchError};

use super::handle::Workflow;
use super::snapshot::WorkflowSnapshot;
use crate::call::{Call, Reply};
use crate::error::Purpose;
use crate::{Error, File};

/// How long a long poll stays open, at most: the gateway in front of the service cuts a request after
/// 100 s.
pub(super) const LONGEST: Duration = Duration::from_secs(90);

impl Workflow {
    /// Watches the workflow with the policy and clock of the client: await the watch for the result,
    /// or call [`next`](Watch::next) for progress.
    ///
    /// Polls are long ones, each of 90 s at most unless the policy
    /// [sets another limit](crate::WatchPolicy::long_poll). Where the watch is awaited, the service
    /// answers when the workflow has ended. Where it is asked for the next update, it answers when
    /// something has changed, so that each change costs one request and is known at once; services that
    /// know no such wait, and ephemeral workflows, answer at the end, and then a shorter limit shows
    /// progress more often. Dropping the watch ends the polls and leaves the workflow alone.
    pub fn watch(&self) -> Watch<Self> {
        // The gateway cuts later than others.
        let policy = self.client().policy().default_long_poll(LONGEST);
        Watch::new(self.clone())
            .policy(policy)
            .clock(Arc::clone(self.client().clock()))
            .throttle(self.client().throttle())
    }

    /// Waits for the result with long polls, mostly one request, until `up_to` is over.
    ///
    /// # Errors
    ///
    /// The time is over ([`WatchError::TimedOut`]) and the workflow goes on; the workflow ended without
    /// its result; or polls failed.
    pub async fn wait_for(&self, up_to: Duration) -> Result<WorkflowSnapshot, WatchError<Self>> {
        self.watch().deadline(up_to).await
    }

    /// Polls once. A budget that the workflow is charged to learns what came back.
    ///
    /// # Errors
    ///
    /// The poll failed; the workflow goes on. [It is gone](Error::is_gone) where it was ephemeral
    /// and has ended.
    pub async fn poll(&self) -> Result<WorkflowSnapshot, Error> {
        let call = Call::new(operation::GET_WORKFLOW, Purpose::PollWorkflow);
        Ok(self.read(call, Wait::No).await?.value)
    }
}

impl Pollable for Workflow {
    type Snapshot = WorkflowSnapshot;
    type Item = File;
    type Error = Error;

    async fn poll(&self) -> Result<Polled<WorkflowSnapshot, File>, Error> {
        self.poll_once(Wait::No).await
    }

    async fn long_poll(
        &self,
        limit: Duration,
        until: Until,
    ) -> Result<Polled<WorkflowSnapshot, File>, Error> {
        // The record of an ephemeral workflow may go between a change and the next request.
        let for_end =
            until == Until::End || self.facts().is_ephemeral() || self.facts().refuses_change();
        let wait = i32::try_from(limit.as_secs()).unwrap_or(i32::MAX);
        self.poll_once(match wait {
            0 => Wait::No,
            wait if for_end => Wait::ForEnd(wait),
            wait => Wait::ForChange(wait),
        })
        .await
    }

    fn max_long_poll(&self) -> Option<Duration> {
        let refused = self.facts().refuses_wait.load(Ordering::Relaxed);
        (!refused).then_some(LONGEST)
    }

    fn fault(&self, error: &Error) -> Fault {
        if error.is_retryable() {
            let retry_after = error.retry_after();
            return Fault::Transient { retry_after };
        }
        // A workflow that was just accepted need not be listed yet.
        match (error.status(), self.first()) {
            (Some(404), Some(_)) if !self.facts().is_ephemeral() => Fault::Missing,
            _ => Fault::Permanent,
        }
    }

    fn reason(&self, snapshot: &WorkflowSnapshot) -> Option<String> {
        snapshot.failure().map(|failure| failure.to_string())
    }
}

/// What the service is to wait for before it answers, and for how many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    No,
    ForEnd(i32),
    ForChange(i32),
}

impl Wait {
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

impl Workflow {
    /// What a poll showed, for those who watch.
    pub(super) fn polled(
        &self,
        snapshot: &WorkflowSnapshot,
        retry_after: Option<Duration>,
    ) -> Polled<WorkflowSnapshot, File> {
        self.learn(snapshot);
        snapshot.polled(retry_after)
    }

    /// Keeps what the next polls and the budget need to know.
    fn learn(&self, snapshot: &WorkflowSnapshot) {
        if snapshot.reply().ephemeral == Some(true) {
            self.facts().ephemeral.store(true, Ordering::Relaxed);
        }
        self.charge(snapshot);
    }

    async fn poll_once(&self, wait: Wait) -> Result<Polled<WorkflowSnapshot, File>, Error> {
        // A submission that waited for the end has told everything, and of an ephemeral workflow
        // nothing else does.
        let ended = self.first().filter(|first| first.phase().is_terminal());
        if let Some(first) = ended {
            return Ok(self.polled(first, None));
        }
        self.client().observe_poll();
        let call = Call::new(operation::GET_WORKFLOW, Purpose::PollWorkflow).once();
        let Reply { value, retry_after } = self.read(call, wait).await?;
        let is_pushed = matches!(wait, Wait::ForChange(_)) && !self.facts().refuses_change();
        let digest = is_pushed.then(|| value.digest());
        Ok(value.polled(retry_after).digest(digest))
    }

    /// Reads the workflow; what the service refuses to wait for is asked for without.
    async fn read(&self, call: Call, wait: Wait) -> Result<Reply<WorkflowSnapshot>, Error> {
        let (client, api) = (self.client(), self.client().api_v2());
        let read = async |wait: Wait| {
            let options = wait.options();
            let send = || api.get_workflow(self.id().as_str(), &options);
            client.call(call, send).await
        };
        let is_refused =
            |seen: &Result<_, Error>| matches!(seen, Err(error) if error.status() == Some(400));
        let (mut seen, mut wait) = (read(wait).await, wait);
        if let Wait::ForChange(seconds) = wait
            && is_refused(&seen)
        {
            tracing::debug!("the service refuses to wait for a change; waiting for the end");
            self.facts().refuses_change.store(true, Ordering::Relaxed);
            wait = Wait::ForEnd(seconds);
            seen = read(wait).await;
        }
        // Older deployments know no wait of so many seconds.
        if wait != Wait::No && is_refused(&seen) {
            tracing::debug!("the service refuses to wait; polling without");
            self.facts().refuses_wait.store(true, Ordering::Relaxed);
            seen = read(Wait::No).await;
        }
        let seen = seen.map_err(|error| match error.status() {
            Some(404) if self.facts().is_ephemeral() => Error::gone(error),
            _ => error,
        })?;
        let snapshot = WorkflowSnapshot::from(seen.value);
        self.learn(&snapshot);
        Ok(Reply {
            value: snapshot,
            retry_after: seen.retry_after,
        })
    }
}
