//! Searches: jobs by the labels they carry, page after page.

use civitai_api::v1::operation;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use civitai_api::v1::types;
use futures_util::future;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use serde_json::{Map, Value};

use super::cursors::Cursors;
use super::query::check_properties;
use crate::error::Doing;
use crate::{Client, Error, JobSnapshot};

/// A search for jobs by their labels, which are called properties; a value that can be cloned and
/// shared.
///
/// ```
/// # use civitai_jobs::Client;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = civitai_sim::Simulator::builder().start().await?;
/// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
/// let mut found = client.jobs().property("user", 7).property("tags", vec!["fog"]).stream();
/// while let Some(job) = found.next().await {
///     println!("{}", job?.id);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a search does nothing until it is sent"]
pub struct JobSearch {
    client: Client,
    detailed: bool,
    properties: Map<String, Value>,
}

impl JobSearch {
    pub(super) fn new(client: Client, detailed: bool) -> Self {
        Self {
            client,
            detailed,
            properties: Map::new(),
        }
    }

    /// Asks for the request of each job as well; [`JobSnapshot::raw`] has it under `job`.
    pub fn detailed(mut self) -> Self {
        self.detailed = true;
        self
    }

    /// Adds a label that the jobs must carry with exactly this value, beside those named before.
    pub fn property(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.properties.insert(name.into(), value.into());
        self
    }

    /// Adds labels that the jobs must all carry.
    pub fn properties(mut self, properties: impl IntoIterator<Item = (String, Value)>) -> Self {
        self.properties.extend(properties);
        self
    }

    /// The jobs one by one, in the order of the service. A page is fetched when the one before has
    /// been used up, and nothing is sent before the first is asked for.
    ///
    /// An item is an error where there are no labels to look for, a page could not be read, or the
    /// pages do not come to an end; nothing follows it, but for a job without an id.
    pub fn stream(&self) -> JobStream {
        let jobs = self.statuses().map(|status| JobSnapshot::alone(status?));
        JobStream { jobs: jobs.boxed() }
    }

    /// All the jobs at once.
    ///
    /// # Errors
    ///
    /// As for [`stream`](Self::stream).
    pub async fn all(&self) -> Result<Vec<JobSnapshot>, Error> {
        self.stream().try_collect().await
    }

    pub(super) fn parts(&self) -> (&Client, &Map<String, Value>) {
        (&self.client, &self.properties)
    }

    /// The jobs as the service tells them.
    pub(super) fn statuses(&self) -> BoxStream<'static, Result<types::JobStatus, Error>> {
        let pages = Pages {
            client: self.client.clone(),
            detailed: self.detailed,
            wanted: types::QueryJobsRequest {
                properties: Some(self.properties.clone().into_iter().collect()),
                ..types::QueryJobsRequest::default()
            },
            cursors: Cursors::default(),
        };
        let pages = stream::try_unfold(Some(pages), |pages| async {
            let Some(pages) = pages else { return Ok(None) };
            pages.turn().await.map(Some)
        });
        let jobs = pages
            .map_ok(|page| stream::iter(page).map(Ok))
            .try_flatten();
        match check_properties(&self.properties) {
            Ok(()) => jobs.boxed(),
            Err(error) => stream::once(future::ready(Err(error))).boxed(),
        }
    }
}

/// The pages of a search that are still to come.
struct Pages {
    client: Client,
    detailed: bool,
    wanted: types::QueryJobsRequest,
    cursors: Cursors,
}

impl Pages {
    /// Reads a page; also returns what follows it.
    async fn turn(mut self) -> Result<(Vec<types::JobStatus>, Option<Self>), Error> {
        let api = self.client.api();
        let call = || api.query_jobs(Some(self.detailed), &self.wanted);
        let page = self
            .client
            .ask(operation::QUERY_JOBS, Doing::Querying, call)
            .await?;
        let jobs = page.value.jobs.unwrap_or_default();
        if !self.cursors.turn(page.value.cursor, jobs.is_empty())? {
            return Ok((jobs, None));
        }
        self.wanted.cursor = self.cursors.current().map(str::to_owned);
        Ok((jobs, Some(self)))
    }
}

/// The jobs that a [search](JobSearch) finds, as a [`Stream`]; [`next`](Self::next) takes one without
/// further imports.
#[must_use = "a stream does nothing until it is read"]
pub struct JobStream {
    jobs: BoxStream<'static, Result<JobSnapshot, Error>>,
}

impl JobStream {
    /// The next job; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<JobSnapshot, Error>> {
        self.jobs.next().await
    }
}

impl Stream for JobStream {
    type Item = Result<JobSnapshot, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.jobs.poll_next_unpin(cx)
    }
}

impl fmt::Debug for JobStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JobStream")
    }
}
