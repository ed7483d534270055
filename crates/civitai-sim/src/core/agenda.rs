//! What is going to happen at a known instant, in order.

use std::collections::BTreeSet;
use std::time::Duration;

/// Things that are due at instants, counted from the start of the simulation.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[serde(transparent, bound(deserialize = "T: Ord + serde::Deserialize<'de>"))]
pub(crate) struct Agenda<T> {
    entries: BTreeSet<(Duration, T)>,
}

impl<T: Copy + Ord> Agenda<T> {
    /// Puts something on the agenda.
    pub(crate) fn add(&mut self, at: Duration, what: T) {
        self.entries.insert((at, what));
    }

    /// The first instant at which something is due.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.entries.first().map(|(at, _)| *at)
    }

    /// Takes the first thing that is due by `now`, with the instant at which it was.
    pub(crate) fn take_due(&mut self, now: Duration) -> Option<(Duration, T)> {
        let first = self.entries.first().copied();
        let due = first.filter(|(at, _)| *at <= now)?;
        self.entries.pop_first();
        Some(due)
    }
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self {
            entries: BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_comes_in_order_and_once() {
        let mut agenda = Agenda::default();
        for (at, what) in [(3, 'c'), (1, 'a'), (2, 'b')] {
            agenda.add(Duration::from_secs(at), what);
        }
        let now = Duration::from_secs(2);
        let due: Vec<char> = std::iter::from_fn(|| agenda.take_due(now))
            .map(|(_, what)| what)
            .collect();
        assert_eq!(due, ['a', 'b']);
        assert_eq!(agenda.next(), Some(Duration::from_secs(3)));
    }
}
