//! Management: cancelling jobs, and marking their results as bad.

use std::collections::BTreeMap;

use civitai_api::v1::operation;
use civitai_api::v1::types;
use serde_json::{Map, Value};

use super::query::{check_id, check_properties};
use super::retry;
use super::search::JobSearch;
use crate::error::Doing;
use crate::job::{Way, found_by_key};
use crate::{Client, Error, Token};

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
    context: Map<String, Value>,
}

impl Taint {
    /// Says why in words.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            context: Map::new(),
        }
    }

    /// Adds a fact that the service keeps with the mark, of any JSON type.
    #[must_use]
    pub fn context(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.context.insert(name.into(), value.into());
        self
    }

    fn kept(&self) -> Option<BTreeMap<String, Value>> {
        (!self.context.is_empty()).then(|| self.context.clone().into_iter().collect())
    }

    fn for_many(&self, properties: Option<Map<String, Value>>) -> types::TaintJobsRequest {
        types::TaintJobsRequest {
            context: self.kept(),
            properties: properties.map(|all| all.into_iter().collect()),
            reason: self.reason.clone(),
            ..types::TaintJobsRequest::default()
        }
    }
}

impl Client {
    /// Cancels the jobs behind a token that have not ended. The service gives back what they have
    /// not delivered.
    ///
    /// With `force`, also those that a worker has begun; without it, only those that still wait. A
    /// job that has ended stays as it is, so a repetition does no harm.
    ///
    /// # Errors
    ///
    /// There is no such batch (status 404), or the call failed and the jobs may go on.
    pub async fn cancel(&self, token: &Token, force: bool) -> Result<(), Error> {
        let api = self.api();
        match token.way() {
            Way::Batch(batch) => {
                let call = || api.cancel_jobs(Some(force), batch);
                self.ask(operation::CANCEL_JOBS, Doing::Cancelling, call)
                    .await?;
            }
            Way::Id(id) => self.cancel_job(id, force).await?,
            Way::Key(key) => {
                let find = || found_by_key(self, key, Doing::Cancelling);
                let (jobs, _) = retry::read(self, find).await?;
                for id in jobs.into_iter().filter_map(|job| job.job_id) {
                    self.cancel_job(&id, force).await?;
                }
            }
        }
        Ok(())
    }

    /// Cancels the job with this id; see [`cancel`](Self::cancel).
    ///
    /// # Errors
    ///
    /// The id cannot be one, and nothing was sent; there is no such job (status 404); the call
    /// failed and the job may go on.
    pub async fn cancel_job(&self, id: &str, force: bool) -> Result<(), Error> {
        check_id(id)?;
        let api = self.api();
        let call = || api.cancel_job(id, Some(force));
        self.ask(operation::CANCEL_JOB, Doing::Cancelling, call)
            .await?;
        Ok(())
    }

    /// Marks the results of the jobs behind a token as bad; returns how many jobs that were, where
    /// the service tells it.
    ///
    /// # Errors
    ///
    /// There is no such batch (status 404), or the call failed.
    pub async fn taint(&self, token: &Token, taint: &Taint) -> Result<Option<u32>, Error> {
        match token.way() {
            Way::Batch(batch) => taint_many(self, Some(batch), &taint.for_many(None)).await,
            Way::Key(key) => taint_many(self, None, &taint.for_many(Some(key.properties()))).await,
            Way::Id(id) => self.taint_job(id, taint).await.map(|()| Some(1)),
        }
    }

    /// Marks the result of one job as bad.
    ///
    /// # Errors
    ///
    /// The id cannot be one, and nothing was sent; there is no such job (status 404); the call
    /// failed.
    pub async fn taint_job(&self, id: &str, taint: &Taint) -> Result<(), Error> {
        check_id(id)?;
        let body = types::TaintJobRequest {
            context: taint.kept(),
            reason: taint.reason.clone(),
            ..types::TaintJobRequest::default()
        };
        let api = self.api();
        let call = || api.taint_job(id, &body);
        self.ask(operation::TAINT_JOB, Doing::Tainting, call)
            .await?;
        Ok(())
    }
}

impl JobSearch {
    /// Marks the results of all jobs that carry the labels as bad, in one request; returns how many
    /// jobs that were, where the service tells it.
    ///
    /// # Errors
    ///
    /// There are no labels, and nothing was sent; or the call failed.
    pub async fn taint(&self, taint: &Taint) -> Result<Option<u32>, Error> {
        let (client, properties) = self.parts();
        check_properties(properties)?;
        taint_many(client, None, &taint.for_many(Some(properties.clone()))).await
    }
}

async fn taint_many(
    client: &Client,
    token: Option<&str>,
    body: &types::TaintJobsRequest,
) -> Result<Option<u32>, Error> {
    let api = client.api();
    let call = || api.taint_jobs(token, body);
    let reply = client
        .ask(operation::TAINT_JOBS, Doing::Tainting, call)
        .await?;
    Ok(reply.value.jobs.and_then(|jobs| u32::try_from(jobs).ok()))
}
