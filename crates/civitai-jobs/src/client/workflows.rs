//! Workflows on the v2 API: submitting each exactly once, asking for the price, finding them again.

use civitai_api::v2::operation;
use civitai_api::v2::operations::{GetWorkflowOptions, SubmitWorkflowOptions};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use civitai_api::v2::types;

use super::listing::WorkflowList;
use crate::error::{Doing, reply};
use crate::workflow::WorkflowRequest;
use crate::{Budget, Client, ClientKey, Error, Preview, Workflow, WorkflowSnapshot};

/// The gateway in front of the service cuts a request after 100 s.
pub(crate) const LONGEST_HOLD: Duration = Duration::from_secs(90);

/// The workflows of an account: what [`Client::workflows`] gives.
#[derive(Clone, Debug)]
pub struct Workflows {
    client: Client,
}

impl Client {
    /// The workflows of the account, which the v2 API runs.
    #[must_use]
    pub fn workflows(&self) -> Workflows {
        Workflows {
            client: self.clone(),
        }
    }
}

impl Workflows {
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Submits a workflow, exactly once: await it, after setting what it is to keep to.
    ///
    /// The service is told a key of the submission. Where an answer is lost, the same request goes
    /// out again under the same key, and the service gives back the workflow that it has already
    /// taken: nothing runs twice, and nothing is paid twice.
    ///
    /// ```no_run
    /// # async fn demo(client: civitai_jobs::Client, request: civitai_jobs::workflow::WorkflowRequest) -> Result<(), civitai_jobs::Error> {
    /// let budget = civitai_jobs::Budget::new(400);
    /// let workflow = client.workflows().submit(&request).within(&budget).await?;
    /// let done = workflow.watch().await;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`fields`](Error::fields) are at fault; without a [`status`](Error::status), nothing was
    ///   sent.
    /// - The price [is over the budget](Error::is_over_budget): nothing was sent but a preview.
    /// - The service refused, or could not be reached: nothing was paid.
    /// - [The outcome is unknown](Error::is_outcome_unknown) after several tries. Submitting again
    ///   under [the key of the error](Error::client_key) finds out, in another process too.
    pub fn submit(&self, request: &WorkflowRequest) -> WorkflowSubmission {
        WorkflowSubmission {
            client: self.client.clone(),
            request: request.clone(),
            key: None,
            budget: None,
            wait: None,
        }
    }

    /// Asks for the price of a workflow, without running it or paying.
    ///
    /// A preview has no key, since the service would take one for used: what is submitted later
    /// under it would never run.
    ///
    /// # Errors
    ///
    /// Fields are at fault, or the service refused. A workflow with a step that takes what another
    /// one makes is known to be answered with status 500.
    pub async fn preview(&self, request: &WorkflowRequest) -> Result<Preview, Error> {
        preview(&self.client, &request.to_waited_template()?).await
    }

    /// Takes up a workflow again, in this process or another one; nothing is sent.
    #[must_use]
    pub fn attach(&self, id: impl Into<String>) -> Workflow {
        Workflow::new(self.client.clone(), id.into(), false)
    }

    /// Reads a workflow once.
    ///
    /// # Errors
    ///
    /// There is none of this id for this account (status 404), or the call failed.
    pub async fn get(&self, id: &str) -> Result<WorkflowSnapshot, Error> {
        let api = self.client.api_v2();
        let options = GetWorkflowOptions::default();
        let call = || api.get_workflow(id, &options);
        let seen = self
            .client
            .ask(operation::GET_WORKFLOW, Doing::LookingAtWorkflow, call)
            .await?;
        Ok(WorkflowSnapshot::new(seen.value))
    }

    /// Lists the workflows of the account, newest first: set filters, then read the stream.
    pub fn list(&self) -> WorkflowList {
        WorkflowList::new(self.client.clone())
    }
}

/// A submission that has not been sent: what [`Workflows::submit`] gives. Await it.
#[derive(Clone, Debug)]
#[must_use = "a submission does nothing until it is awaited"]
pub struct WorkflowSubmission {
    client: Client,
    request: WorkflowRequest,
    key: Option<ClientKey>,
    budget: Option<Budget>,
    wait: Option<Duration>,
}

