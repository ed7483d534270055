//! The rules of waiting as pure functions: the loop in `watch` only carries out what they say.

use std::time::Duration;

pub(crate) use hold::{Holds, hold};
pub(crate) use outlook::{News, Outlook};

use crate::{Fault, Phase, Progress, WatchPolicy};

mod hold;
mod outlook;

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
    let left = policy.deadline.saturating_sub(look.answered);
    // A look that ends so near to the deadline was the last: another would not be over in time.
    let over = left <= before.lead();
    let cut = state.holds.learn(policy, look);
    let is_news = state.holds.brings_news(policy, look);
    let (phase, hint) = match look.told {
        Told::Phase {
            phase,
            ref progress,
            retry_after,
            ..
        } => {
            state.faults = 0;
            state.take_in(policy, look, phase, progress);
            match phase {
                Phase::Succeeded => return (state, Step::Succeeded),
                Phase::Undecided if state.grace_left(policy, look.answered).is_some() => {}
                Phase::Undecided | Phase::Failed | Phase::Expired | Phase::Canceled => {
                    return (state, Step::Ended);
                }
                Phase::Waiting | Phase::Running | Phase::Unknown => {}
            }
            (Some(phase), retry_after)
        }
        Told::Fault(Fault::HoldRefused) if look.hold.is_some() => {
            state.holds.refuse();
            let pause = Duration::ZERO;
            return (
                state,
                if over {
                    Step::TimedOut
                } else {
                    Step::Again { pause }
                },
            );
        }
        Told::Fault(Fault::Missing) if state.may_appear(policy, look.answered) => {
            (Some(Phase::Waiting), None)
        }
        Told::Fault(Fault::Lasting | Fault::HoldRefused | Fault::Missing) => {
            state.faults = before.faults.saturating_add(1);
            return (state, Step::Broken);
        }
        Told::Fault(Fault::Passing { retry_after }) => (None, retry_after),
        Told::Silence => (None, None),
    };
    if over {
        return (state, Step::TimedOut);
    }
    if phase.is_none() && !cut {
        state.faults = before.faults.saturating_add(1);
        if state.faults > policy.tolerance.in_a_row {
            return (state, Step::Broken);
        }
    }

    let pause = match hint {
        Some(hint) => policy.pace.honour(hint, draw),
        // What changes during a pause would be known only with the next change.
        None if is_news => {
            state.grown = 0;
            Duration::ZERO
        }
        None if cut || look.was_held() => {
            state.grown = 0;
            policy.pace.first.saturating_sub(look.took())
        }
        None => paced(policy, &mut state, look, phase, draw),
    };
    // A remainder too short for another pause joins this one: the last look ends at the deadline.
    let lead = state.lead();
    if left <= pause.saturating_add(policy.pace.first).saturating_add(lead) {
        let pause = left.saturating_sub(lead);
        return (state, Step::Again { pause });
    }
    (state, Step::Again { pause })
}

/// The pause by what is known of the work, or else by our own pace.
fn paced(
    policy: &WatchPolicy,
    state: &mut PollState,
    look: &Look,
    phase: Option<Phase>,
    draw: f64,
) -> Duration {
    if let Some(news) = phase.and_then(|phase| state.outlook.next(look.answered, phase)) {
        // When the news does not come as foretold, it is looked for as closely as at first.
        state.grown = 0;
        return policy.pace.toward(news, draw);
    }
    let pause = policy.pace.pause(state.grown, draw);
    state.grown = state.grown.saturating_add(1);
    // A failure must be noticed when the grace ends, not a pause later.
    state
        .grace_left(policy, look.answered)
        .map_or(pause, |left| pause.min(left))
}

/// The time that a look is given: none goes on for long after the deadline.
pub(crate) fn limit(policy: &WatchPolicy, hold: Option<Duration>, waited: Duration) -> Duration {
    let left = policy
        .deadline
        .saturating_sub(waited)
        .saturating_add(OVERRUN);
    let patience = policy.patience.saturating_add(hold.unwrap_or_default());
    patience.min(left)
}

/// How far the last look may run past the deadline.
pub(crate) const OVERRUN: Duration = Duration::from_millis(40);
/// How early the last look begins, at most.
const LONGEST_LEAD: Duration = Duration::from_secs(5);

/// What is remembered from look to look.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PollState {
    /// Looks taken.
    pub(crate) polls: u32,
    /// Failed looks in a row.
    pub(crate) faults: u32,
    /// Steps of growth that the pace has taken.
    pub(crate) grown: u32,
    /// When the work was first seen undecided, with no other phase since.
    pub(crate) undecided_since: Option<Duration>,
    /// When the work was first missing, with nothing seen of it so far.
    pub(crate) missing_since: Option<Duration>,
    /// Whether anything was seen of the work.
    pub(crate) was_seen: bool,
    /// When news is due.
    pub(crate) outlook: Outlook,
    /// What is known of the holds of the source.
    pub(crate) holds: Holds,
    /// The longest that an answer took beyond its hold.
    pub(crate) slowest: Duration,
}

impl PollState {
    fn take_in(&mut self, policy: &WatchPolicy, look: &Look, phase: Phase, told: &Progress) {
        let now = look.answered;
        (self.was_seen, self.missing_since) = (true, None);
        self.undecided_since = match phase {
            Phase::Undecided => Some(self.undecided_since.unwrap_or(now)),
            _ => None,
        };
        self.outlook = self.outlook.seen(now, phase, told, policy.expected);
        let own = look.took().saturating_sub(look.hold.unwrap_or_default());
        self.slowest = self.slowest.max(own);
    }

    /// What is left of the grace period, where one is running.
    fn grace_left(&self, policy: &WatchPolicy, now: Duration) -> Option<Duration> {
        let since = self.undecided_since.or(self.missing_since)?;
        let end = since.saturating_add(policy.grace);
        Some(end.saturating_sub(now)).filter(|left| !left.is_zero())
    }

    /// Whether work that is missing may only be too fresh to be found.
    fn may_appear(&mut self, policy: &WatchPolicy, now: Duration) -> bool {
        if self.was_seen {
            return false;
        }
        self.missing_since = Some(self.missing_since.unwrap_or(now));
        self.grace_left(policy, now).is_some()
    }

    /// How long before the deadline the last look begins, so that it is over by then.
    fn lead(&self) -> Duration {
        // A quarter more than the slowest took.
        let lead = self.slowest.saturating_add(self.slowest / 4);
        lead.min(LONGEST_LEAD)
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
}

/// What a look was told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told {
    Phase {
        phase: Phase,
        progress: Progress,
        retry_after: Option<Duration>,
        /// What was seen, as a number, where the answer was to come at the first change.
        digest: Option<u64>,
    },
    Fault(Fault),
    /// Nothing, in all the time that the look was given.
    Silence,
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
