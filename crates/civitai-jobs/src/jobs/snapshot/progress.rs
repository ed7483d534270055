//! A snapshot as a watch sees it: how far the jobs have come, and which files are there.

use std::time::Duration;

use job_watch::{Polled, Progress};

use super::BatchSnapshot;
use crate::File;

/// How many files of one job can be told apart; jobs make far fewer.
const FILES: u64 = 1 << 32;

impl BatchSnapshot {
    /// What a poll showed, for those who watch.
    pub(in crate::jobs) fn polled(
        self,
        retry_after: Option<Duration>,
    ) -> Polled<BatchSnapshot, File> {
        let known = !self.jobs.is_empty() && self.jobs.iter().all(|job| !job.files.is_empty());
        let items = known.then(|| self.jobs.iter().map(|job| job.files.len()).sum());
        let mut progress = Progress::new().items(items);
        if let Some(place) = self.queue() {
            progress = progress
                .queue_position(place.preceding_jobs)
                .starts_in(place.starts_in);
        }
        let files: Vec<_> = self.numbered().collect();
        Polled::new(self.phase(), self)
            .retry_after(retry_after)
            .progress(progress)
            .items(files)
    }

    /// The available files with their numbers, which stay the same from poll to poll.
    fn numbered(&self) -> impl Iterator<Item = (u64, File)> {
        (0..).zip(self.jobs.iter()).flat_map(|(job, snapshot)| {
            let files = snapshot.files.iter().filter(|file| file.is_available());
            files.map(move |file| (job * FILES + file.index() as u64, file.clone()))
        })
    }
}
