//! What is remembered from poll to poll.

use std::time::Duration;

use super::{Exchange, LongPolls, Outlook, Timeline, pause};
use crate::estimates::{Estimate, Learned};
use crate::{Phase, Progress, WatchPolicy};

/// How early before the deadline the last poll begins, at most.
const MAX_LEAD: Duration = Duration::from_secs(5);

/// What is remembered from poll to poll.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PollState {
    /// Polls made.
    pub(crate) polls: u32,
    /// Failed polls in a row.
    pub(crate) faults: u32,
    /// Steps of growth that the pace has taken.
    pub(crate) grown: u32,
    /// When the job was first undecided, with no other phase since.
    pub(crate) undecided_since: Option<Duration>,
    /// When the job was first missing, without having been found so far.
    pub(crate) missing_since: Option<Duration>,
    /// Whether any poll has found the job.
    pub(crate) was_found: bool,
    /// When the job should begin and end.
    pub(crate) outlook: Outlook,
    /// What polls have shown of when it did.
    pub(crate) timeline: Timeline,
    /// What is learned of jobs of its kind.
    pub(crate) learned: Learned,
    /// What is known of the long polls of the source.
    pub(crate) long_polls: LongPolls,
    /// The longest that an answer took, the time of a long poll not counted.
    pub(crate) slowest: Duration,
}

impl PollState {
    /// Takes in a poll that found the job.
    pub(super) fn update(
        &mut self,
        policy: &WatchPolicy,
        exchange: &Exchange,
        phase: Phase,
        progress: &Progress,
    ) {
        let now = exchange.answered;
        (self.was_found, self.missing_since) = (true, None);
        self.undecided_since = match phase {
            Phase::Undecided => Some(self.undecided_since.unwrap_or(now)),
            _ => None,
        };
        self.timeline.update(exchange, phase, progress);
        self.outlook = self.outlook.update(now, phase, progress, policy.expected);
        let end = self.timeline.end(now, &self.learned);
        self.outlook
            .learn(end.map(|end| pause::window(&policy.pace, end)));
        let open = exchange.long_poll.unwrap_or_default();
        self.slowest = self.slowest.max(exchange.took().saturating_sub(open));
    }

    /// Returns the pause by what is known of the job, or else by the pace alone.
    pub(super) fn pause(
        &mut self,
        policy: &WatchPolicy,
        exchange: &Exchange,
        phase: Option<Phase>,
        draw: f64,
    ) -> Duration {
        let now = exchange.answered;
        if let Some(milestone) = phase.and_then(|phase| self.outlook.next(now, phase)) {
            // When it does not come as expected, polls are as close together as at first.
            self.grown = 0;
            return pause::toward(&policy.pace, milestone, now, draw);
        }
        let pause = policy.pace.pause(self.grown, draw);
        self.grown = self.grown.saturating_add(1);
        // A failure must be noticed when the grace ends, not a pause later.
        self.grace_left(policy, now)
            .map_or(pause, |left| pause.min(left))
    }

    /// Returns how long the next poll may stay open, or `None` for a plain poll; `offered` is what the
    /// service offers at most.
    pub(crate) fn long_poll(
        &self,
        policy: &WatchPolicy,
        offered: Option<Duration>,
        elapsed: Duration,
    ) -> Option<Duration> {
        let longest = self.long_polls.longest()?;
        // The answer takes its time on top, and has to be there at the deadline.
        let left = policy.deadline.saturating_sub(elapsed);
        let left = left.saturating_sub(self.lead());
        let wanted = policy.long_poll_limit().min(longest).min(left);
        offered
            .map(|offered| offered.min(wanted))
            .filter(|open| !open.is_zero())
    }

    /// Adds the length of a job whose end `last` has shown to what is learned of its kind.
    pub(crate) fn teach(&self, estimate: &Estimate, policy: &WatchPolicy, last: &Exchange) {
        if let Some((total, run)) = self.timeline.lengths(last, policy.pace.first) {
            estimate.add(total, run);
        }
    }

    /// Returns what is left of the grace period, where one is running.
    pub(super) fn grace_left(&self, policy: &WatchPolicy, now: Duration) -> Option<Duration> {
        let since = self.undecided_since.or(self.missing_since)?;
        let end = since.saturating_add(policy.grace);
        Some(end.saturating_sub(now)).filter(|left| !left.is_zero())
    }

    /// Returns whether a job that is missing may be too new to be listed.
    pub(super) fn may_appear(&mut self, policy: &WatchPolicy, now: Duration) -> bool {
        if self.was_found {
            return false;
        }
        self.missing_since = Some(self.missing_since.unwrap_or(now));
        self.grace_left(policy, now).is_some()
    }

    /// Returns how long before the deadline the last poll begins, so that it is over by then.
    pub(super) fn lead(&self) -> Duration {
        // A quarter more than the slowest took.
        let lead = self.slowest.saturating_add(self.slowest / 4);
        lead.min(MAX_LEAD)
    }
}
