//! Changes to jobs that were submitted: cancelling them, and marking their results as bad.

use std::collections::BTreeMap;

use civitai_api::v1::{operation, types};
use serde_json::{Map, Value};

use super::list::JobList;
use super::{labels, read};
use crate::call::Call;
use crate::error::Purpose;
use crate::token::Way;
use crate::{Client, Error, JobId, Token};

/// Why results are bad: a reason in words, and whatever else is worth keeping.
///
/// ```
/// use civitai_jobs::Taint;
///
/// let taint = Taint::new("six fingers").context("hand", "left").context("fingers", 6);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taint {
    reason: Option<String>,
    context: BTreeMap<String, Value>,
}

impl Taint {
    /// Creates a mark with a reason in words.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            context: BTreeMap::new(),
        }
    }

    /// Adds a fact that the service keeps with the mark, of any JSON type.
    #[must_use]
    pub fn context(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.context.insert(name.into(), value.into());
        self
    }

    fn kept(&self) -> Option<BTreeMap<String, Value>> {
        (!self.context.is_empty()).then(|| self.context.clone())
    }
}

impl JobList {
    /// Marks the results of all jobs that carry the labels as bad, in one request; returns how many
    /// jobs that were, where the service tells it.
    ///
    /// # Errors
    ///
    /// There are no labels, and nothing was sent; or the call failed.
    pub async fn taint(&self, taint: &Taint) -> Result<Option<u32>, Error> {
        self.check()?;
        taint_labelled(&self.client, self.properties.clone(), taint).await
    }
}

/// Cancels the jobs behind a token: with `force`, also those that a worker has begun.
pub(super) async fn cancel(client: &Client, token: &Token, force: bool) -> Result<(), Error> {
    match token.way() {
        Way::Batch(batch) => {
            let call = Call::new(operation::CANCEL_JOBS, Purpose::CancelJobs);
            let send = || client.api().cancel_jobs(Some(force), batch);
            client.call(call, send).await?;
        }
        Way::Job(id) => cancel_job(client, id, force).await?,
        Way::Key(key) => {
            let call = Call::new(operation::QUERY_JOBS, Purpose::CancelJobs);
            let jobs = read::by_key(client, key, call).await?.value;
            for id in jobs.into_iter().filter_map(|job| job.job_id) {
                // One without a usable id cannot be named to the service.
                if let Ok(id) = id.parse() {
                    cancel_job(client, &id, force).await?;
                }
            }
        }
    }
    Ok(())
}

pub(super) async fn cancel_job(client: &Client, id: &JobId, force: bool) -> Result<(), Error> {
    let call = Call::new(operation::CANCEL_JOB, Purpose::CancelJobs);
    let send = || client.api().cancel_job(id.as_str(), Some(force));
    client.call(call, send).await?;
    Ok(())
}

/// Marks the results of the jobs behind a token; gives how many jobs that were.
pub(super) async fn taint(
    client: &Client,
    token: &Token,
    taint: &Taint,
) -> Result<Option<u32>, Error> {
    match token.way() {
        Way::Batch(batch) => taint_many(client, Some(batch), None, taint).await,
        Way::Key(key) => taint_labelled(client, labels::of_key(key), taint).await,
        Way::Job(id) => taint_job(client, id, taint).await.map(|()| Some(1)),
    }
}

pub(super) async fn taint_job(client: &Client, id: &JobId, taint: &Taint) -> Result<(), Error> {
    let body = types::TaintJobRequest {
        context: taint.kept(),
        reason: taint.reason.clone(),
        ..types::TaintJobRequest::default()
    };
    let call = Call::new(operation::TAINT_JOB, Purpose::TaintJobs);
    let send = || client.api().taint_job(id.as_str(), &body);
    client.call(call, send).await?;
    Ok(())
}

/// Marks the results of all jobs that carry some labels.
pub(super) async fn taint_labelled(
    client: &Client,
    properties: Map<String, Value>,
    taint: &Taint,
) -> Result<Option<u32>, Error> {
    taint_many(client, None, Some(properties), taint).await
}

async fn taint_many(
    client: &Client,
    token: Option<&str>,
    properties: Option<Map<String, Value>>,
    taint: &Taint,
) -> Result<Option<u32>, Error> {
    let body = types::TaintJobsRequest {
        context: taint.kept(),
        properties: properties.map(|all| all.into_iter().collect()),
        reason: taint.reason.clone(),
        ..types::TaintJobsRequest::default()
    };
    let call = Call::new(operation::TAINT_JOBS, Purpose::TaintJobs);
    let send = || client.api().taint_jobs(token, &body);
    let reply = client.call(call, send).await?;
    Ok(reply.value.jobs.and_then(|jobs| u32::try_from(jobs).ok()))
}