impl WorkflowSubmission {
    /// Submits under this key in place of a new one.
    ///
    /// Write the key down first, and a crash loses nothing: submitting the same request under the
    /// same key gives back the workflow that is there, or makes it where there is none.
    pub fn under(mut self, key: ClientKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Asks for the price first, and submits only where the budget has it.
    pub fn within(mut self, budget: &Budget) -> Self {
        self.budget = Some(budget.clone());
        self
    }

    /// Lets the service hold its answer until the workflow has ended or the time is over, in whole
    /// seconds, 90 at most. A watch of a workflow that has ended by then takes no look.
    ///
    /// An ephemeral workflow without a callback is always held: its result is nowhere else.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }

    async fn send(self) -> Result<Workflow, Error> {
        let key = self.key.unwrap_or_else(ClientKey::new);
        // An ephemeral workflow without a callback is waited for.
        let unkeyed = self.request.to_waited_template()?;
        let template = types::WorkflowTemplate {
            external_id: Some(key.to_string()),
            ..unkeyed.clone()
        };
        let reservation = match &self.budget {
            None => None,
            Some(budget) => {
                let price = preview(&self.client, &unkeyed).await?.price();
                Some(budget.reserve(key, price).map_err(Error::over_budget)?)
            }
        };
        let result = submit(&self.client, key, self.hold(&template), &template).await;
        match (&result, reservation) {
            (Ok(workflow), Some(reservation)) => {
                let charged = workflow.first().map_or(0, WorkflowSnapshot::charged);
                reservation.charged(charged);
            }
            (Err(error), Some(reservation)) if !error.is_outcome_unknown() => {
                reservation.released();
            }
            _ => {}
        }
        result.map(|workflow| match self.budget {
            Some(budget) => workflow.charged_to(budget, key),
            None => workflow,
        })
    }

    /// The seconds to wait for, if any.
    fn hold(&self, template: &types::WorkflowTemplate) -> Option<i32> {
        let nowhere_else =
            template.ephemeral == Some(true) && template.callbacks.iter().all(Vec::is_empty);
        // The service counts in whole seconds.
        let wait = self.wait.filter(|wait| wait.as_secs() > 0);
        let wait = wait.or(nowhere_else.then_some(LONGEST_HOLD))?;
        i32::try_from(wait.min(LONGEST_HOLD).as_secs()).ok()
    }
}

impl IntoFuture for WorkflowSubmission {
    type Output = Result<Workflow, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Sends a workflow under a key, and again under the same where it is unclear what became of it.
async fn submit(
    client: &Client,
    key: ClientKey,
    wait: Option<i32>,
    template: &types::WorkflowTemplate,
) -> Result<Workflow, Error> {
    tracing::debug!(client_key = %key, "submitting a workflow");
    let api = client.api_v2();
    // One try that may have been accepted is not undone by a later one that was refused.
    let options = SubmitWorkflowOptions {
        wait,
        ..SubmitWorkflowOptions::default()
    };
    let unclear = AtomicBool::new(false);
    let call = || async {
        let result = api.submit_workflow(template, &options).await;
        if result.as_ref().is_err_and(reply::is_unclear) {
            unclear.store(true, Ordering::Relaxed);
        }
        result
    };
    let answered = client.ask(
        operation::SUBMIT_WORKFLOW,
        Doing::SubmittingWorkflow(key),
        call,
    );
    let reply = match answered.await {
        Ok(reply) => reply.value,
        Err(error) if unclear.into_inner() && !error.is_outcome_unknown() => {
            return Err(Error::unclear(key, error));
        }
        Err(error) => return Err(error),
    };
    let ephemeral = template.ephemeral == Some(true);
    let snapshot = WorkflowSnapshot::new(reply);
    match snapshot.id() {
        Some(id) => {
            let workflow = Workflow::new(client.clone(), id.to_owned(), ephemeral);
            Ok(workflow.seen(snapshot))
        }
        None => Err(Error::no_id(key)),
    }
}

async fn preview(client: &Client, template: &types::WorkflowTemplate) -> Result<Preview, Error> {
    let api = client.api_v2();
    let options = SubmitWorkflowOptions {
        whatif: Some(true),
        ..SubmitWorkflowOptions::default()
    };
    let call = || api.submit_workflow(template, &options);
    let priced = client
        .ask(operation::SUBMIT_WORKFLOW, Doing::Previewing, call)
        .await?;
    Ok(Preview::new(WorkflowSnapshot::new(priced.value)))
}
