//! Submitting: each paid request once, and a clear word on what became of it.

use civitai_api::v1::operation;
use civitai_api::v1::types::{JobRequest, JobStatusCollection};

pub use policy::SubmitPolicy;
pub use submission::Submission;

use super::retry;
use crate::error::{Doing, reply};
use crate::job::found_by_key;
use crate::{Client, ClientKey, Error, Job, TextToImage, Token};
use decide::{Answer, Step};
use lookup::Listed;

mod decide;
mod lookup;
mod policy;
mod submission;

/// Submitting.
///
/// The service knows no key that would recognise a repetition, so a submission whose answer is
/// unclear (a time-out, a broken connection, a 5xx, a body that cannot be read or is not there) is
/// never sent again. It carries a [`ClientKey`] among its labels and is looked up by it, with the
/// patience of the [`SubmitPolicy`]. It ends
///
/// - as found: the [`Job`], as if nothing had happened;
/// - as not accepted, with [`Money::Untouched`](crate::Money::Untouched): the service answered a
///   search that was asked after the settling time, and knew of no such job. That is as sure as the
///   service's own lists are. [`submit_as`](Client::submit_as) with
///   [the key](Error::client_key) looks again before it sends;
/// - as unknown: the searches failed as well. [`Error::is_outcome_unknown`] says so, and the error
///   carries the key.
///
/// Only what is known not to have been accepted is sent again, a few times and with growing pauses:
/// no connection could be made, or the service was too busy (429) and said when to come back.
impl Client {
    /// Checks a request and submits it once, under a new key.
    ///
    /// Dropping the future leaves the outcome unknown, and its key with it; to be able to follow up
    /// on that, or on a crash, make a [`Submission`] and [`send`](Self::send) it.
    ///
    /// # Errors
    ///
    /// [`fields`](Error::fields) are at fault, and without a [`status`](Error::status) nothing was
    /// sent; or as for [`send`](Self::send).
    pub async fn submit(&self, request: &TextToImage) -> Result<Job, Error> {
        self.send(Submission::new(request)?).await
    }

    /// Submits a request under a key that may have been sent before, unless the service has it
    /// already; see [`Submission::again`].
    ///
    /// # Errors
    ///
    /// As for [`submit`](Self::submit); the search failed, and nothing was sent now.
    pub async fn submit_as(&self, request: &TextToImage, key: ClientKey) -> Result<Job, Error> {
        self.send(Submission::new(request)?.again(key)).await
    }

    /// Checks many requests and submits them as one batch, in one call and under one token.
    ///
    /// # Errors
    ///
    /// Fields are at fault, each told by its path such as `jobs[3].params.width`; or as for
    /// [`send`](Self::send).
    pub async fn submit_all<'a>(
        &self,
        requests: impl IntoIterator<Item = &'a TextToImage>,
    ) -> Result<Job, Error> {
        let submission = Submission::batch(requests)?;
        self.send(submission).await
    }

    /// Submits a job of any kind, such as a Comfy graph, as a typed low-level request.
    ///
    /// # Errors
    ///
    /// As for [`submit_jobs`](Self::submit_jobs).
    pub async fn submit_job(&self, job: JobRequest) -> Result<Job, Error> {
        self.send(Submission::jobs([job])?).await
    }

    /// Submits jobs of any kinds as one batch.
    ///
    /// # Errors
    ///
    /// Fields break a limit of the contract; or as for [`send`](Self::send).
    pub async fn submit_jobs(
        &self,
        jobs: impl IntoIterator<Item = JobRequest>,
    ) -> Result<Job, Error> {
        let submission = Submission::jobs(jobs)?;
        self.send(submission).await
    }

    /// Sends a submission once.
    ///
    /// # Errors
    ///
    /// - The service refused, or could not be reached: nothing was paid.
    /// - No usable answer came, and the service knows of no such job: nothing was paid.
    /// - [The outcome is unknown](Error::is_outcome_unknown).
    /// - Only [a part of a batch](Error::accepted_part) was accepted.
    pub async fn send(&self, submission: Submission) -> Result<Job, Error> {
        let (key, wanted) = (submission.key(), submission.len());
        if submission.may_be_there()
            && let Some(job) = self.find(key).await?
        {
            return Ok(job);
        }
        let policy = self.submit_policy();
        let body = submission.into_body();
        let mut resent = 0;
        loop {
            tracing::debug!(client_key = %key, jobs = wanted, resent, "submitting");
            let call = self.api().submit_jobs(Some(false), None, &body);
            let error = match self.once(operation::SUBMIT_JOBS, resent + 1, call).await {
                Ok(batch) => return self.accepted(batch.into_inner(), key, wanted).await,
                Err(error) => error,
            };
            let (answer, hint) = (Answer::of(&error), reply::hint(&error));
            match decide::after_answer(&policy, answer, resent, hint, fastrand::f64()) {
                Step::SendAgain { after } => {
                    tracing::debug!(client_key = %key, ?after, "not accepted; sending again");
                    self.clock().sleep(after).await;
                    resent += 1;
                }
                Step::GiveUp => return Err(Error::call(Doing::Submitting(key), error)),
                Step::LookUp => return self.look_up(key, wanted, Some(error)).await,
            }
        }
    }

    /// Looks for the jobs that were submitted under a key; `None` where the service knows of none.
    ///
    /// The service may take a moment to list a fresh job, so an early `None` is no proof.
    ///
    /// # Errors
    ///
    /// The search failed, again and again where that may pass. Or only
    /// [a part of a batch](Error::accepted_part) is there, or is listed so far.
    pub async fn find(&self, key: ClientKey) -> Result<Option<Job>, Error> {
        let find = || found_by_key(self, key, Doing::Finding);
        let (jobs, _) = retry::read(self, find).await?;
        if jobs.is_empty() {
            return Ok(None);
        }
        Listed::of_a_whole(jobs).into_job(self, key, None).map(Some)
    }

    /// Takes up what the service says it accepted; where that is not all, or has no token, the
    /// service is asked what it has.
    async fn accepted(
        &self,
        batch: JobStatusCollection,
        key: ClientKey,
        wanted: usize,
    ) -> Result<Job, Error> {
        let token = batch.token.and_then(|token| token.parse::<Token>().ok());
        let jobs = batch.jobs.unwrap_or_default();
        match token {
            Some(token) if jobs.is_empty() || jobs.len() == wanted => {
                let ids = jobs.into_iter().filter_map(|job| job.job_id);
                Ok(Job::new(self.clone(), token, ids.collect()))
            }
            _ => self.look_up(key, wanted, None).await,
        }
    }
}
