//! Submissions that got no clear answer, and what a search made of them.

use std::error::Error as StdError;
use std::fmt;

use super::{Error, Money, reply};
use crate::{ClientKey, Job};

/// A submission without a clear answer that did not give its jobs in the end.
pub(crate) struct Unsettled {
    pub(super) key: ClientKey,
    pub(super) end: End,
    /// What came in place of a clear answer, where it was no reply of the service's own.
    pub(super) answer: Option<civitai_api::Error>,
    /// Why the service could not be asked what became of it.
    search: Option<Error>,
}

/// What is known in the end.
pub(super) enum End {
    NotAccepted,
    Unknown,
    Partly { job: Job, missing: Vec<usize> },
}

impl Unsettled {
    pub(crate) fn not_accepted(key: ClientKey, answer: Option<civitai_api::Error>) -> Self {
        Self {
            key,
            end: End::NotAccepted,
            answer,
            search: None,
        }
    }

    pub(crate) fn unknown(
        key: ClientKey,
        answer: Option<civitai_api::Error>,
        search: Option<Error>,
    ) -> Self {
        Self {
            key,
            end: End::Unknown,
            answer,
            search,
        }
    }

    pub(crate) fn partly(
        key: ClientKey,
        answer: Option<civitai_api::Error>,
        job: Job,
        missing: Vec<usize>,
    ) -> Self {
        Self {
            key,
            end: End::Partly { job, missing },
            answer,
            search: None,
        }
    }

    /// Only what is known not to be there may be sent again, and only where the trouble may pass.
    pub(super) fn is_retryable(&self) -> bool {
        let passing = self.answer.as_ref().is_none_or(reply::is_passing);
        matches!(self.end, End::NotAccepted) && passing
    }

    pub(super) fn money(&self) -> Money {
        match self.end {
            End::NotAccepted => Money::Untouched,
            End::Unknown => Money::Unknown,
            End::Partly { .. } => Money::Spent,
        }
    }

    /// What is behind it: the answer, or else the search, which came later.
    pub(super) fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match (&self.answer, &self.search) {
            (Some(answer), _) => Some(answer),
            (None, Some(search)) => Some(search),
            (None, None) => None,
        }
    }
}

impl fmt::Display for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key;
        match &self.end {
            End::NotAccepted => write!(
                f,
                "the job was not accepted: the answer was unclear, and the service knows of no job \
                 with the client key {key}"
            ),
            End::Unknown => write!(
                f,
                "whether the job was accepted is unknown; find it by its client key {key} before \
                 sending it again"
            ),
            End::Partly { job, missing } => {
                let (accepted, missing) = (job.ids().len(), missing.len());
                write!(
                    f,
                    "only a part of the batch was accepted: {accepted} jobs are there and {missing} \
                     are not; they are found by the client key {key}"
                )
            }
        }
    }
}

impl From<Unsettled> for Error {
    fn from(unsettled: Unsettled) -> Self {
        Self(Box::new(super::Kind::Unsettled(unsettled)))
    }
}
