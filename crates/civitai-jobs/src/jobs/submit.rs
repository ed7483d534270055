//! Submitting: each paid batch once, and a clear word on what became of it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use civitai_api::v1::operation;
use civitai_api::v1::types::{JobRequest, JobStatusCollection, JobTemplateList};
use serde_json::{Map, Value};

pub(super) use search::find;

use super::handle::Batch;
use super::labels::{self, Place};
use super::request::TextToImage;
use crate::call::Call;
use crate::error::{Purpose, reply};
use crate::{Client, ClientKey, Error, FieldProblems, JobId, Token};
use decide::{Answer, Step};
use prepare::{PROPERTIES, Prepared};

mod decide;
mod prepare;
mod search;

/// A submission that has not been sent: what [`Jobs::submit`](crate::Jobs::submit) and its like give.
/// Await it.
///
/// It is a value: a clone that is awaited as well submits again, under a new key, unless
/// [a key was set](Self::key); then it gives back the batch of the first.
#[derive(Clone, Debug)]
#[must_use = "a submission does nothing until it is awaited"]
pub struct BatchSubmission {
    client: Client,
    jobs: Result<Prepared, FieldProblems>,
    key: Option<ClientKey>,
    /// Whether the jobs may be there under the key; shared by clones.
    may_be_there: Arc<AtomicBool>,
}

impl BatchSubmission {
    /// The most jobs that one submission holds.
    pub const MOST_JOBS: usize = prepare::MOST_JOBS;
    /// The largest submission, in bytes of JSON.
    pub const MOST_BYTES: usize = prepare::MOST_BYTES;

    pub(super) fn one(client: Client, request: &TextToImage) -> Self {
        Self::of(client, Prepared::one(request))
    }

    pub(super) fn several<'a>(
        client: Client,
        requests: impl IntoIterator<Item = &'a TextToImage>,
    ) -> Self {
        Self::of(client, Prepared::several(requests))
    }

    pub(super) fn of_any_kind(client: Client, jobs: impl IntoIterator<Item = JobRequest>) -> Self {
        Self::of(client, Prepared::of_any_kind(jobs))
    }

    fn of(client: Client, jobs: Result<Prepared, FieldProblems>) -> Self {
        Self {
            client,
            jobs,
            key: None,
            may_be_there: Arc::default(),
        }
    }

    /// Sets the key in place of a new one. Write it down first, and a crash loses nothing: the batch
    /// is [found](crate::Jobs::find) by it, or [resumed](Self::resume).
    #[doc(alias = "idempotency")]
    pub fn key(mut self, key: ClientKey) -> Self {
        (self.key, self.may_be_there) = (Some(key), Arc::default());
        self
    }

    /// Sets a key that may have been submitted before, in this process or another one: the service is
    /// searched for it first, and the jobs are sent only where it knows of none.
    ///
    /// The service may take a moment to list a fresh job: after a crash, let as much time go by as
    /// [`SubmitPolicy::settle`](crate::SubmitPolicy::settle) says. Two processes that resume one key at
    /// the same time may both find nothing; let only one of them.
    pub fn resume(mut self, key: ClientKey) -> Self {
        (self.key, self.may_be_there) = (Some(key), Arc::new(true.into()));
        self
    }

    /// Lets through what only a limit of the contract forbids: a range, a length, a value or a kind of
    /// job that is not listed. For typed low-level requests; a [`TextToImage`] has
    /// [a method of its own](TextToImage::allow_unchecked).
    pub fn allow_unchecked(mut self) -> Self {
        self.jobs = self.jobs.and_then(Prepared::without_limits);
        self
    }

    /// Returns how many jobs it has; 0 where fields are at fault.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "one that can be sent has at least one"
    )]
    pub fn len(&self) -> usize {
        self.jobs.as_ref().map_or(0, Prepared::len)
    }

    /// Checks the jobs against the limits of the contract; nothing is sent.
    ///
    /// # Errors
    ///
    /// All fields at fault in all jobs, each with its path.
    pub fn check(&self) -> Result<(), FieldProblems> {
        self.jobs.as_ref().map_err(Clone::clone)?.check()
    }

    async fn send(self) -> Result<Batch, Error> {
        let jobs = self.jobs?;
        jobs.check()?;
        let kind = jobs.kind();
        let key = self.key.unwrap_or_default();
        // A clone that was sent before under this key made it one that may be there.
        let has_key = self.key.is_some();
        let found = match self.may_be_there.swap(has_key, Ordering::Relaxed) {
            true => find(&self.client, key).await?,
            false => None,
        };
        let batch = match found {
            Some(batch) => batch,
            None => send(&self.client, jobs, key).await?,
        };
        Ok(batch.of_kind(kind))
    }
}

impl IntoFuture for BatchSubmission {
    type Output = Result<Batch, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Sends jobs under a key, again only where it is certain that they were not accepted.
async fn send(client: &Client, jobs: Prepared, key: ClientKey) -> Result<Batch, Error> {
    let (wanted, policy) = (jobs.len(), client.submit_policy());
    let body = body(jobs, key);
    let mut resent = 0;
    loop {
        tracing::debug!(client_key = %key, jobs = wanted, resent, "submitting");
        let call = Call::new(operation::SUBMIT_JOBS, Purpose::SubmitBatch(key)).once();
        let send = || client.api().submit_jobs(Some(false), None, &body);
        let error = match client.call(call.attempt(resent + 1), send).await {
            Ok(reply) => return accepted(client, reply.value, key, wanted).await,
            Err(error) => error,
        };
        // A web page under a success says nothing of the jobs.
        let Some(answer) = error.api_error() else {
            return search::search(client, key, wanted, None).await;
        };
        let (answer, hint) = (Answer::of(answer), reply::hint(answer));
        match decide::after_answer(&policy, answer, resent, hint, fastrand::f64()) {
            Step::SendAgain { after } => {
                tracing::debug!(client_key = %key, ?after, "not accepted; sending again");
                client.clock().sleep(after).await;
                resent += 1;
            }
            Step::GiveUp => return Err(error),
            Step::Search => {
                let answer = error.into_api_error().ok();
                return search::search(client, key, wanted, answer).await;
            }
        }
    }
}

/// The body to send, each job with the labels that it is found by.
fn body(jobs: Prepared, key: ClientKey) -> JobTemplateList {
    let of = jobs.len();
    let labelled = |(index, mut job): (usize, Map<String, Value>)| {
        let labels = labels::of_job(key, Place { index, of });
        match job.get_mut(PROPERTIES) {
            Some(Value::Object(properties)) => properties.extend(labels),
            _ => {
                job.insert(PROPERTIES.to_owned(), labels.into());
            }
        }
        JobRequest::Raw(job.into())
    };
    JobTemplateList {
        jobs: Some(jobs.into_jobs().enumerate().map(labelled).collect()),
        ..JobTemplateList::default()
    }
}

/// Takes up what the service says it accepted; where that is not all, or has no token, the
/// service is asked what it has.
async fn accepted(
    client: &Client,
    batch: JobStatusCollection,
    key: ClientKey,
    wanted: usize,
) -> Result<Batch, Error> {
    let token = batch.token.and_then(|token| token.parse::<Token>().ok());
    let jobs = batch.jobs.unwrap_or_default();
    match token {
        Some(token) if jobs.is_empty() || jobs.len() == wanted => {
            let ids = jobs.into_iter().filter_map(|job| job.job_id);
            let ids = ids.filter_map(|id| id.parse::<JobId>().ok());
            Ok(Batch::new(client.clone(), token, ids.collect()))
        }
        _ => search::search(client, key, wanted, None).await,
    }
}
