//! Workflows of the v2 API: a list of steps of any kind, which may take what others make.
//!
//! The files here have their twins in [`jobs`](crate::jobs): what a user does with one kind of work
//! is done with the other in the same words.
//!
//! A [`WorkflowRequest`] is a value without ties to a client. Adding a [`Step`] gives a
//! [`StepHandle`], whose outputs fit the inputs of further steps:
//!
//! ```
//! use civitai_jobs::workflows::{Step, WorkflowRequest};
//! use civitai_jobs::Air;
//!
//! let model: Air = "urn:air:sd1:checkpoint:civitai:4384@128713".parse()?;
//! let mut request = WorkflowRequest::new().tag("lighthouse");
//! let hero = request.add(Step::text_to_image(model, "a lighthouse in fog").name("hero"));
//! let large = request.add(Step::upscale_image(hero.image(0)).repeats(2));
//! let cut = request.add(Step::remove_background(large.image()));
//!
//! assert_eq!(cut.name(), "imageBackgroundRemoval");
//! assert_eq!(request.step_names().count(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What goes into a step and what comes out has a kind: an image where a text is wanted does not
//! compile.
//!
//! ```compile_fail,E0277
//! use civitai_jobs::workflows::{Step, WorkflowRequest};
//! # let model: civitai_jobs::Air = "urn:air:sd1:checkpoint:civitai:4384@128713".parse().unwrap();
//!
//! let mut request = WorkflowRequest::new();
//! let hero = request.add(Step::text_to_image(model.clone(), "a lighthouse in fog"));
//! // `Source<Text>` cannot be made from a `Deferred<Image>`.
//! request.add(Step::text_to_image(model, hero.image(0)));
//! ```
//!
//! Nor do an image where a video is wanted, or a member that an engine does not have:
//!
//! ```compile_fail,E0277
//! # use civitai_jobs::workflows::{Deferred, Image, Step};
//! let picture = Deferred::<Image>::named("hero", "output.images[0].url");
//! Step::caption(picture.clone()); // An image can be looked at,
//! Step::transcribe(picture); // but not listened to.
//! ```
//!
//! ```compile_fail,E0599
//! # use civitai_jobs::workflows::Step;
//! Step::upscale_image("https://example.com/a.png").prompt("a lighthouse in fog");
//! ```
//!
//! Every input of every step type and engine that the contract has is a step as well, as it comes
//! from [`types`]; so is a whole [`types::WorkflowStepTemplate`].

pub use change::{Patch, WorkflowChange};
pub use civitai_api::v2::types;
pub use civitai_api::v2::types::{
    BuzzClientAccount as Currency, NsfwLevel, Priority, WorkflowCallback as Callback,
    WorkflowCallbackTypeItem as CallbackEvent, WorkflowUpgradeMode as UpgradeMode,
};
pub use fleet::{
    WorkflowDriver, WorkflowFleet, WorkflowGroup, WorkflowMember, WorkflowSource, WorkflowWatch,
};
pub use handle::Workflow;
pub use list::WorkflowList;
pub use preview::Preview;
pub use request::{
    Archive, Audio, Deferred, DeferredList, DraftCache, Image, Kind, Model, Model3d, NamedStep,
    Sound, Source, Step, StepHandle, StepInput, Text, UnknownMember, Video, Visual,
    WorkflowRequest, takes,
};
pub use snapshot::{StepSnapshot, WorkflowFailure, WorkflowSnapshot};
pub use submit::{WorkflowSubmission, WorkflowSubmissions};
pub use substitution::Substitution;

use civitai_api::v2::operation;
use civitai_api::v2::operations::GetWorkflowOptions;
use job_watch::RequestBudget;

use crate::call::Call;
use crate::error::Purpose;
use crate::{Client, ClientKey, Error, WorkflowId};

mod change;
mod fleet;
mod handle;
mod list;
pub(crate) mod output;
mod poll;
mod preview;
pub(crate) mod request;
mod snapshot;
mod submit;
mod substitution;

/// The workflows of an account (v2): what [`Client::workflows`] gives.
#[derive(Clone, Debug)]
pub struct Workflows {
    client: Client,
}

impl Client {
    /// Returns the workflows of the account, which the v2 API runs.
    #[must_use]
    pub fn workflows(&self) -> Workflows {
        let client = self.clone();
        Workflows { client }
    }
}

impl Workflows {
    /// Submits a workflow exactly once: await the submission, after setting its key and budget.
    ///
    /// The service is told a key of the submission. Where an answer is lost, the same request goes
    /// out again under the same key, and the service gives back the workflow that it has already
    /// taken: nothing runs twice, and nothing is paid twice.
    ///
    /// ```no_run
    /// # async fn demo(client: civitai_jobs::Client, request: civitai_jobs::WorkflowRequest) -> Result<(), civitai_jobs::Error> {
    /// let budget = civitai_jobs::Budget::new(400);
    /// let workflow = client.workflows().submit(&request).budget(&budget).await?;
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
        WorkflowSubmission::new(self.client.clone(), request.clone())
    }

    /// Submits several workflows, each exactly once and on its own, a few at a time: await the
    /// submissions for the result of each.
    pub fn submit_all<'a>(
        &self,
        requests: impl IntoIterator<Item = &'a WorkflowRequest>,
    ) -> WorkflowSubmissions {
        let submissions = requests.into_iter().map(|request| self.submit(request));
        WorkflowSubmissions::new(submissions.collect())
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
    #[doc(alias = "price")]
    #[doc(alias = "whatif")]
    pub async fn preview(&self, request: &WorkflowRequest) -> Result<Preview, Error> {
        preview::preview(&self.client, &request.to_template_for(true)?).await
    }

    /// Searches for the workflow that was submitted under a key; `None` where the service lists none.
    ///
    /// The list is read from the time that the key was made, which a [`ClientKey::new`] tells, and then
    /// the latest hundred, so it takes few requests; a key of another kind takes one for each hundred
    /// workflows. The service may
    /// take a moment to list a fresh workflow, and it does not list an ephemeral one that has ended.
    ///
    /// # Errors
    ///
    /// A page of the list could not be read.
    pub async fn find(&self, key: ClientKey) -> Result<Option<Workflow>, Error> {
        list::find(&self.client, key).await
    }

    /// Returns the handle of a workflow that was submitted before, in this process or another one.
    /// Nothing is sent.
    #[must_use]
    #[doc(alias = "resume")]
    pub fn attach(&self, id: impl Into<WorkflowId>) -> Workflow {
        Workflow::new(self.client.clone(), id.into(), false)
    }

    /// Reads a workflow once.
    ///
    /// # Errors
    ///
    /// There is no such workflow of this account (status 404), or the call failed.
    pub async fn get(&self, id: &WorkflowId) -> Result<WorkflowSnapshot, Error> {
        let api = self.client.api_v2();
        let options = GetWorkflowOptions::default();
        let call = Call::new(operation::GET_WORKFLOW, Purpose::PollWorkflow);
        let send = || api.get_workflow(id.as_str(), &options);
        Ok(self.client.call(call, send).await?.value.into())
    }

    /// Lists the workflows of the account, newest first: set filters, then read the stream.
    pub fn list(&self) -> WorkflowList {
        WorkflowList::new(self.client.clone())
    }

    /// Creates a fleet with the policy and clock of the client, and the driver that does its work:
    /// nothing is sent until that is spawned or awaited. Each poll is one request.
    pub fn fleet(&self, budget: RequestBudget) -> (WorkflowFleet, WorkflowDriver) {
        WorkflowFleet::new(self.client.clone(), budget)
    }
}
