//! What the caller of a watch is told after a look.

use std::time::Duration;

use crate::decide::{Look, PollState};
use crate::progress::Track;
use crate::{Phase, Progress, Seen};

/// News of a job that is being watched.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Update<S> {
    /// Where the work stands.
    pub phase: Phase,
    /// The service's own account of it.
    pub snapshot: S,
    /// The time since the watch began.
    pub waited: Duration,
    /// The number of looks taken.
    pub polls: u32,
    /// How far the work has come.
    pub progress: Progress,
    /// The items that have finished since the update before, by the numbers that the source gives
    /// them; each comes once.
    pub new_items: Vec<u64>,
}

impl<S> Update<S> {
    pub(crate) fn new(seen: Seen<S>, look: &Look, state: &PollState, track: &mut Track) -> Self {
        let Seen {
            phase,
            snapshot,
            mut progress,
            finished,
            ..
        } = seen;
        let outlook = state
            .outlook
            .ends
            .map(|end| end.saturating_sub(look.answered));
        progress.ends_in = progress.ends_in.or(outlook);
        let (progress, new_items) = track.news(phase, progress, finished);
        Self {
            phase,
            snapshot,
            waited: look.answered,
            polls: state.polls,
            progress,
            new_items,
        }
    }
}
