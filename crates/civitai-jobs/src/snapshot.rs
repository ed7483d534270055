//! What one look at a batch saw.

use std::fmt;
use std::sync::Arc;

use civitai_api::v1::types;

pub use output::Output;
pub use queue::QueuePlace;
pub use state::JobState;

use crate::{Error, Token};
use blob::blobs;

mod blob;
mod output;
mod progress;
mod queue;
mod state;

/// What one look at the jobs of a batch saw. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Snapshot {
    jobs: Arc<[JobSnapshot]>,
}

/// What one look saw of one job.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobSnapshot {
    /// The id of the job, an opaque text; empty where the service left it out.
    pub id: String,
    /// Where the job stands.
    pub state: JobState,
    /// The price in Buzz.
    pub cost: Option<f64>,
    /// The files that can be fetched now.
    pub outputs: Vec<Output>,
    /// How many files the job is known to make, fetchable or not.
    pub expected: usize,
    /// Its place in the queue.
    pub queue: Option<QueuePlace>,
    /// Why it failed, in the service's words.
    pub reason: Option<String>,
    raw: Option<Raw>,
}

/// A reply as it came. Its links are as good as the files, so it does not show.
#[derive(Clone)]
struct Raw(Arc<types::JobStatus>);

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hidden")
    }
}

impl Snapshot {
    pub(crate) fn new(token: &Token, jobs: &[types::JobStatus]) -> Self {
        let jobs = jobs.iter().map(|job| JobSnapshot::new(token, job));
        Self {
            jobs: jobs.collect(),
        }
    }

    /// The same, with each job as the service told it.
    pub(crate) fn with_raw(token: &Token, jobs: Vec<types::JobStatus>) -> Self {
        let jobs = jobs.into_iter();
        let jobs = jobs.map(|job| JobSnapshot::with_raw(token, job));
        Self {
            jobs: jobs.collect(),
        }
    }

    /// The jobs of the batch.
    #[must_use]
    pub fn jobs(&self) -> &[JobSnapshot] {
        &self.jobs
    }

    /// Where the batch stands: succeeded when every job has, and over when every job is.
    #[must_use]
    pub fn state(&self) -> JobState {
        state::of_batch(self.jobs.iter().map(|job| job.state))
    }

    /// The files of all jobs that can be fetched now; those of a batch that is not over may be only
    /// some of it.
    #[must_use]
    pub fn outputs(&self) -> Vec<Output> {
        self.jobs
            .iter()
            .flat_map(|job| job.outputs.clone())
            .collect()
    }

    /// The price of the batch in Buzz, as far as the service tells it.
    #[must_use]
    pub fn cost(&self) -> Option<f64> {
        self.jobs
            .iter()
            .filter_map(|job| job.cost)
            .reduce(|a, b| a + b)
    }

    /// The place of the job that starts last, which is what the batch waits for.
    #[must_use]
    pub fn queue(&self) -> Option<&QueuePlace> {
        let places = self.jobs.iter().filter_map(|job| job.queue.as_ref());
        places.max_by_key(|place| place.preceding_jobs)
    }

    /// Why the first job that failed did, in the service's words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.jobs.iter().find_map(|job| job.reason.as_deref())
    }
}

impl JobSnapshot {
    /// The job as the service told it, with its labels, its last event and, where a query asked for
    /// details, the request. It holds signed links, so do not log it.
    ///
    /// A [query](crate::JobQuery) keeps it; a watch does not, so that thousands of them stay small.
    #[must_use]
    pub fn raw(&self) -> Option<&types::JobStatus> {
        self.raw.as_ref().map(|raw| &*raw.0)
    }

    pub(crate) fn with_raw(token: &Token, status: types::JobStatus) -> Self {
        let snapshot = Self::new(token, &status);
        Self {
            raw: Some(Raw(Arc::new(status))),
            ..snapshot
        }
    }

    /// A job that was found without its batch: its own id leads back to it.
    pub(crate) fn alone(status: types::JobStatus) -> Result<Self, Error> {
        let token = status.job_id.as_deref().map(Token::of_job);
        match token {
            Some(Ok(token)) => Ok(Self::with_raw(&token, status)),
            _ => Err(Error::unnamed_job()),
        }
    }

    fn new(token: &Token, status: &types::JobStatus) -> Self {
        let id = status.job_id.clone().unwrap_or_default();
        let blobs = blobs(status.result.as_ref());
        let expected = blobs.clone().count();
        let outputs = blobs.enumerate();
        Self {
            state: state::of_job(status),
            cost: status.cost,
            expected,
            queue: queue::best_place(status),
            reason: state::reason(status),
            outputs: outputs
                .filter_map(|(index, blob)| Output::new(token, &id, index, status.cost, blob))
                .collect(),
            id,
            raw: None,
        }
    }
}

/// Where a job stands, as its status tells.
pub(crate) fn state_of(status: &types::JobStatus) -> JobState {
    state::of_job(status)
}

/// Whether only the last event can tell how a job stands.
pub(crate) fn is_undecided(status: &types::JobStatus) -> bool {
    state_of(status) == JobState::Undecided
}

#[cfg(test)]
mod tests;
