//! What a watch reports after a poll.

use std::time::Duration;

use crate::decide::{Exchange, PollState};
use crate::progress::Track;
use crate::{Phase, Polled, Progress};

/// What is new about a job that is watched: `S` is the service's own account, `I` the things that the
/// job makes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[doc(alias = "event")]
pub struct Update<S, I = ()> {
    /// Where the job stands.
    pub phase: Phase,
    /// The service's own account of the job.
    pub snapshot: S,
    /// The time since the watch began.
    pub elapsed: Duration,
    /// The number of polls so far.
    pub polls: u32,
    /// How far the job has come.
    pub progress: Progress,
    /// The items that have finished since the update before. Each comes once in a watch.
    pub new_items: Vec<I>,
}

impl<S, I> Update<S, I> {
    pub(crate) fn new(
        polled: Polled<S, I>,
        exchange: &Exchange,
        state: &PollState,
        track: &mut Track,
    ) -> Self {
        let Polled {
            phase,
            snapshot,
            mut progress,
            items,
            ..
        } = polled;
        let rest = state
            .outlook
            .end()
            .map(|end| end.saturating_sub(exchange.answered));
        progress.ends_in = progress.ends_in.or(rest);
        let (progress, new_items) = track.advance(phase, progress, items);
        Self {
            phase,
            snapshot,
            elapsed: exchange.answered,
            polls: state.polls,
            progress,
            new_items,
        }
    }
}
