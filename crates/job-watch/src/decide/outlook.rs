//! When the next news of the work is due: what the source tells, or what can be made out of it.

use std::time::Duration;

use crate::{Phase, Progress};

/// What looks have told of the times of the work; all count from the start of the watch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Outlook {
    /// When the work began or should begin.
    pub(crate) begins: Option<Duration>,
    /// When the work should end.
    pub(crate) ends: Option<Duration>,
    /// The earliest share of the work, in percent, that later ones are compared with.
    anchor: Option<(Duration, f32)>,
}

/// What is awaited next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum News {
    /// The work should begin in that time.
    Begin(Duration),
    /// The work should end in that time.
    End(Duration),
}

impl Outlook {
    /// Takes in a look at `now`; `expected` is how long such work takes once it has begun.
    pub(super) fn seen(
        self,
        now: Duration,
        phase: Phase,
        told: &Progress,
        expected: Option<Duration>,
    ) -> Self {
        let after = |wait: Duration| now.saturating_add(wait);
        let mut outlook = match phase {
            Phase::Waiting => Self {
                begins: told.starts_in.map(after),
                ..Self::default()
            },
            Phase::Running | Phase::Unknown => Self {
                // It began by now, whatever was foretold.
                begins: Some(self.begins.unwrap_or(now).min(now)),
                ends: None,
                anchor: self.anchor,
            },
            _ => Self::default(),
        };
        let by_share = outlook.by_share(now, told.percent);
        let by_habit = || Some(outlook.begins?.saturating_add(expected?));
        outlook.ends = told.ends_in.map(after).or(by_share).or_else(by_habit);
        outlook
    }

    /// The end that the share done leads to when it goes on growing as it has.
    fn by_share(&mut self, now: Duration, percent: Option<f32>) -> Option<Duration> {
        let percent = percent?;
        let Some((since, from)) = self.anchor.filter(|(_, from)| *from <= percent) else {
            // The first word, or work that began anew.
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

    /// What is awaited at `now`, unless it is overdue or nobody knows.
    pub(super) fn next(&self, now: Duration, phase: Phase) -> Option<News> {
        let ahead = |at: Option<Duration>| {
            let wait = at?.saturating_sub(now);
            (!wait.is_zero()).then_some(wait)
        };
        match phase {
            Phase::Waiting => ahead(self.begins).map(News::Begin),
            Phase::Running | Phase::Unknown => ahead(self.ends).map(News::End),
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
    fn each_look_adds_to_what_is_foretold() {
        let nothing = Progress::new();
        let percent = |percent: f32| nothing.with_percent(percent);
        let starts = |wait| nothing.with_starts_in(secs(wait));
        let ends = |wait| nothing.with_ends_in(secs(wait));
        let begin = |wait| Some(News::Begin(secs(wait)));
        let end = |wait| Some(News::End(secs(wait)));
        let (waiting, running) = (Phase::Waiting, Phase::Running);
        for (case, expected, looks, news) in [
            ("nothing", None, vec![(0, waiting, nothing)], None),
            ("a start", None, vec![(0, waiting, starts(40))], begin(40)),
            (
                "a later start",
                None,
                vec![(0, waiting, starts(40)), (9, waiting, starts(50))],
                begin(50),
            ),
            (
                "a start that is due",
                None,
                vec![(0, waiting, starts(0))],
                None,
            ),
            ("an end", None, vec![(3, running, ends(20))], end(20)),
            (
                "an end while it waits",
                None,
                vec![(3, waiting, ends(20))],
                None,
            ),
            ("a habit", Some(30), vec![(5, running, nothing)], end(30)),
            (
                "a habit from the start that was told",
                Some(30),
                vec![(0, waiting, starts(2)), (5, running, nothing)],
                end(27),
            ),
            (
                "a start before the one that was told",
                Some(30),
                vec![(0, waiting, starts(9)), (5, running, nothing)],
                end(30),
            ),
            (
                "a habit that is over",
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
                "the source knows best",
                Some(90),
                vec![
                    (0, running, percent(0.0)),
                    (10, running, percent(50.0).with_ends_in(secs(3))),
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
            for (at, phase, told) in looks {
                outlook = outlook.seen(secs(at), phase, &told, expected.map(secs));
                last = outlook.next(secs(at), phase);
            }
            assert_eq!(last, news, "{case}");
        }
    }
}
