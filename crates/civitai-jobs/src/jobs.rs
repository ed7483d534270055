//! Jobs of the v1 API: one unit of work each, submitted in batches under one token.
//!
//! The files here have their twins in [`workflows`](crate::workflows): what a user does with one
//! kind of work is done with the other in the same words.

use civitai_api::v1::{OneJob, operation, types};
use job_watch::RequestBudget;

pub use change::Taint;
pub use civitai_api::v1::types::{
    AssetType, ImageTransformer, JobRequest, Provider, Scheduler, WorkerAssetAvailability,
};
pub use fleet::{BatchDriver, BatchFleet, BatchMember, BatchSource, BatchWatch};
pub use handle::Batch;
pub use list::JobList;
pub use request::{ControlNet, Network, Priority, TextToImage};
pub use snapshot::{BatchSnapshot, JobSnapshot, QueuePlace};
pub use submit::BatchSubmission;

use crate::call::Call;
use crate::error::Purpose;
use crate::{Client, ClientKey, Error, JobId, Token};

pub(crate) mod change;
mod fleet;
mod handle;
mod labels;
mod list;
mod output;
mod poll;
mod read;
mod request;
pub(crate) mod snapshot;
mod submit;

/// The jobs of an account (v1): what [`Client::jobs`] gives.
#[derive(Clone, Debug)]
pub struct Jobs {
    client: Client,
}

impl Client {
    /// Returns the jobs of the account, which the v1 API runs.
    #[must_use]
    pub fn jobs(&self) -> Jobs {
        let client = self.clone();
        Jobs { client }
    }
}

impl Jobs {
    /// Submits a request exactly once: await the submission, after setting its key where one was
    /// written down.
    ///
    /// The service knows no key that would recognise a repetition, so a submission whose answer is
    /// unclear (a time-out, a broken connection, a 5xx, a body that cannot be read or is not there) is
    /// never sent again. It carries a [`ClientKey`] among its labels and is searched for by it, with
    /// the patience of the [`SubmitPolicy`](crate::SubmitPolicy).
    ///
    /// ```
    /// # use civitai_jobs::{Air, Client, ClientKey, TextToImage};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = civitai_sim::Simulator::builder().start().await?;
    /// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
    /// let model = Air::civitai("sd1", "checkpoint", 4384, 128713)?;
    /// let request = TextToImage::new(model, "a lighthouse in fog");
    /// let key = ClientKey::new();
    /// println!("submitting {key}");
    /// let batch = client.jobs().submit(&request).key(key).await?;
    /// # assert_eq!(batch.ids().len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`fields`](Error::fields) are at fault; without a [`status`](Error::status), nothing was
    ///   sent.
    /// - The service refused, or could not be reached: nothing was paid.
    /// - No usable answer came, and the service knows of no such job
    ///   ([`Money::Untouched`](crate::Money::Untouched)): nothing was paid. That is as sure as the
    ///   service's own lists are; [`resume`](BatchSubmission::resume) searches again before it sends.
    /// - [The outcome is unknown](Error::is_outcome_unknown), since the searches failed as well.
    pub fn submit(&self, request: &TextToImage) -> BatchSubmission {
        BatchSubmission::one(self.client.clone(), request)
    }

    /// Submits up to 500 requests as one batch, in one call and under one token: await the
    /// submission.
    ///
    /// # Errors
    ///
    /// Fields are at fault, each with its path such as `jobs[3].params.width`; only
    /// [a part of the batch](Error::accepted_part) was accepted; or as for [`submit`](Self::submit).
    pub fn submit_all<'a>(
        &self,
        requests: impl IntoIterator<Item = &'a TextToImage>,
    ) -> BatchSubmission {
        BatchSubmission::several(self.client.clone(), requests)
    }

    /// Submits up to 500 jobs of any kinds as one batch, as typed low-level requests: Comfy graphs,
    /// training, blobs and so on.
    ///
    /// # Errors
    ///
    /// Fields break a limit of the contract; or as for [`submit_all`](Self::submit_all).
    pub fn submit_jobs(&self, jobs: impl IntoIterator<Item = JobRequest>) -> BatchSubmission {
        BatchSubmission::of_any_kind(self.client.clone(), jobs)
    }

    /// Searches for the batch that was submitted under a key; `None` where the service knows of none.
    ///
    /// The service may take a moment to list a fresh job, so an early `None` is no proof.
    ///
    /// # Errors
    ///
    /// The search failed, again and again where that may pass. Or only
    /// [a part of the batch](Error::accepted_part) is there, or is listed so far.
    pub async fn find(&self, key: ClientKey) -> Result<Option<Batch>, Error> {
        submit::find(&self.client, key).await
    }

    /// Returns the handle of a batch that was submitted before, in this process or another one.
    /// Nothing is sent.
    #[must_use]
    #[doc(alias = "resume")]
    pub fn attach(&self, token: impl Into<Token>) -> Batch {
        Batch::new(self.client.clone(), token.into(), Vec::new())
    }

    /// Reads one job, with its last event, its labels and its request.
    ///
    /// # Errors
    ///
    /// There is no such job (status 404), or the call failed.
    pub async fn get(&self, id: &JobId) -> Result<JobSnapshot, Error> {
        let api = self.client.api();
        let call = Call::new(operation::GET_JOB, Purpose::ListJobs);
        let reply = self
            .client
            .call(call, || api.get_one_job(id.as_str(), Some(true)));
        let OneJob(mut status) = reply.await?.value;
        if status == types::JobStatus::default() {
            return Err(Error::no_id("job"));
        }
        status.job_id.get_or_insert_with(|| id.to_string());
        JobSnapshot::alone(status)
    }

    /// Lists jobs by the labels that they carry, which the service calls properties: name at least
    /// one, then read the stream.
    pub fn list(&self) -> JobList {
        JobList::new(self.client.clone())
    }

    /// Creates a fleet with the policy and clock of the client, and the driver that does its work:
    /// nothing is sent until that is spawned or awaited.
    ///
    /// Each poll is one request and covers all jobs of a token, so the budget is what the service
    /// sees of the fleet. A batch that is known by its [`ClientKey`] is searched for, which takes one
    /// request for each page of its jobs.
    pub fn fleet(&self, budget: RequestBudget) -> (BatchFleet, BatchDriver) {
        BatchFleet::new(self.client.clone(), budget)
    }

    /// Cancels one job, begun or not; see [`Batch::cancel`].
    ///
    /// # Errors
    ///
    /// There is no such job (status 404), or the call failed and the job may go on.
    pub async fn cancel(&self, id: &JobId) -> Result<(), Error> {
        change::cancel_job(&self.client, id, true).await
    }

    /// Marks the result of one job as bad.
    ///
    /// # Errors
    ///
    /// There is no such job (status 404), or the call failed.
    pub async fn taint(&self, id: &JobId, taint: &Taint) -> Result<(), Error> {
        change::taint_job(&self.client, id, taint).await
    }
}
