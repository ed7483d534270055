//! Lists of jobs by the labels that they carry, page after page.

use civitai_api::v1::{operation, types};
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use super::snapshot::JobSnapshot;
use crate::call::Call;
use crate::error::{FieldProblems, Purpose};
use crate::pages::{Items, Page};
use crate::{Client, Error};

/// A list of jobs that has not been read; a value that can be cloned and shared.
///
/// Jobs are chosen by their labels, which the service calls properties; at least one has to be named.
/// The service lists jobs with their last event and their request, unless
/// [told to be brief](Self::brief).
///
/// ```
/// # use civitai_jobs::Client;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = civitai_sim::Simulator::builder().start().await?;
/// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
/// let list = client.jobs().list().property("user", 7).property("tags", vec!["fog"]);
/// let mut jobs = list.stream();
/// while let Some(job) = jobs.next().await {
///     let job = job?;
///     println!("{:?} is {}", job.id(), job.phase());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a list does nothing until it is read"]
pub struct JobList {
    pub(super) client: Client,
    brief: bool,
    pub(super) properties: Map<String, Value>,
}

impl JobList {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            brief: false,
            properties: Map::new(),
        }
    }

    /// Asks only for jobs that carry a label with exactly this value, of any JSON type, beside those
    /// named before.
    ///
    /// The service writes the label `requestId` itself, over that of the caller.
    #[doc(alias = "label")]
    #[doc(alias = "query")]
    pub fn property(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.properties.insert(name.into(), value.into());
        self
    }

    /// Asks only for jobs that carry all of these labels.
    pub fn properties(mut self, properties: impl IntoIterator<Item = (String, Value)>) -> Self {
        self.properties.extend(properties);
        self
    }

    /// Leaves out the request and the last event of each job, which makes replies smaller. A job that
    /// failed or was cancelled is then [`Undecided`](crate::Phase::Undecided), since nothing tells.
    pub fn brief(mut self) -> Self {
        self.brief = true;
        self
    }

    /// Returns the jobs one by one, in the order of the service.
    ///
    /// An item is an error where there are no labels to look for, or a job has no id; see
    /// [`Items`].
    pub fn stream(&self) -> Items<JobSnapshot> {
        if let Err(error) = self.check() {
            return Items::failed(error);
        }
        let call = Call::new(operation::QUERY_JOBS, Purpose::ListJobs);
        let jobs = search(
            self.client.clone(),
            call,
            !self.brief,
            self.properties.clone(),
        );
        Items::of(jobs.map(|status| JobSnapshot::alone(status?)))
    }

    /// Reads all jobs.
    ///
    /// # Errors
    ///
    /// There are no labels, and nothing was sent; a page could not be read; or the pages do not come
    /// to an end.
    pub async fn all(&self) -> Result<Vec<JobSnapshot>, Error> {
        self.stream().all().await
    }

    /// Refuses a choice that would be every job there is.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.properties.is_empty() {
            let mut problems = FieldProblems::default();
            problems.add("properties", "must hold at least one label");
            return Err(problems.into());
        }
        Ok(())
    }
}

/// The jobs that carry labels, as the service tells of them.
pub(super) fn search(
    client: Client,
    call: Call,
    detailed: bool,
    properties: Map<String, Value>,
) -> Items<types::JobStatus> {
    let wanted = types::QueryJobsRequest {
        properties: Some(properties.into_iter().collect()),
        ..types::QueryJobsRequest::default()
    };
    Items::pages(move |cursor| {
        let client = client.clone();
        let wanted = types::QueryJobsRequest {
            cursor,
            ..wanted.clone()
        };
        async move {
            let send = || client.api().query_jobs(Some(detailed), &wanted);
            let page = client.call(call, send).await?.value;
            Ok(Page {
                items: page.jobs.unwrap_or_default(),
                next: page.cursor,
            })
        }
    })
}
