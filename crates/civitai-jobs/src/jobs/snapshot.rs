//! What one poll of a batch showed.

use std::fmt;
use std::sync::Arc;

use civitai_api::v1::types;
use job_watch::Phase;
use serde::{Deserialize, Serialize};

pub use queue::QueuePlace;

use super::output::{blobs, files};
use crate::{Buzz, Error, File, JobId, Token};

mod progress;
mod queue;
mod state;

/// A batch as one poll showed it. Cheap to clone; it can be stored with serde, links left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BatchSnapshot {
    jobs: Arc<[JobSnapshot]>,
}

/// A job as one poll showed it. It can be stored with serde, links left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobSnapshot {
    id: Option<JobId>,
    phase: Phase,
    cost: Option<Buzz>,
    files: Vec<File>,
    queue: Option<QueuePlace>,
    reason: Option<String>,
    #[serde(skip)]
    reply: Option<Reply>,
}

/// A reply as it came. Its links are as good as the files, so it does not show.
#[derive(Clone)]
struct Reply(Arc<types::JobStatus>);

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hidden")
    }
}

impl BatchSnapshot {
    pub(super) fn new(token: &Token, jobs: &[types::JobStatus]) -> Self {
        let jobs = jobs.iter().map(|job| JobSnapshot::new(token, job));
        Self {
            jobs: jobs.collect(),
        }
    }

    /// Returns the jobs of the batch, in the order of the service.
    #[must_use]
    pub fn jobs(&self) -> &[JobSnapshot] {
        &self.jobs
    }

    /// Returns where the batch stands: succeeded when every job has, and over when every job is.
    #[must_use]
    #[doc(alias = "state")]
    pub fn phase(&self) -> Phase {
        state::of_batch(self.jobs.iter().map(|job| job.phase))
    }

    /// Returns the files of all jobs, [available](File::is_available) or not.
    #[must_use]
    #[doc(alias = "outputs")]
    pub fn files(&self) -> Vec<File> {
        self.jobs.iter().flat_map(|job| job.files.clone()).collect()
    }

    /// Returns the price of the batch, as far as the service tells it.
    #[must_use]
    pub fn cost(&self) -> Option<Buzz> {
        let costs = self.jobs.iter().filter_map(|job| job.cost);
        costs.reduce(|a, b| a + b)
    }

    /// Returns the place of the job that starts last, which is what the batch waits for.
    #[must_use]
    pub fn queue(&self) -> Option<&QueuePlace> {
        let places = self.jobs.iter().filter_map(|job| job.queue.as_ref());
        places.max_by_key(|place| place.preceding_jobs)
    }

    /// Returns why the first job that failed did, in the service's words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.jobs.iter().find_map(|job| job.reason.as_deref())
    }

    /// The places of the jobs of which only the last event can tell how they stand.
    pub(super) fn undecided(&self) -> impl Iterator<Item = usize> {
        let jobs = self.jobs.iter().enumerate();
        let open = jobs.filter(|(_, job)| job.phase == Phase::Undecided);
        open.map(|(index, _)| index)
    }

    /// Only the job with this id.
    pub(super) fn of_job(&self, id: &JobId) -> Self {
        let jobs = self.jobs.iter().filter(|job| job.id.as_ref() == Some(id));
        Self {
            jobs: jobs.cloned().collect(),
        }
    }
}

impl JobSnapshot {
    /// Returns the id of the job; `None` where the service left it out.
    #[must_use]
    pub fn id(&self) -> Option<&JobId> {
        self.id.as_ref()
    }

    /// Returns where the job stands.
    ///
    /// [`Undecided`](Phase::Undecided) is a job that is neither queued nor at work and has no result:
    /// just submitted, about to show its result, or failed. A later poll decides it.
    #[must_use]
    #[doc(alias = "state")]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Returns the price, as far as the service tells it.
    #[must_use]
    pub fn cost(&self) -> Option<Buzz> {
        self.cost
    }

    /// Returns the files that the job makes, [available](File::is_available) or not.
    #[must_use]
    #[doc(alias = "outputs")]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Returns the place in the queue; `None` once the job does not wait.
    #[must_use]
    pub fn queue(&self) -> Option<&QueuePlace> {
        self.queue.as_ref()
    }

    /// Returns why the job failed, in the service's words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Returns the job as the service told it, with its labels, its last event and its request. It
    /// holds signed links, so do not log it.
    ///
    /// [`Jobs::get`](crate::Jobs::get) and [`Jobs::list`](crate::Jobs::list) keep it; a watch does not,
    /// so that thousands of them stay small.
    #[must_use]
    pub fn reply(&self) -> Option<&types::JobStatus> {
        self.reply.as_ref().map(|reply| &*reply.0)
    }

    /// A job that was found without its batch: its own id leads back to it.
    pub(super) fn alone(status: types::JobStatus) -> Result<Self, Error> {
        let id = status.job_id.as_deref().map(JobId::new);
        let Some(Ok(id)) = id else {
            return Err(Error::no_id("job"));
        };
        let snapshot = Self::new(&id.into(), &status);
        Ok(Self {
            reply: Some(Reply(Arc::new(status))),
            ..snapshot
        })
    }

    fn new(token: &Token, status: &types::JobStatus) -> Self {
        let id = status.job_id.as_deref().and_then(|id| id.parse().ok());
        let cost = status.cost.map(Buzz::from_f64);
        let blobs = blobs(status.result.as_ref());
        Self {
            phase: state::of_job(status, &blobs),
            cost,
            files: files(token, id.as_ref(), cost, &blobs),
            queue: queue::best_place(status),
            reason: state::reason(status),
            id,
            reply: None,
        }
    }
}

/// Where a job stands, as its status tells.
#[cfg(feature = "events")]
pub(crate) fn phase_of(status: &types::JobStatus) -> Phase {
    state::of_job(status, &blobs(status.result.as_ref()))
}

#[cfg(test)]
mod tests;
