//! How far work has come, and which of its items are news.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::Phase;

/// How far work has come, as far as the source can tell: nothing of it need be known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// How many others are ahead in the queue.
    pub queue_place: Option<u32>,
    /// In what time the work should begin.
    pub starts_in: Option<Duration>,
    /// How much of what the work needs is there, from 0 to 100, where it is fetched first.
    pub prepared: Option<f32>,
    /// How much of the work is done, from 0 to 100. Never falls within a watch.
    pub percent: Option<f32>,
    /// In what time the work should end: as the source tells, or else as the watch makes out.
    pub ends_in: Option<Duration>,
    /// How many items the work has finished; counted by the watch.
    pub finished: usize,
    /// How many items the work will have finished at its end.
    pub items: Option<usize>,
}

impl Progress {
    /// Progress of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many others are ahead in the queue.
    #[must_use]
    pub fn with_queue_place(mut self, place: impl Into<Option<u32>>) -> Self {
        self.queue_place = place.into();
        self
    }

    /// Sets in what time the work should begin. The watch looks again about then.
    #[must_use]
    pub fn with_starts_in(mut self, wait: impl Into<Option<Duration>>) -> Self {
        self.starts_in = wait.into();
        self
    }

    /// Sets how much of what the work needs is there, from 0 to 100.
    #[must_use]
    pub fn with_prepared(mut self, percent: impl Into<Option<f32>>) -> Self {
        self.prepared = share(percent.into());
        self
    }

    /// Sets how much of the work is done, from 0 to 100. The watch makes out from it when the work
    /// should end, where the source does not say.
    #[must_use]
    pub fn with_percent(mut self, percent: impl Into<Option<f32>>) -> Self {
        self.percent = share(percent.into());
        self
    }

    /// Sets in what time the work should end. The watch looks again about then.
    #[must_use]
    pub fn with_ends_in(mut self, wait: impl Into<Option<Duration>>) -> Self {
        self.ends_in = wait.into();
        self
    }

    /// Sets how many items the work will have finished at its end. Where it is more than one and the
    /// source does not tell the share, the watch takes it from the items.
    #[must_use]
    pub fn with_items(mut self, items: impl Into<Option<usize>>) -> Self {
        self.items = items.into();
        self
    }
}

/// A share in percent, unless it is no number.
fn share(percent: Option<f32>) -> Option<f32> {
    let percent = percent.filter(|percent| !percent.is_nan());
    percent.map(|percent| percent.clamp(0.0, 100.0))
}

/// What the caller has been told already.
#[derive(Clone, Debug, Default)]
pub(crate) struct Track {
    percent: Option<f32>,
    items: BTreeSet<u64>,
}

impl Track {
    /// The progress to report, and those of the `finished` items that are news.
    pub(crate) fn news(
        &mut self,
        phase: Phase,
        mut progress: Progress,
        mut finished: Vec<u64>,
    ) -> (Progress, Vec<u64>) {
        finished.retain(|item| self.items.insert(*item));
        progress.finished = self.items.len();
        let share = progress.items.filter(|items| *items > 1).map(|items| {
            #[allow(clippy::cast_precision_loss, reason = "a share needs no more")]
            let share = progress.finished as f32 / items as f32;
            (100.0 * share).min(100.0)
        });
        let told = match phase {
            Phase::Succeeded => Some(100.0),
            _ => progress.percent.or(share),
        };
        // `f32::max` prefers the number where the other is none.
        self.percent = [self.percent, told].into_iter().flatten().reduce(f32::max);
        progress.percent = self.percent;
        (progress, finished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_never_falls_and_each_item_is_news_once() {
        let mut track = Track::default();
        let told =
            |percent: Option<f32>, items| Progress::new().with_percent(percent).with_items(items);
        for (case, phase, progress, finished, percent, count, news) in [
            (
                "nothing known",
                Phase::Waiting,
                told(None, None),
                vec![],
                None,
                0,
                vec![],
            ),
            (
                "a quarter",
                Phase::Running,
                told(Some(25.0), None),
                vec![7],
                Some(25.0),
                1,
                vec![7],
            ),
            (
                "a new attempt",
                Phase::Running,
                told(Some(5.0), None),
                vec![7],
                Some(25.0),
                1,
                vec![],
            ),
            (
                "no word",
                Phase::Running,
                told(None, None),
                vec![],
                Some(25.0),
                1,
                vec![],
            ),
            (
                "no number",
                Phase::Running,
                told(Some(f32::NAN), None),
                vec![],
                Some(25.0),
                1,
                vec![],
            ),
            (
                "by items",
                Phase::Running,
                told(None, Some(4)),
                vec![7, 3, 7],
                Some(50.0),
                2,
                vec![3],
            ),
            (
                "one item says nothing",
                Phase::Running,
                told(None, Some(1)),
                vec![],
                Some(50.0),
                2,
                vec![],
            ),
            (
                "too much",
                Phase::Running,
                told(Some(400.0), None),
                vec![],
                Some(100.0),
                2,
                vec![],
            ),
        ] {
            let (progress, new) = track.news(phase, progress, finished);
            assert_eq!(
                (progress.percent, progress.finished, new),
                (percent, count, news),
                "{case}"
            );
        }
        let (done, _) = Track::default().news(Phase::Succeeded, Progress::new(), vec![]);
        assert_eq!(done.percent, Some(100.0));
    }
}
