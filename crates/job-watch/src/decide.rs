//! The rules of watching as pure functions: the loop in `watch` only carries out what they say.

use std::time::Duration;

pub(crate) use long_poll::LongPolls;
pub(crate) use outlook::Outlook;
pub(crate) use state::PollState;
pub(crate) use timeline::Timeline;

use crate::{Fault, Phase, Progress, WatchPolicy};

mod long_poll;
mod outlook;
mod pause;
mod state;
mod timeline;

/// Returns what to do after a poll, and what to remember for the next decision.
///
/// `draw` is a random number from 0 to 1, used for jitter.
pub(crate) fn decide(
    policy: &WatchPolicy,
    before: PollState,
    exchange: &Exchange,
    draw: f64,
) -> (PollState, Step) {
    let mut state = PollState {
        polls: before.polls.saturating_add(1),
        ..before
    };
    let left = policy.deadline.saturating_sub(exchange.answered);
    // A poll that ends so near to the deadline was the last: another would not be over in time.
    let over = left <= before.lead();
    let cut = state.long_polls.learn(policy, exchange);
    let changed = state.long_polls.brought_change(policy, exchange);
    let (phase, hint) = match exchange.outcome {
        Outcome::Phase {
            phase,
            ref progress,
            retry_after,
            ..
        } => {
            state.faults = 0;
            state.update(policy, exchange, phase, progress);
            match phase {
                Phase::Succeeded => return (state, Step::Succeeded),
                Phase::Undecided if state.grace_left(policy, exchange.answered).is_some() => {}
                Phase::Undecided | Phase::Failed | Phase::Expired | Phase::Canceled => {
                    return (state, Step::Ended);
                }
                Phase::Queued | Phase::Running | Phase::Unknown => {}
            }
            (Some(phase), retry_after)
        }
        Outcome::Fault(Fault::LongPollRefused) if exchange.long_poll.is_some() => {
            state.long_polls.refuse();
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
        Outcome::Fault(Fault::Missing) if state.may_appear(policy, exchange.answered) => {
            (Some(Phase::Queued), None)
        }
        Outcome::Fault(Fault::Permanent | Fault::LongPollRefused | Fault::Missing) => {
            state.faults = before.faults.saturating_add(1);
            return (state, Step::GiveUp);
        }
        Outcome::Fault(Fault::Transient { retry_after }) => (None, retry_after),
        Outcome::NoAnswer => (None, None),
    };
    if over {
        return (state, Step::TimedOut);
    }
    if phase.is_none() && !cut {
        state.faults = before.faults.saturating_add(1);
        if state.faults > policy.tolerance.in_a_row {
            return (state, Step::GiveUp);
        }
    }

    let pause = match hint {
        Some(hint) => pause::after_hint(&policy.pace, hint, draw),
        // What changes during a pause would be known only with the next change.
        None if changed => {
            state.grown = 0;
            Duration::ZERO
        }
        None if cut || exchange.stayed_open() => {
            state.grown = 0;
            policy.pace.first.saturating_sub(exchange.took())
        }
        None => state.pause(policy, exchange, phase, draw),
    };
    // A remainder too short for another pause joins this one: the last poll ends at the deadline.
    let lead = state.lead();
    if left <= pause.saturating_add(policy.pace.first).saturating_add(lead) {
        let pause = left.saturating_sub(lead);
        return (state, Step::Again { pause });
    }
    (state, Step::Again { pause })
}

/// Returns the time that a poll may take: none goes on for long after the deadline.
pub(crate) fn time_limit(
    policy: &WatchPolicy,
    long_poll: Option<Duration>,
    elapsed: Duration,
) -> Duration {
    let left = policy
        .deadline
        .saturating_sub(elapsed)
        .saturating_add(OVERRUN);
    let limit = policy
        .poll_timeout
        .saturating_add(long_poll.unwrap_or_default());
    limit.min(left)
}

/// How far the last poll may run past the deadline.
pub(crate) const OVERRUN: Duration = Duration::from_millis(40);

/// One poll without its payload; times count from the start of the watch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    pub(crate) asked: Duration,
    pub(crate) answered: Duration,
    /// How long the service was to keep it open at most, where it was a long poll.
    pub(crate) long_poll: Option<Duration>,
    pub(crate) outcome: Outcome,
}

impl Exchange {
    fn took(&self) -> Duration {
        self.answered.saturating_sub(self.asked)
    }
}

/// What came of a poll.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Phase {
        phase: Phase,
        progress: Progress,
        retry_after: Option<Duration>,
        /// The digest of what was shown, where the answer was to come at the first change.
        digest: Option<u64>,
    },
    Fault(Fault),
    /// Nothing, in all the time that the poll was given.
    NoAnswer,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Poll again after a pause.
    Again { pause: Duration },
    /// Hand over the result.
    Succeeded,
    /// The job is over and has no result.
    Ended,
    /// Polling does not work.
    GiveUp,
    /// Time is up.
    TimedOut,
}

#[cfg(test)]
mod tests;
