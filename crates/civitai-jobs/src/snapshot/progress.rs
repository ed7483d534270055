//! A snapshot in the words of waiting: how far the jobs have come, and which files are there.

use std::time::Duration;

use job_watch::{Progress, Seen};

use super::{Output, Snapshot};

/// How many files of one job can be told apart; jobs make far fewer.
const FILES: u64 = 1 << 32;

impl Snapshot {
    /// The files that have become available since the update before, by the numbers in
    /// [`Update::new_items`](job_watch::Update::new_items).
    ///
    /// ```
    /// # async fn run(job: civitai_jobs::Job) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut watch = job.watch();
    /// while let Some(update) = watch.next().await? {
    ///     for output in update.snapshot.outputs_of(&update.new_items) {
    ///         println!("{} is there", output.blob_key());
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn outputs_of(&self, items: &[u64]) -> Vec<Output> {
        let numbered = self.numbered().filter(|(number, _)| items.contains(number));
        numbered.map(|(_, output)| output.clone()).collect()
    }

    /// The files with their numbers, which stay the same from look to look.
    fn numbered(&self) -> impl Iterator<Item = (u64, &Output)> {
        (0..).zip(self.jobs.iter()).flat_map(|(job, snapshot)| {
            let outputs = snapshot.outputs.iter();
            outputs.map(move |output| (job * FILES + output.index() as u64, output))
        })
    }

    /// What a look saw, for those who wait.
    pub(crate) fn seen(self, retry_after: Option<Duration>) -> Seen<Self> {
        let known = !self.jobs.is_empty() && self.jobs.iter().all(|job| job.expected > 0);
        let items = known.then(|| self.jobs.iter().map(|job| job.expected).sum());
        let mut progress = Progress::new().with_items(items);
        if let Some(place) = self.queue() {
            progress = progress
                .with_queue_place(place.preceding_jobs)
                .with_starts_in(place.starts_in);
        }
        let finished: Vec<u64> = self.numbered().map(|(number, _)| number).collect();
        Seen::new(self.state().phase(), self)
            .with_retry_after(retry_after)
            .with_progress(progress)
            .with_finished(finished)
    }

    /// Only the job with this id.
    pub(crate) fn of_job(&self, id: &str) -> Self {
        let jobs = self.jobs.iter().filter(|job| job.id == id);
        Self {
            jobs: jobs.cloned().collect(),
        }
    }
}
