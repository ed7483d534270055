//! What polls have shown of when the job began and ended.

use std::time::Duration;

use super::Exchange;
use crate::estimates::{Learned, Span};
use crate::{Phase, Progress};

/// What polls have shown of when the job began and ended; times count from the start of the watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// When the job had not begun for sure.
    queued: Option<Duration>,
    /// When the job should begin, by what the service said last.
    announced: Option<Duration>,
    /// When the job had begun for sure.
    begun: Option<Duration>,
    /// When the job had not ended for sure.
    unfinished: Option<Duration>,
}

impl Timeline {
    /// Takes in a poll that found the job.
    pub(super) fn update(&mut self, exchange: &Exchange, phase: Phase, progress: &Progress) {
        let (asked, answered) = (exchange.asked, exchange.answered);
        match phase {
            Phase::Queued => {
                (self.queued, self.begun) = (Some(asked), None);
                let begin = |rest| answered.saturating_add(rest);
                self.announced = progress.starts_in.map(begin);
            }
            Phase::Running | Phase::Unknown => self.begun = self.begun.or(Some(answered)),
            _ => {}
        }
        if !phase.is_terminal() {
            self.unfinished = Some(asked);
        }
    }

    /// Returns the length of a job whose end `last` has shown: from the start of the watch, and from the
    /// begin of the job. There is none where the job may have ended long before.
    pub(crate) fn lengths(&self, last: &Exchange, first: Duration) -> Option<(Span, Option<Span>)> {
        let to = last.answered;
        // A long poll is answered at the end.
        let is_exact = last.long_poll.is_some() && last.took() >= first;
        let from = if is_exact { to } else { self.unfinished? };
        let run = self.begin().map(|begin| Span {
            from: from.saturating_sub(begin.to),
            to: to.saturating_sub(begin.from),
        });
        Some((Span { from, to }, run))
    }

    /// Returns when the job has begun, where polls have shown it queued and begun.
    fn begin(&self) -> Option<Span> {
        let begin = Span {
            from: self.queued?,
            to: self.begun?,
        };
        let announced = self.announced.filter(|time| begin.contains(*time));
        Some(announced.map_or(begin, Span::at))
    }

    /// Returns when the job should end by what is learned of its kind.
    pub(super) fn end(&self, now: Duration, learned: &Learned) -> Option<Span> {
        let Some(run) = learned.run else {
            return learned.total;
        };
        // Without a begin so far, it may come at any time from now on.
        let begin = match self.begun {
            Some(begun) => self.begin().unwrap_or(Span::at(begun)),
            None => Span {
                from: now,
                to: Duration::MAX,
            },
        };
        let by_run = Span {
            from: begin.from.saturating_add(run.from),
            to: begin.to.saturating_add(run.to),
        };
        // Where queues differ, totals do too, and say less than the run.
        let total = learned.total.filter(|total| total.width() < by_run.width());
        let both = total.and_then(|total| total.intersection(by_run));
        // A queue that is longer than usual moves the end, and the run stays what it is.
        Some(both.unwrap_or(match self.begun {
            Some(_) => by_run,
            None => Span {
                to: now.saturating_add(run.to),
                ..by_run
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::Outcome;

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn span(from: u64, to: u64) -> Span {
        Span {
            from: secs(from),
            to: secs(to),
        }
    }

    fn exchange(asked: u64, answered: u64, long_poll: Option<Duration>) -> Exchange {
        Exchange {
            asked: secs(asked),
            answered: secs(answered),
            long_poll,
            outcome: Outcome::NoAnswer,
        }
    }

    fn timeline(polls: &[(u64, Phase)]) -> Timeline {
        let mut timeline = Timeline::default();
        for (at, phase) in polls {
            timeline.update(&exchange(*at, *at, None), *phase, &Progress::new());
        }
        timeline
    }

    const QUEUED: (u64, Phase) = (0, Phase::Queued);

    #[test]
    fn a_length_lies_between_the_polls_around_its_ends() {
        let at = |seconds| exchange(seconds, seconds, None);
        let long = |asked, answered| exchange(asked, answered, Some(secs(30)));
        for (case, polls, last, expected) in [
            ("one poll shows no length", vec![], at(40), None),
            (
                "the begin is not known",
                vec![(0, Phase::Running), (20, Phase::Running)],
                at(30),
                Some((span(20, 30), None)),
            ),
            (
                "all is known",
                vec![QUEUED, (5, Phase::Running), (20, Phase::Running)],
                at(30),
                Some((span(20, 30), Some(span(15, 30)))),
            ),
            (
                "a long poll knows the end",
                vec![QUEUED, (5, Phase::Running)],
                long(5, 30),
                Some((span(30, 30), Some(span(25, 30)))),
            ),
            (
                "a long poll that is answered at once does not",
                vec![],
                long(5, 5),
                None,
            ),
        ] {
            let lengths = timeline(&polls).lengths(&last, secs(1));
            assert_eq!(lengths, expected, "{case}");
        }
    }

    #[test]
    fn a_begin_that_the_service_announced_is_exact() {
        let mut timeline = Timeline::default();
        let announced = Progress::new().starts_in(secs(12));
        timeline.update(&exchange(0, 0, None), Phase::Queued, &announced);
        timeline.update(&exchange(15, 15, None), Phase::Running, &Progress::new());
        let lengths = timeline.lengths(&exchange(40, 40, None), secs(1));
        assert_eq!(lengths, Some((span(15, 40), Some(span(3, 28)))));
    }

    #[test]
    fn the_end_follows_from_what_is_learned() {
        let total = Some(span(29, 31));
        let run = Some(span(20, 22));
        for (case, polls, now, total, run, expected) in [
            ("nothing is learned", vec![QUEUED], 0, None, None, None),
            (
                "only the total",
                vec![QUEUED],
                0,
                total,
                None,
                Some(span(29, 31)),
            ),
            (
                "the usual queue",
                vec![QUEUED],
                0,
                total,
                run,
                Some(span(29, 31)),
            ),
            (
                "a longer queue",
                vec![QUEUED, (40, Phase::Queued)],
                40,
                total,
                run,
                Some(span(60, 62)),
            ),
            (
                "a known begin",
                vec![QUEUED, (2, Phase::Running)],
                2,
                total,
                run,
                Some(span(20, 24)),
            ),
            (
                "a begin that is hardly known",
                vec![QUEUED, (15, Phase::Running)],
                15,
                total,
                run,
                Some(span(29, 31)),
            ),
        ] {
            let learned = Learned { total, run };
            let end = timeline(&polls).end(secs(now), &learned);
            assert_eq!(end, expected, "{case}");
        }
    }
}
