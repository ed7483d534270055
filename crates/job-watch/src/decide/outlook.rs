//! When the job should begin and end: what the service says, or what follows from what it says.

use std::time::Duration;

use crate::estimates::Span;
use crate::{Phase, Progress};

/// What is known of the times of the job; all count from the start of the watch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Outlook {
    /// When the job began or should begin.
    pub(crate) begins: Option<Duration>,
    /// When the job should end, by what the service or the caller says.
    pub(crate) ends: Option<Duration>,
    /// When the job should end by what is learned of its kind, where nobody says it.
    window: Option<Span>,
    /// The earliest share of the job, in percent, that later ones are compared with.
    anchor: Option<(Duration, f32)>,
}

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Milestone {
    /// The job should begin in that time.
    Begin(Duration),
    /// The job should end in that time.
    End(Duration),
    /// The job should end within that span, which is not over; it counts from the start of the watch.
    Window(Span),
}

impl Outlook {
    /// Takes in a poll at `now`; `expected` is how long such a job runs once it has begun.
    pub(super) fn update(
        self,
        now: Duration,
        phase: Phase,
        progress: &Progress,
        expected: Option<Duration>,
    ) -> Self {
        let after = |wait: Duration| now.saturating_add(wait);
        let mut outlook = match phase {
            Phase::Queued => Self {
                begins: progress.starts_in.map(after),
                ..Self::default()
            },
            Phase::Running | Phase::Unknown => Self {
                // It began by now, whatever was foreprogress.
                begins: Some(self.begins.unwrap_or(now).min(now)),
                anchor: self.anchor,
                ..Self::default()
            },
            _ => Self::default(),
        };
        let by_share = outlook.by_share(now, progress.percent);
        let by_length = || Some(outlook.begins?.saturating_add(expected?));
        outlook.ends = progress.ends_in.map(after).or(by_share).or_else(by_length);
        outlook
    }

    /// Takes in when the job should end by what is learned of its kind.
    pub(super) fn learn(&mut self, window: Option<Span>) {
        self.window = window.filter(|_| self.ends.is_none());
    }

    /// Returns when the job should end.
    pub(crate) fn end(&self) -> Option<Duration> {
        self.ends.or(self.window.map(Span::middle))
    }

    /// Returns the end that the share leads to when it goes on growing as it has.
    fn by_share(&mut self, now: Duration, percent: Option<f32>) -> Option<Duration> {
        let percent = percent?;
        let Some((since, from)) = self.anchor.filter(|(_, from)| *from <= percent) else {
            // The first share, or a job that began anew.
            self.anchor = Some((now, percent));
            return None;
        };
        let gained = f64::from(percent - from);
        if gained <= 0.0 {
            return None;
        }
        let rest = f64::from(100.0 - percent) / gained;
        let rest = now.saturating_sub(since).as_secs_f64() * rest;
        Some(now.saturating_add(Duration::try_from_secs_f64(rest).ok()?))
    }

    /// Returns what is expected next at `now`, unless it is overdue or unknown.
    pub(super) fn next(&self, now: Duration, phase: Phase) -> Option<Milestone> {
        let ahead = |at: Option<Duration>| {
            let rest = at?.saturating_sub(now);
            (!rest.is_zero()).then_some(rest)
        };
        let window = self.window.filter(|window| now < window.to);
        let window = window.map(Milestone::Window);
        match phase {
            Phase::Queued => ahead(self.begins).map(Milestone::Begin).or(window),
            Phase::Running | Phase::Unknown => ahead(self.ends).map(Milestone::End).or(window),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn each_poll_adds_to_what_is_expected() {
        let nothing = Progress::new();
        let percent = |percent: f32| nothing.percent(percent);
        let starts = |wait| nothing.starts_in(secs(wait));
        let ends = |wait| nothing.ends_in(secs(wait));
        let begin = |wait| Some(Milestone::Begin(secs(wait)));
        let end = |wait| Some(Milestone::End(secs(wait)));
        let (queued, running) = (Phase::Queued, Phase::Running);
        for (case, expected, polls, milestone) in [
            ("nothing", None, vec![(0, queued, nothing)], None),
            ("a start", None, vec![(0, queued, starts(40))], begin(40)),
            (
                "a later start",
                None,
                vec![(0, queued, starts(40)), (9, queued, starts(50))],
                begin(50),
            ),
            (
                "a start that is due",
                None,
                vec![(0, queued, starts(0))],
                None,
            ),
            ("an end", None, vec![(3, running, ends(20))], end(20)),
            (
                "an end while it is queued",
                None,
                vec![(3, queued, ends(20))],
                None,
            ),
            (
                "a known length",
                Some(30),
                vec![(5, running, nothing)],
                end(30),
            ),
            (
                "a known length from the start that was given",
                Some(30),
                vec![(0, queued, starts(2)), (5, running, nothing)],
                end(27),
            ),
            (
                "a start before the one that was given",
                Some(30),
                vec![(0, queued, starts(9)), (5, running, nothing)],
                end(30),
            ),
            (
                "a known length that is over",
                Some(30),
                vec![(0, running, nothing), (31, running, nothing)],
                None,
            ),
            (
                "one share says nothing",
                None,
                vec![(5, running, percent(25.0))],
                None,
            ),
            (
                "two shares say when",
                None,
                vec![(5, running, percent(0.0)), (10, running, percent(25.0))],
                end(15),
            ),
            (
                "a share that stands still",
                None,
                vec![(5, running, percent(25.0)), (10, running, percent(25.0))],
                None,
            ),
            (
                "a share that fell begins anew",
                None,
                vec![
                    (0, running, percent(50.0)),
                    (10, running, percent(0.0)),
                    (20, running, percent(50.0)),
                ],
                end(10),
            ),
            (
                "what the service says comes first",
                Some(90),
                vec![
                    (0, running, percent(0.0)),
                    (10, running, percent(50.0).ends_in(secs(3))),
                ],
                end(3),
            ),
            (
                "a result being stored",
                Some(30),
                vec![(0, running, nothing), (5, Phase::Undecided, nothing)],
                None,
            ),
        ] {
            let mut outlook = Outlook::default();
            let mut last = None;
            for (at, phase, progress) in polls {
                outlook = outlook.update(secs(at), phase, &progress, expected.map(secs));
                last = outlook.next(secs(at), phase);
            }
            assert_eq!(last, milestone, "{case}");
        }
    }
}
