//! How long to ask the source to hold its answer, and what a hold that went wrong teaches.

use std::time::Duration;

use super::{Look, PollState, Told};
use crate::{Fault, WatchPolicy};

/// Cuts in a row after which a watch asks for no more holds.
const CUTS: u8 = 2;
/// Changes in a row that may come faster than the shortest pause of the pace; a source that answers so
/// more often does not hold its answers.
const HASTY: u8 = 3;

/// What a watch has learned of the holds of its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holds {
    /// The source or something in between will not have them.
    refused: bool,
    /// The longest that lasts, where one was cut.
    longest: Option<Duration>,
    /// Cuts in a row.
    cuts: u8,
    /// What the last look saw whose answer was to come at the first change.
    digest: Option<u64>,
    /// Changes in a row that came faster than the shortest pause.
    hasty: u8,
}

impl Holds {
    pub(super) fn refuse(&mut self) {
        self.refused = true;
    }

    /// Whether the look ended by a cut of its hold, which is then taken in.
    pub(super) fn learn(&mut self, policy: &WatchPolicy, look: &Look) -> bool {
        if look.was_cut(policy) {
            self.cuts = self.cuts.saturating_add(1);
            self.refused |= self.cuts >= CUTS;
            // Shorter than what was cut, by more than the cut may vary.
            self.longest = Some(look.took() / 4 * 3);
            return true;
        }
        if matches!(look.told, Told::Phase { .. }) {
            self.cuts = 0;
        }
        false
    }

    /// Whether the source held its answer until something changed, so that it does so again.
    pub(super) fn brings_news(&mut self, policy: &WatchPolicy, look: &Look) -> bool {
        let Told::Phase {
            digest: Some(digest),
            ..
        } = look.told
        else {
            return false;
        };
        let is_other = self.digest.replace(digest) != Some(digest);
        if look.took() >= policy.pace.first {
            self.hasty = 0;
        } else {
            self.hasty = self.hasty.saturating_add(1);
        }
        // One that answers at once whatever happens would otherwise be asked without a pause.
        look.hold.is_some() && is_other && self.hasty <= HASTY
    }
}

/// How long to ask the source to hold its answer, if at all.
pub(crate) fn hold(
    policy: &WatchPolicy,
    state: &PollState,
    offered: Option<Duration>,
    waited: Duration,
) -> Option<Duration> {
    if state.holds.refused {
        return None;
    }
    // The answer takes its time on top, and has to be there at the deadline.
    let left = policy.deadline.saturating_sub(waited);
    let left = left.saturating_sub(state.lead());
    let longest = state.holds.longest.unwrap_or(Duration::MAX);
    offered
        .map(|offered| offered.min(policy.longest_hold()).min(longest).min(left))
        .filter(|hold| !hold.is_zero())
}

impl Look {
    /// Whether the source did hold its answer back. Half of the asked time will do: services round,
    /// and one that ignores the wish answers far sooner.
    pub(super) fn was_held(&self) -> bool {
        let answered = matches!(self.told, Told::Phase { .. });
        answered && self.hold.is_some_and(|hold| self.took() >= hold / 2)
    }

    /// Whether something in between cut a hold: the connection stood for a good part of it, and then
    /// went without a word. Nothing was seen, and nothing is wrong.
    fn was_cut(&self, policy: &WatchPolicy) -> bool {
        let Told::Fault(Fault::Passing { retry_after: None }) = self.told else {
            return false;
        };
        let stood = self.took() >= policy.pace.first;
        stood && self.hold.is_some_and(|hold| self.took() >= hold / 4)
    }
}
