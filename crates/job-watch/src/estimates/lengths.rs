//! The last lengths of jobs of one kind, and what is typical of them.

use std::collections::VecDeque;
use std::time::Duration;

use super::Span;

/// Lengths that are remembered: enough to tell the usual from the unusual, few enough to follow a
/// service that becomes faster or slower.
const MAX_LENGTHS: usize = 16;

/// The last lengths of jobs of one kind, the oldest first.
///
/// No length is known exactly: a job ended between two polls. A rare poll makes a wide span, which says
/// little, and is as little believed.
#[derive(Clone, Debug, Default)]
pub(super) struct Lengths(VecDeque<Span>);

impl Lengths {
    pub(super) fn add(&mut self, length: Span) {
        if self.0.len() >= MAX_LENGTHS {
            self.0.pop_front();
        }
        self.0.push_back(length);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    #[cfg(feature = "serde")]
    pub(super) fn iter(&self) -> impl Iterator<Item = Span> + '_ {
        self.0.iter().copied()
    }

    /// Returns where the next length should lie: the narrowest span that has three quarters of the
    /// lengths, and of three lengths two, so that one that is far off counts for nothing.
    pub(super) fn typical(&self) -> Option<Span> {
        let common = self.common()?;
        // A wide span does not argue with the others: its length may be what theirs are.
        let guess = common.middle();
        let clamped = self.0.iter().map(|span| guess.clamp(span.from, span.to));
        let mut lengths: Vec<Duration> = clamped.collect();
        lengths.sort_unstable();
        let unusual = match lengths.len() {
            0..=2 => 0,
            count => (count / 4).max(1),
        };
        let windows = lengths.windows(lengths.len() - unusual);
        let spans = windows.filter_map(|window| {
            let (from, to) = (*window.first()?, *window.last()?);
            Some(Span { from, to })
        });
        Some(spans.min_by_key(|span| span.width())?.hull(common))
    }

    /// Returns the span that most of the lengths have in common; of several such spans the one nearest
    /// to the median.
    fn common(&self) -> Option<Span> {
        let mut middles: Vec<Duration> = self.0.iter().map(|span| span.middle()).collect();
        middles.sort_unstable();
        let median = *middles.get(middles.len() / 2)?;
        let candidates = self.0.iter().map(|candidate| {
            let overlapping = self.0.iter().filter(|span| span.contains(candidate.from));
            let mut common = *candidate;
            let mut count = 0_usize;
            for span in overlapping {
                common = common.intersection(*span).unwrap_or(common);
                count += 1;
            }
            (count, common)
        });
        let best = candidates.max_by_key(|(count, common)| {
            let off = common.middle().abs_diff(median);
            (*count, std::cmp::Reverse(off))
        });
        best.map(|(_, common)| common)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typical_length_is_that_of_most() {
        for (case, lengths, typical) in [
            ("nothing", vec![], None),
            ("one", vec![(20, 32)], Some((20, 32))),
            ("two that agree", vec![(20, 32), (28, 40)], Some((28, 32))),
            ("two that do not", vec![(20, 22), (28, 30)], Some((22, 30))),
            (
                "a wide one does not argue",
                vec![(0, 60), (28, 30), (29, 31)],
                Some((29, 30)),
            ),
            (
                "one that is far too long",
                vec![(28, 30), (290, 300), (29, 31)],
                Some((29, 30)),
            ),
            (
                "one that is far too short",
                vec![(28, 30), (1, 2), (31, 33)],
                Some((28, 31)),
            ),
            (
                "lengths that vary",
                vec![(20, 21), (24, 25), (28, 29), (32, 33), (90, 91)],
                Some((21, 32)),
            ),
        ] {
            let secs = Duration::from_secs;
            let mut known = Lengths::default();
            for (from, to) in lengths {
                known.add(Span {
                    from: secs(from),
                    to: secs(to),
                });
            }
            let expected = typical.map(|(from, to)| Span {
                from: secs(from),
                to: secs(to),
            });
            assert_eq!(known.typical(), expected, "{case}");
        }
    }

    #[test]
    fn the_last_lengths_count() {
        let mut known = Lengths::default();
        for seconds in 0..100 {
            known.add(Span::at(Duration::from_secs(seconds)));
        }
        assert_eq!(known.len(), MAX_LENGTHS);
        assert!(known.typical().unwrap().from >= Duration::from_secs(84));
    }
}
