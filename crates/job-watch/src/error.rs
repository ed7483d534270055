//! Why a watch ended without a result.

use std::time::Duration;

use crate::ask::Answer;
use crate::decide::{Look, PollState, Step};
use crate::{Job, Phase};

/// A watch ended without a result.
///
/// Every variant gives the handle back. Only [`Ended`](Self::Ended) says that the work itself is
/// over; after the others it may well go on, and it can be watched again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError<J: Job> {
    /// The deadline passed, and the last look at that time saw no end.
    #[error("job {job} had not ended after {waited:.1?} and {polls} looks")]
    #[non_exhaustive]
    TimedOut {
        /// The handle.
        job: J,
        /// What the latest look that worked saw.
        last: Option<J::Snapshot>,
        /// The time since the watch began.
        waited: Duration,
        /// The number of looks taken.
        polls: u32,
        /// The error of the last look, where it failed.
        source: Option<J::Error>,
    },
    /// The work ended without a result, or stayed undecided for the whole grace period.
    #[error("job {job} ended without a result: {phase}")]
    #[non_exhaustive]
    Ended {
        /// The handle.
        job: J,
        /// How it ended: failed, expired, canceled, or undecided to the end of the grace period.
        phase: Phase,
        /// What the last look saw.
        last: J::Snapshot,
    },
    /// A look failed for good, or one time too often.
    #[error("job {job} could not be looked at ({faults} failed in a row)")]
    #[non_exhaustive]
    Poll {
        /// The handle.
        job: J,
        /// What the latest look that worked saw.
        last: Option<J::Snapshot>,
        /// The number of failed looks in a row.
        faults: u32,
        /// The error of the last look.
        source: J::Error,
    },
    /// Looks were left without an answer one time too often.
    #[error(
        "job {job} could not be looked at: no answer within {limit:.1?} ({faults} failed in a row)"
    )]
    #[non_exhaustive]
    Silent {
        /// The handle.
        job: J,
        /// What the latest look that worked saw.
        last: Option<J::Snapshot>,
        /// The number of failed looks in a row.
        faults: u32,
        /// The time that the last look was given.
        limit: Duration,
    },
    /// The [`Fleet`](crate::Fleet) that looked after the work does so no more.
    #[error("job {job} is watched no more: {why}")]
    #[non_exhaustive]
    Abandoned {
        /// The handle.
        job: J,
        /// What the latest look that worked saw.
        last: Option<J::Snapshot>,
        /// What became of the fleet, in words.
        why: &'static str,
    },
}

impl<J: Job> WatchError<J> {
    /// The handle of the work, to watch it again.
    pub fn job(&self) -> &J {
        match self {
            Self::TimedOut { job, .. }
            | Self::Ended { job, .. }
            | Self::Poll { job, .. }
            | Self::Silent { job, .. }
            | Self::Abandoned { job, .. } => job,
        }
    }

    /// What the latest look that worked saw.
    pub fn last(&self) -> Option<&J::Snapshot> {
        match self {
            Self::Ended { last, .. } => Some(last),
            Self::TimedOut { last, .. }
            | Self::Poll { last, .. }
            | Self::Silent { last, .. }
            | Self::Abandoned { last, .. } => last.as_ref(),
        }
    }

    /// What the last look comes to, when it is one that ends the watch; `before` is what an earlier
    /// one saw.
    pub(crate) fn of(
        job: J,
        step: Step,
        look: &Look,
        answer: Answer<J>,
        before: Option<J::Snapshot>,
        state: &PollState,
    ) -> Self {
        let faults = state.faults;
        match answer {
            answer if step == Step::TimedOut => {
                let (last, source) = match answer {
                    Answer::Seen(seen) => (Some(seen.snapshot), None),
                    Answer::Failed(error) => (before, Some(error)),
                    Answer::Silent(_) => (before, None),
                };
                Self::TimedOut {
                    job,
                    last,
                    waited: look.answered,
                    polls: state.polls,
                    source,
                }
            }
            Answer::Seen(seen) => Self::Ended {
                job,
                phase: seen.phase,
                last: seen.snapshot,
            },
            Answer::Failed(source) => Self::Poll {
                job,
                last: before,
                faults,
                source,
            },
            Answer::Silent(limit) => Self::Silent {
                job,
                last: before,
                faults,
                limit,
            },
        }
    }
}
