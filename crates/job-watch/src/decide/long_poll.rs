//! How long a long poll may stay open, and what is learned from one that went wrong.

use std::time::Duration;

use super::{Exchange, Outcome};
use crate::{Fault, WatchPolicy};

/// Cuts in a row after which a watch makes no more long polls.
const MAX_CUTS: u8 = 2;
/// Changes in a row that may come faster than the shortest pause of the pace. A service that answers so
/// more often does not keep long polls open.
const MAX_HASTY: u8 = 3;

/// What a watch has learned of the long polls of its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LongPolls {
    /// The service, or a proxy on the way, does not offer them.
    refused: bool,
    /// The longest that stays open, where one was cut.
    longest: Option<Duration>,
    /// Cuts in a row.
    cuts: u8,
    /// The digest of the last answer that was to come at the first change.
    digest: Option<u64>,
    /// Changes in a row that came faster than the shortest pause.
    hasty: u8,
}

impl LongPolls {
    pub(super) fn refuse(&mut self) {
        self.refused = true;
    }

    /// Returns how long one may stay open, as far as is learned; `None` where the service takes none.
    pub(super) fn longest(&self) -> Option<Duration> {
        (!self.refused).then(|| self.longest.unwrap_or(Duration::MAX))
    }

    /// Returns whether the poll was a long one that was cut on the way, and remembers it.
    pub(super) fn learn(&mut self, policy: &WatchPolicy, exchange: &Exchange) -> bool {
        if exchange.was_cut(policy) {
            self.cuts = self.cuts.saturating_add(1);
            self.refused |= self.cuts >= MAX_CUTS;
            // Shorter than what was cut, by more than the cut may vary.
            self.longest = Some(exchange.took() / 4 * 3);
            return true;
        }
        if matches!(exchange.outcome, Outcome::Phase { .. }) {
            self.cuts = 0;
        }
        false
    }

    /// Returns whether the service kept the poll open until something changed, so that it does so
    /// again.
    pub(super) fn brought_change(&mut self, policy: &WatchPolicy, exchange: &Exchange) -> bool {
        let Outcome::Phase {
            digest: Some(digest),
            ..
        } = exchange.outcome
        else {
            return false;
        };
        let is_other = self.digest.replace(digest) != Some(digest);
        if exchange.took() >= policy.pace.first {
            self.hasty = 0;
        } else {
            self.hasty = self.hasty.saturating_add(1);
        }
        // One that answers at once whatever happens would otherwise be polled without a pause.
        exchange.long_poll.is_some() && is_other && self.hasty <= MAX_HASTY
    }
}

impl Exchange {
    /// Returns whether the service did keep a long poll open. Half of the time will do: services round,
    /// and one that offers no long polls answers far sooner.
    pub(super) fn stayed_open(&self) -> bool {
        let answered = matches!(self.outcome, Outcome::Phase { .. });
        answered && self.long_poll.is_some_and(|open| self.took() >= open / 2)
    }

    /// Returns whether something on the way cut a long poll: the connection was open for a good part of
    /// the time, and then went without a word. It shows nothing, and nothing is wrong.
    fn was_cut(&self, policy: &WatchPolicy) -> bool {
        let Outcome::Fault(Fault::Transient { retry_after: None }) = self.outcome else {
            return false;
        };
        let lasted = self.took() >= policy.pace.first;
        lasted && self.long_poll.is_some_and(|open| self.took() >= open / 4)
    }
}
