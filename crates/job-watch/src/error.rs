//! Why a watch ended without a result.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::decide::{Exchange, PollState, Step};
use crate::poll::Answer;
use crate::{Phase, Pollable};

/// Why a watch ended without a result.
///
/// Every variant gives the handle back. Only [`Ended`](Self::Ended) says that the job itself is over;
/// after the others it may go on, and it can be watched again.
#[non_exhaustive]
pub enum WatchError<P: Pollable> {
    /// The deadline passed, and the last poll showed no end.
    #[non_exhaustive]
    #[doc(alias = "timeout")]
    TimedOut {
        /// The handle.
        job: P,
        /// What the latest successful poll showed.
        last: Option<P::Snapshot>,
        /// The time since the watch began.
        elapsed: Duration,
        /// The number of polls.
        polls: u32,
        /// The error of the last poll, where it failed.
        source: Option<P::Error>,
    },
    /// The job ended without a result, or stayed undecided for the whole grace period.
    #[non_exhaustive]
    Ended {
        /// The handle.
        job: P,
        /// How it ended: failed, expired, canceled, or undecided to the end of the grace period.
        phase: Phase,
        /// Why, as [`Pollable::reason`] tells it.
        reason: Option<String>,
        /// What the last poll showed.
        last: P::Snapshot,
    },
    /// A poll failed for good, or more polls in a row failed than the tolerance allows.
    #[non_exhaustive]
    Poll {
        /// The handle.
        job: P,
        /// What the latest successful poll showed.
        last: Option<P::Snapshot>,
        /// The number of failed polls in a row.
        faults: u32,
        /// The error of the last poll.
        source: P::Error,
    },
    /// The last poll got no answer in time, and more polls in a row failed than the tolerance allows.
    #[non_exhaustive]
    NoAnswer {
        /// The handle.
        job: P,
        /// What the latest successful poll showed.
        last: Option<P::Snapshot>,
        /// The number of failed polls in a row.
        faults: u32,
        /// The time that the last poll was given.
        limit: Duration,
    },
    /// The [`Fleet`](crate::Fleet) of the watch stopped.
    #[non_exhaustive]
    Abandoned {
        /// The handle.
        job: P,
        /// What the latest successful poll showed.
        last: Option<P::Snapshot>,
        /// What stopped the fleet, in words.
        reason: &'static str,
    },
    /// The watch had ended before, and its error was returned then: `next` returned it, and the watch
    /// was awaited after that.
    #[non_exhaustive]
    Over {
        /// The handle.
        job: P,
        /// What the latest successful poll showed.
        last: Option<P::Snapshot>,
        /// The message of the error that ended the watch, and those of its causes.
        reason: String,
    },
}

/// One line: which job, what became of it, and why.
impl<P: Pollable> fmt::Display for WatchError<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut {
                job,
                elapsed,
                polls,
                ..
            } => write!(
                f,
                "job {job} had not ended after {elapsed:.1?} (number of polls: {polls})"
            )?,
            Self::Ended {
                job, phase, reason, ..
            } => {
                write!(f, "job {job} ended without a result ({phase})")?;
                if let Some(reason) = reason {
                    write!(f, ": {reason}")?;
                }
            }
            Self::Poll { job, faults, .. } => {
                write!(
                    f,
                    "job {job} could not be polled (failures in a row: {faults})"
                )?;
            }
            Self::NoAnswer {
                job, faults, limit, ..
            } => write!(
                f,
                "job {job} could not be polled: no answer within {limit:.1?} (failures in a row: \
                 {faults})"
            )?,
            Self::Abandoned { job, reason, .. } => {
                write!(f, "job {job} is no longer watched: {reason}")?;
            }
            Self::Over { job, reason, .. } => write!(
                f,
                "job {job} is no longer watched; the watch ended with this error: {reason}"
            )?,
        }
        match self.cause() {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

/// The message and all sources, in one line, for a `main` that returns the error.
impl<P: Pollable> fmt::Debug for WatchError<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain())
    }
}

impl<P: Pollable> Error for WatchError<P> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // The message has the error of the poll in it.
        self.cause()?.source()
    }
}

impl<P: Pollable> WatchError<P> {
    /// Returns the handle of the job, to watch it again.
    pub fn job(&self) -> &P {
        match self {
            Self::TimedOut { job, .. }
            | Self::Ended { job, .. }
            | Self::Poll { job, .. }
            | Self::NoAnswer { job, .. }
            | Self::Abandoned { job, .. }
            | Self::Over { job, .. } => job,
        }
    }

    /// Returns what the latest successful poll showed.
    pub fn last(&self) -> Option<&P::Snapshot> {
        match self {
            Self::Ended { last, .. } => Some(last),
            Self::TimedOut { last, .. }
            | Self::Poll { last, .. }
            | Self::NoAnswer { last, .. }
            | Self::Abandoned { last, .. }
            | Self::Over { last, .. } => last.as_ref(),
        }
    }

    /// Returns the error for a last poll that ends the watch; `before` is what an earlier poll showed.
    pub(crate) fn of(
        job: P,
        step: Step,
        exchange: &Exchange,
        answer: Answer<P>,
        before: Option<P::Snapshot>,
        state: &PollState,
    ) -> Self {
        let faults = state.faults;
        match answer {
            answer if step == Step::TimedOut => {
                let (last, source) = match answer {
                    Answer::Polled(polled) => (Some(polled.snapshot), None),
                    Answer::Failed(error) => (before, Some(error)),
                    Answer::None(_) => (before, None),
                };
                Self::TimedOut {
                    job,
                    last,
                    elapsed: exchange.answered,
                    polls: state.polls,
                    source,
                }
            }
            Answer::Polled(polled) => Self::Ended {
                reason: job.reason(&polled.snapshot),
                job,
                phase: polled.phase,
                last: polled.snapshot,
            },
            Answer::Failed(source) => Self::Poll {
                job,
                last: before,
                faults,
                source,
            },
            Answer::None(limit) => Self::NoAnswer {
                job,
                last: before,
                faults,
                limit,
            },
        }
    }

    /// The error of the last poll, where that is why the watch ended.
    fn cause(&self) -> Option<&P::Error> {
        match self {
            Self::Poll { source, .. } => Some(source),
            Self::TimedOut { source, .. } => source.as_ref(),
            _ => None,
        }
    }

    /// Returns the messages of the error and of its causes, as one text.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = Error::source(self);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}
