//! What one look at a batch saw.

use std::sync::Arc;

use civitai_api::v1::types;

pub use output::Output;
pub use queue::QueuePlace;
pub(crate) use reread::reread;
pub use state::JobState;

use crate::Token;
use blob::blobs;

mod blob;
mod output;
mod queue;
mod reread;
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
}

impl Snapshot {
    pub(crate) fn new(token: &Token, jobs: &[types::JobStatus]) -> Self {
        let jobs = jobs.iter().map(|job| JobSnapshot::new(token, job));
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
    fn new(token: &Token, status: &types::JobStatus) -> Self {
        let id = status.job_id.clone().unwrap_or_default();
        let blobs = blobs(status.result.as_ref());
        let expected = blobs.len();
        let outputs = blobs.into_iter().enumerate();
        Self {
            state: state::of_job(status),
            cost: status.cost,
            expected,
            queue: queue::best_place(status),
            reason: state::reason(status),
            outputs: outputs
                .filter_map(|(index, blob)| Output::new(token, &id, index, blob))
                .collect(),
            id,
        }
    }
}

/// Whether only the last event can tell how a job stands.
pub(crate) fn is_undecided(status: &types::JobStatus) -> bool {
    state::of_job(status) == JobState::Undecided
}

#[cfg(test)]
mod tests;
