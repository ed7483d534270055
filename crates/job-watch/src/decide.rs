//! The rules of waiting as pure functions: the loop in `watch` only carries out what they say.

use std::time::Duration;

use crate::{Fault, Phase, WatchPolicy};

/// Says what to do after a look, and what to remember for the next decision.
///
/// `draw` is a random number from 0 to 1, used for jitter.
pub(crate) fn decide(
    policy: &WatchPolicy,
    before: PollState,
    look: &Look,
    draw: f64,
) -> (PollState, Step) {
    let mut state = PollState {
        polls: before.polls.saturating_add(1),
        ..before
    };
    let hint = match look.told {
        Told::Phase { phase, retry_after } => {
            state.faults = 0;
            state.undecided_since = match phase {
                Phase::Undecided => Some(before.undecided_since.unwrap_or(look.answered)),
                _ => None,
            };
            match phase {
                Phase::Succeeded => return (state, Step::Succeeded),
                Phase::Undecided if state.grace_left(policy, look.answered).is_some() => {}
                Phase::Undecided | Phase::Failed | Phase::Expired | Phase::Canceled => {
                    return (state, Step::Ended);
                }
                Phase::Waiting | Phase::Running | Phase::Unknown => {}
            }
            retry_after
        }
        Told::Fault(fault) => {
            state.faults = before.faults.saturating_add(1);
            match fault {
                Fault::Passing { retry_after } if state.faults <= policy.tolerance.in_a_row => {
                    retry_after
                }
                Fault::Passing { .. } | Fault::Lasting => return (state, Step::Broken),
            }
        }
    };

    let left = policy.deadline.saturating_sub(look.answered);
    if left.is_zero() {
        return (state, Step::TimedOut);
    }
    let pause = match hint {
        Some(hint) => policy.pace.honour(hint, draw),
        None => paced(policy, &mut state, look, draw),
    };
    // A remainder too short for another pause joins this one: the last look is at the deadline.
    let last = left <= pause.saturating_add(policy.pace.first);
    (
        state,
        Step::Again {
            pause: if last { left } else { pause },
        },
    )
}

/// The pause by our own pace.
fn paced(policy: &WatchPolicy, state: &mut PollState, look: &Look, draw: f64) -> Duration {
    if look.was_held() {
        state.grown = 0;
        return policy.pace.first.saturating_sub(look.took());
    }
    let pause = policy.pace.pause(state.grown, draw);
    state.grown = state.grown.saturating_add(1);
    // A failure must be noticed when the grace ends, not a pause later.
    state
        .grace_left(policy, look.answered)
        .map_or(pause, |left| pause.min(left))
}

/// How long to ask the source to hold its answer, if at all.
pub(crate) fn hold(
    policy: &WatchPolicy,
    offered: Option<Duration>,
    waited: Duration,
) -> Option<Duration> {
    let left = policy.deadline.saturating_sub(waited);
    offered
        .map(|offered| offered.min(policy.hold).min(left))
        .filter(|hold| !hold.is_zero())
}

/// What is remembered from look to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PollState {
    /// Looks taken.
    pub(crate) polls: u32,
    /// Failed looks in a row.
    pub(crate) faults: u32,
    /// Steps of growth that the pace has taken.
    pub(crate) grown: u32,
    /// When the work was first seen undecided, with no other phase since.
    pub(crate) undecided_since: Option<Duration>,
}

impl PollState {
    /// What is left of the grace period, where one is running.
    fn grace_left(&self, policy: &WatchPolicy, now: Duration) -> Option<Duration> {
        let end = self.undecided_since?.saturating_add(policy.grace);
        Some(end.saturating_sub(now)).filter(|left| !left.is_zero())
    }
}

/// One look without its payload; times count from the start of the watch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) asked: Duration,
    pub(crate) answered: Duration,
    pub(crate) hold: Option<Duration>,
    pub(crate) told: Told,
}

impl Look {
    fn took(&self) -> Duration {
        self.answered.saturating_sub(self.asked)
    }

    /// Whether the source did hold its answer back. Half of the asked time will do: services round,
    /// and one that ignores the wish answers far sooner.
    fn was_held(&self) -> bool {
        let answered = matches!(self.told, Told::Phase { .. });
        answered && self.hold.is_some_and(|hold| self.took() >= hold / 2)
    }
}

/// What a look was told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told {
    Phase {
        phase: Phase,
        retry_after: Option<Duration>,
    },
    Fault(Fault),
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Look again after a pause.
    Again { pause: Duration },
    /// Hand over the result.
    Succeeded,
    /// The work is over and has no result.
    Ended,
    /// Looking does not work.
    Broken,
    /// Time is up.
    TimedOut,
}

#[cfg(test)]
mod tests;
