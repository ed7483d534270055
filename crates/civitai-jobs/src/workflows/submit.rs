//! Submitting: each paid workflow once, under a key that the service recognises.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use civitai_api::v2::operation;
use civitai_api::v2::operations::SubmitWorkflowOptions;
use civitai_api::v2::types::WorkflowTemplate;
use futures_util::stream::{self, StreamExt as _};

use super::handle::Workflow;
use super::poll::LONGEST;
use super::request::WorkflowRequest;
use super::snapshot::WorkflowSnapshot;
use super::{list, preview};
use crate::budget::Entry;
use crate::call::Call;
use crate::error::{Purpose, Unsettled, Work, reply};
use crate::{Budget, Client, ClientKey, Error};

/// Submissions under way at once.
const AT_ONCE: usize = 8;

/// A submission that has not been sent: what [`Workflows::submit`](crate::Workflows::submit) gives.
/// Await it.
///
/// It is a value: a clone that is awaited as well submits again, under a new key, unless
/// [a key was set](Self::key); then it gives back the workflow of the first.
#[derive(Clone, Debug)]
#[must_use = "a submission does nothing until it is awaited"]
pub struct WorkflowSubmission {
    client: Client,
    request: WorkflowRequest,
    key: Option<ClientKey>,
    resumes: bool,
    budget: Option<Budget>,
    wait: Option<Duration>,
}

impl WorkflowSubmission {
    pub(super) fn new(client: Client, request: WorkflowRequest) -> Self {
        Self {
            client,
            request,
            key: None,
            resumes: false,
            budget: None,
            wait: None,
        }
    }

    /// Sets the key in place of a new one.
    ///
    /// Write it down first, and a crash loses nothing: submitting the same request under the same key
    /// gives back the workflow that is there, or makes it where there is none. The service does not
    /// compare requests: another one under a key that is known gives the first workflow.
    #[doc(alias = "external_id")]
    #[doc(alias = "idempotency")]
    pub fn key(mut self, key: ClientKey) -> Self {
        (self.key, self.resumes) = (Some(key), false);
        self
    }

    /// Sets a key that may have been submitted before, in this process or another one: the service is
    /// searched for it first, and where the workflow is there, no price is asked for and no budget
    /// refuses what is already paid.
    pub fn resume(mut self, key: ClientKey) -> Self {
        (self.key, self.resumes) = (Some(key), true);
        self
    }

    /// Sets a budget: the price is asked for first, and the workflow is submitted only where the
    /// budget has it.
    pub fn budget(mut self, budget: &Budget) -> Self {
        self.budget = Some(budget.clone());
        self
    }

    /// Lets the service keep the request open until the workflow has ended or the time is over, in
    /// whole seconds, 90 at most. A watch of a workflow that has ended by then needs no poll.
    ///
    /// An ephemeral workflow without a callback is always waited for: its result is nowhere else.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }

    async fn send(self) -> Result<Workflow, Error> {
        let client = &self.client;
        let key = self.key.unwrap_or_default();
        // An ephemeral workflow without a callback is waited for.
        let mut template = self.request.to_template_for(true)?;
        if self.resumes
            && let Some(workflow) = list::find(client, key).await?
        {
            return Ok(self.charged(workflow));
        }
        let reservation = match &self.budget {
            None => None,
            Some(budget) => {
                let price = preview::preview(client, &template).await?.price();
                let entry = Entry::from(key);
                Some(budget.reserve(entry, price).map_err(Error::over_budget)?)
            }
        };
        template.external_id = Some(key.to_string());
        let result = submit(client, key, self.wait_seconds(&template), &template).await;
        match (&result, reservation) {
            (Ok(workflow), Some(reservation)) => {
                let first = workflow.first().map(WorkflowSnapshot::charged);
                reservation.charged(first.unwrap_or_default());
            }
            (Err(error), Some(reservation)) if !error.is_outcome_unknown() => {
                reservation.released();
            }
            _ => {}
        }
        result.map(|workflow| self.charged(workflow))
    }

    /// Lets the budget learn what the workflow costs.
    fn charged(&self, workflow: Workflow) -> Workflow {
        match &self.budget {
            Some(budget) => workflow.budget(budget),
            None => workflow,
        }
    }

    /// The seconds to wait for, if any.
    fn wait_seconds(&self, template: &WorkflowTemplate) -> Option<i32> {
        let nowhere_else =
            template.ephemeral == Some(true) && template.callbacks.iter().all(Vec::is_empty);
        // The service counts in whole seconds.
        let wait = self.wait.filter(|wait| wait.as_secs() > 0);
        let wait = wait.or(nowhere_else.then_some(LONGEST))?;
        i32::try_from(wait.min(LONGEST).as_secs()).ok()
    }
}

impl IntoFuture for WorkflowSubmission {
    type Output = Result<Workflow, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Several submissions: what [`Workflows::submit_all`](crate::Workflows::submit_all) gives. Await it
/// for the result of each, in their order.
#[derive(Clone, Debug)]
#[must_use = "submissions do nothing until they are awaited"]
pub struct WorkflowSubmissions(Vec<WorkflowSubmission>);

impl WorkflowSubmissions {
    pub(super) fn new(submissions: Vec<WorkflowSubmission>) -> Self {
        Self(submissions)
    }

    /// Sets a budget for all of them together; see [`WorkflowSubmission::budget`].
    pub fn budget(mut self, budget: &Budget) -> Self {
        for submission in &mut self.0 {
            submission.budget = Some(budget.clone());
        }
        self
    }
}

impl IntoFuture for WorkflowSubmissions {
    type Output = Vec<Result<Workflow, Error>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let sends: Vec<_> = self.0.into_iter().map(WorkflowSubmission::send).collect();
        Box::pin(stream::iter(sends).buffered(AT_ONCE).collect())
    }
}

/// Sends a workflow under a key, and again under the same where it is unclear what became of it.
async fn submit(
    client: &Client,
    key: ClientKey,
    wait: Option<i32>,
    template: &WorkflowTemplate,
) -> Result<Workflow, Error> {
    tracing::debug!(client_key = %key, "submitting a workflow");
    let api = client.api_v2();
    let options = SubmitWorkflowOptions {
        wait,
        ..SubmitWorkflowOptions::default()
    };
    // One try that may have been accepted is not undone by a later one that was refused.
    let unclear = AtomicBool::new(false);
    let send = || async {
        let result = api.submit_workflow(template, &options).await;
        if result.as_ref().is_err_and(reply::is_unclear) {
            unclear.store(true, Ordering::Relaxed);
        }
        result
    };
    let call = Call::new(operation::SUBMIT_WORKFLOW, Purpose::SubmitWorkflow(key));
    let call = call.retries(client.submit_policy().resends);
    let unknown = |cause| Error::from(Unsettled::unknown(key, Work::Workflow, None, cause));
    let reply = match client.call(call, send).await {
        Ok(reply) => reply.value,
        Err(error) if unclear.into_inner() => return Err(unknown(Some(error))),
        Err(error) => return Err(error),
    };
    let ephemeral = template.ephemeral == Some(true);
    let snapshot = WorkflowSnapshot::from(reply);
    match snapshot.id() {
        Some(id) => {
            let workflow = Workflow::new(client.clone(), id.clone(), ephemeral);
            Ok(workflow.submitted(key, snapshot))
        }
        None => Err(unknown(None)),
    }
}
