//! Queries: jobs by id, by token, and by the labels they carry.

use civitai_api::v1::operation;
use std::time::Duration;

use civitai_api::v1::{OneJob, types};
use futures_util::TryStreamExt as _;
use futures_util::future::{Either, select};
use serde_json::{Map, Value};

use super::call::Reply;
use super::search::JobSearch;
use crate::error::{Doing, FieldProblems};
use crate::job::Way;
use crate::{Client, Error, JobSnapshot, Snapshot, Token};

/// The service and the proxy before it cut a request after 100 s; the reply needs time as well.
const LONGEST_HOLD: Duration = Duration::from_secs(90);

impl Client {
    /// Starts a query for jobs.
    ///
    /// ```
    /// # use civitai_jobs::{Air, Client, TextToImage};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = civitai_sim::Simulator::builder()
    /// #     .time(civitai_sim::SimTime::real(1000.0)).start().await?;
    /// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
    /// # let model = Air::civitai("sd1", "checkpoint", 4384, 128713)?;
    /// # let job = client.submit(&TextToImage::new(model, "a lighthouse in fog")).await?;
    /// let batch = client.jobs().wait_for(job.token(), Duration::from_secs(60)).await?;
    /// let one = client.jobs().detailed().by_id(&batch.jobs()[0].id).await?;
    /// println!("{} costs {:?} Buzz", one.id, one.cost);
    /// # assert!(one.raw().unwrap().job.is_some());
    /// # Ok(()) }
    /// ```
    pub fn jobs(&self) -> JobQuery {
        JobQuery {
            client: self.clone(),
            detailed: false,
        }
    }
}

/// A query for jobs; a value that can be cloned and shared.
///
/// Every call is a read: it is repeated where it failed in passing, and costs nothing.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is sent"]
pub struct JobQuery {
    client: Client,
    detailed: bool,
}

impl JobQuery {
    /// Asks for the request of each job as well; [`JobSnapshot::raw`] has it under `job`.
    pub fn detailed(mut self) -> Self {
        self.detailed = true;
        self
    }

    /// Looks for jobs that carry a label with exactly this value, of any JSON type.
    pub fn property(self, name: impl Into<String>, value: impl Into<Value>) -> JobSearch {
        self.properties([(name.into(), value.into())])
    }

    /// Looks for jobs that carry all of these labels, each with exactly its value.
    pub fn properties(self, properties: impl IntoIterator<Item = (String, Value)>) -> JobSearch {
        JobSearch::new(self.client, self.detailed).properties(properties)
    }

    /// Reads the job with this id. A job that has ended tells its last event.
    ///
    /// # Errors
    ///
    /// The id cannot be one, and nothing was sent; there is no such job (status 404); the call
    /// failed.
    pub async fn by_id(&self, id: &str) -> Result<JobSnapshot, Error> {
        check_id(id)?;
        let status = self.status(id).await?;
        JobSnapshot::alone(status)
    }

    /// Reads the jobs behind a token, at once.
    ///
    /// # Errors
    ///
    /// There is no such batch (status 404), or the call failed.
    pub async fn by_token(&self, token: &Token) -> Result<Snapshot, Error> {
        let jobs = match token.way() {
            Way::Batch(batch) => self.batch(batch).await?,
            Way::Id(id) => vec![self.status(id).await?],
            Way::Key(key) => {
                let search = JobSearch::new(self.client.clone(), self.detailed);
                let search = search.properties(key.properties());
                let jobs: Vec<_> = search.statuses().try_collect().await?;
                jobs
            }
        };
        Ok(Snapshot::with_raw(token, jobs))
    }

    /// Reads the jobs behind a token when they have ended, or when `up_to` is over, whichever comes
    /// first; the service holds its answer back meanwhile. At most 90 s, since it cuts a request
    /// after 100 s.
    ///
    /// This is for a short job in one request. It shows no progress and ends without a result when
    /// its time is up; [`Job::watch`](crate::Job::watch) has neither fault. Only the service's own
    /// tokens can be held, so one that holds a key or an id is answered at once.
    ///
    /// # Errors
    ///
    /// As for [`by_token`](Self::by_token).
    pub async fn wait_for(&self, token: &Token, up_to: Duration) -> Result<Snapshot, Error> {
        let Way::Batch(batch) = token.way() else {
            return self.by_token(token).await;
        };
        let hold = up_to.min(LONGEST_HOLD);
        let api = self.client.api();
        let held = api.get_jobs(Some(self.detailed), batch, Some(true));
        let held = self.client.look(operation::GET_JOBS, Doing::Querying, held);
        let limit = self.client.clock().limit(hold);
        let held = match select(std::pin::pin!(held), limit).await {
            Either::Left((held, _)) => Some(held),
            Either::Right(_) => None,
        };
        match held {
            Some(Ok(Reply { value, .. })) => {
                let jobs = value.jobs.unwrap_or_default();
                Ok(Snapshot::with_raw(token, jobs))
            }
            Some(Err(error)) if !error.is_retryable() => Err(error),
            // A hold that was cut says nothing about the jobs.
            _ => self.by_token(token).await,
        }
    }

    async fn batch(&self, batch: &str) -> Result<Vec<types::JobStatus>, Error> {
        let api = self.client.api();
        let call = || api.get_jobs(Some(self.detailed), batch, None);
        let reply = self
            .client
            .ask(operation::GET_JOBS, Doing::Querying, call)
            .await?;
        Ok(reply.value.jobs.unwrap_or_default())
    }

    async fn status(&self, id: &str) -> Result<types::JobStatus, Error> {
        let api = self.client.api();
        let call = || api.get_one_job(id, Some(self.detailed));
        let reply = self
            .client
            .ask(operation::GET_JOB, Doing::Querying, call)
            .await?;
        let OneJob(mut status) = reply.value;
        if status == types::JobStatus::default() {
            return Err(Error::unnamed_job());
        }
        status.job_id.get_or_insert_with(|| id.to_owned());
        Ok(status)
    }
}

/// Refuses what would become another path.
pub(super) fn check_id(id: &str) -> Result<(), Error> {
    Token::of_job(id).map(|_| ()).map_err(|_| {
        let mut problems = FieldProblems::default();
        problems.add("jobId", "must be the id of a job, as the service told it");
        problems.into()
    })
}

/// Refuses labels that would choose every job there is.
pub(super) fn check_properties(properties: &Map<String, Value>) -> Result<(), Error> {
    if properties.is_empty() {
        let mut problems = FieldProblems::default();
        problems.add("properties", "must hold at least one label");
        return Err(problems.into());
    }
    Ok(())
}
