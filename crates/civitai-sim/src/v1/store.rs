//! The jobs that were accepted, and how they are found.

use std::collections::BTreeMap;

use crate::core::problem::Problem;

use super::job::Job;

/// All jobs, known by their number, which is their index in the order of submission.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Store {
    jobs: Vec<Job>,
    ids: BTreeMap<String, usize>,
    /// The jobs of each token, which is kept without padding.
    batches: BTreeMap<String, Vec<usize>>,
    /// The number of the job that a blob belongs to, and the place of the blob in it.
    blobs: BTreeMap<String, (usize, usize)>,
}

impl Store {
    /// The number that the next job will have.
    pub(crate) fn next_number(&self) -> usize {
        self.jobs.len()
    }

    /// Keeps a job, and returns its number.
    pub(crate) fn add(&mut self, job: Job) -> usize {
        let number = self.jobs.len();
        self.ids.insert(job.order().id.clone(), number);
        for (place, key) in job.order().blob_keys.iter().enumerate() {
            self.blobs.insert(key.clone(), (number, place));
        }
        self.jobs.push(job);
        number
    }

    /// Keeps the jobs of one submission under their token.
    pub(crate) fn add_batch(&mut self, token: &str, batch: Vec<usize>) {
        self.batches.insert(bare(token).to_owned(), batch);
    }

    /// The jobs behind a token, with or without its padding.
    ///
    /// # Errors
    ///
    /// Fails for a token that was not given out.
    pub(crate) fn batch(&self, token: &str) -> Result<Vec<usize>, Problem> {
        let found = self.batches.get(bare(token)).cloned();
        found.ok_or_else(|| Problem::no_such("token"))
    }

    /// The number of the job of an id, in capitals or not.
    ///
    /// # Errors
    ///
    /// Fails where there is none.
    pub(crate) fn find(&self, id: &str) -> Result<usize, Problem> {
        let found = self.ids.get(&id.to_ascii_lowercase());
        found.copied().ok_or_else(|| Problem::no_such("job"))
    }

    /// The job that a blob belongs to, and the place of the blob in it.
    pub(crate) fn blob(&self, key: &str) -> Option<(&Job, usize)> {
        let (number, place) = self.blobs.get(key)?;
        Some((&self.jobs[*number], *place))
    }

    pub(crate) fn job(&self, number: usize) -> &Job {
        &self.jobs[number]
    }

    /// A job that is about to change.
    pub(super) fn edit(&mut self, number: usize) -> &mut Job {
        &mut self.jobs[number]
    }

    pub(crate) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Whether one of some jobs waits or runs.
    pub(crate) fn is_scheduled(&self, batch: &[usize]) -> bool {
        batch.iter().any(|job| self.jobs[*job].is_scheduled())
    }
}

fn bare(token: &str) -> &str {
    token.trim_end_matches('=')
}
