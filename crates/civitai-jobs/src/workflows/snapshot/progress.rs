//! A snapshot as a watch sees it: how far the workflow has come, and which files are there.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use job_watch::{Polled, Progress};

use super::WorkflowSnapshot;
use crate::File;

impl WorkflowSnapshot {
    /// What a poll showed, for those who watch.
    pub(in crate::workflows) fn polled(
        &self,
        retry_after: Option<Duration>,
    ) -> Polled<WorkflowSnapshot, File> {
        let files: Vec<_> = self.numbered().collect();
        Polled::new(self.phase(), self.clone())
            .progress(self.progress())
            .retry_after(retry_after)
            .items(files)
    }

    /// A number for all of a poll that the service counts as a change.
    pub(in crate::workflows) fn digest(&self) -> u64 {
        let mut digest = DefaultHasher::new();
        self.status().to_string().hash(&mut digest);
        for step in self.steps() {
            let bits = |share: Option<f64>| share.map(f64::to_bits);
            step.status().to_string().hash(&mut digest);
            bits(step.percent()).hash(&mut digest);
            let place = step.queue_position();
            place.map(|place| place.preceding_jobs).hash(&mut digest);
            for model in step.preparation() {
                let (name, place) = (&model.resource, model.queue_position);
                (name, place, bits(model.progress)).hash(&mut digest);
                model.lane.to_string().hash(&mut digest);
            }
        }
        for (number, _) in self.numbered() {
            number.hash(&mut digest);
        }
        digest.finish()
    }

    fn progress(&self) -> Progress {
        #[expect(clippy::cast_possible_truncation, reason = "a share needs no more")]
        let percent = |percent: f64| percent as f32;
        let items = self.files().len();
        Progress::new()
            .queue_position(self.preceding_jobs())
            .prepared(self.prepared().map(percent))
            .starts_in(self.prepared_in())
            .percent(self.percent().map(percent))
            .items((items > 0).then_some(items))
    }

    /// The available files with numbers that are the same in each poll: made of the place of the step
    /// and of the file's path in it, since files that come later may stand between those that are
    /// there.
    fn numbered(&self) -> impl Iterator<Item = (u64, File)> + '_ {
        let number = |step: usize, file: &File| {
            let mut number = DefaultHasher::new();
            (step, file.path()).hash(&mut number);
            number.finish()
        };
        let steps = self.steps().iter().enumerate();
        steps.flat_map(move |(step, seen)| {
            let files = seen.files().into_iter().filter(File::is_available);
            files.map(move |file| (number(step, &file), file))
        })
    }
}
