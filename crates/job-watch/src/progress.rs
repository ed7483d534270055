//! How far a job has come, and which of its items are new.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::Phase;

/// How far a job has come, as far as the service says; all of it may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
#[doc(alias = "fraction")]
#[doc(alias = "eta")]
pub struct Progress {
    /// How many other jobs are ahead in the queue.
    pub queue_position: Option<u32>,
    /// The time until the job should begin.
    pub starts_in: Option<Duration>,
    /// How much of what the job needs has been fetched, in percent from 0 to 100.
    pub prepared: Option<f32>,
    /// How much of the job is done, in percent from 0 to 100. It never falls within a watch.
    pub percent: Option<f32>,
    /// The time until the job should end: what the service says, or else what the watch works out.
    pub ends_in: Option<Duration>,
    /// How many items have finished; counted by the watch.
    pub finished: usize,
    /// How many items there will be at the end.
    pub items: Option<usize>,
}

impl Progress {
    /// Creates progress of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many other jobs are ahead in the queue.
    #[must_use]
    pub fn queue_position(mut self, jobs: impl Into<Option<u32>>) -> Self {
        self.queue_position = jobs.into();
        self
    }

    /// Sets the time until the job should begin. The watch polls again at about that time.
    #[must_use]
    pub fn starts_in(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.starts_in = time.into();
        self
    }

    /// Sets how much of what the job needs has been fetched, in percent; other numbers are clamped to 0
    /// to 100.
    #[must_use]
    pub fn prepared(mut self, percent: impl Into<Option<f32>>) -> Self {
        self.prepared = in_range(percent.into());
        self
    }

    /// Sets how much of the job is done, in percent; other numbers are clamped to 0 to 100. The watch
    /// works out from it when the job should end, where the service does not say.
    #[must_use]
    pub fn percent(mut self, percent: impl Into<Option<f32>>) -> Self {
        self.percent = in_range(percent.into());
        self
    }

    /// Sets the time until the job should end. The watch polls again at about that time.
    #[must_use]
    pub fn ends_in(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.ends_in = time.into();
        self
    }

    /// Sets how many items there will be at the end. Where it is more than one and the percentage is
    /// unknown, the watch works it out from the items.
    #[must_use]
    pub fn items(mut self, items: impl Into<Option<usize>>) -> Self {
        self.items = items.into();
        self
    }
}

/// Returns a percentage within its range, unless it is no number.
fn in_range(percent: Option<f32>) -> Option<f32> {
    let percent = percent.filter(|percent| !percent.is_nan());
    percent.map(|percent| percent.clamp(0.0, 100.0))
}

/// What a watch has reported already.
#[derive(Clone, Debug, Default)]
pub(crate) struct Track {
    percent: Option<f32>,
    items: BTreeSet<u64>,
}

impl Track {
    /// Returns the progress to report, and those of the finished `items` that are new.
    pub(crate) fn advance<I>(
        &mut self,
        phase: Phase,
        mut progress: Progress,
        items: Vec<(u64, I)>,
    ) -> (Progress, Vec<I>) {
        let items = items.into_iter();
        let new = items.filter_map(|(id, item)| self.items.insert(id).then_some(item));
        let new = new.collect();
        progress.finished = self.items.len();
        let share = progress.items.filter(|items| *items > 1).map(|items| {
            #[allow(clippy::cast_precision_loss, reason = "a percentage needs no more")]
            let share = progress.finished as f32 / items as f32;
            (100.0 * share).min(100.0)
        });
        let percent = match phase {
            Phase::Succeeded => Some(100.0),
            _ => progress.percent.or(share),
        };
        // `f32::max` prefers the number where the other is none.
        self.percent = [self.percent, percent]
            .into_iter()
            .flatten()
            .reduce(f32::max);
        progress.percent = self.percent;
        (progress, new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_never_falls_and_each_item_is_new_once() {
        let mut track = Track::default();
        let known = |percent: Option<f32>, items| Progress::new().percent(percent).items(items);
        for (case, phase, progress, finished, percent, count, expected) in [
            (
                "nothing known",
                Phase::Queued,
                known(None, None),
                vec![],
                None,
                0,
                vec![],
            ),
            (
                "a quarter",
                Phase::Running,
                known(Some(25.0), None),
                vec![7],
                Some(25.0),
                1,
                vec![7],
            ),
            (
                "a new attempt",
                Phase::Running,
                known(Some(5.0), None),
                vec![7],
                Some(25.0),
                1,
                vec![],
            ),
            (
                "nothing said",
                Phase::Running,
                known(None, None),
                vec![],
                Some(25.0),
                1,
                vec![],
            ),
            (
                "no number",
                Phase::Running,
                known(Some(f32::NAN), None),
                vec![],
                Some(25.0),
                1,
                vec![],
            ),
            (
                "by items",
                Phase::Running,
                known(None, Some(4)),
                vec![7, 3, 7],
                Some(50.0),
                2,
                vec![3],
            ),
            (
                "one item says nothing",
                Phase::Running,
                known(None, Some(1)),
                vec![],
                Some(50.0),
                2,
                vec![],
            ),
            (
                "too much",
                Phase::Running,
                known(Some(400.0), None),
                vec![],
                Some(100.0),
                2,
                vec![],
            ),
        ] {
            let (progress, new) = track.advance(
                phase,
                progress,
                finished.into_iter().map(|id| (id, id)).collect(),
            );
            assert_eq!(
                (progress.percent, progress.finished, new),
                (percent, count, expected),
                "{case}"
            );
        }
        let (done, _) = Track::default().advance::<()>(Phase::Succeeded, Progress::new(), vec![]);
        assert_eq!(done.percent, Some(100.0));
    }
}
