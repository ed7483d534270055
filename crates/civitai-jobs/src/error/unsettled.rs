//! Submissions without a clear answer: what is known of the work in the end.

use std::error::Error as StdError;
use std::fmt;

use super::{Error, Kind, Money, reply};
use crate::{ClientKey, JobId, Token};

/// A submission that did not give its work in the end.
pub(crate) struct Unsettled {
    pub(super) key: ClientKey,
    pub(super) work: Work,
    pub(super) end: End,
    /// What came in place of a clear answer, where it was no reply of the service's own.
    answer: Option<civitai_api::Error>,
    /// Why the service could not be asked what became of it, or what came last.
    cause: Option<Error>,
}

/// What was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Batch,
    /// Its key is the service's own, so that it may be submitted again.
    Workflow,
}

/// What is known in the end.
pub(super) enum End {
    NotAccepted,
    Unknown,
    Partly {
        token: Token,
        ids: Vec<JobId>,
        missing: Vec<usize>,
    },
}

impl Unsettled {
    fn new(key: ClientKey, work: Work, end: End, answer: Option<civitai_api::Error>) -> Self {
        Self {
            key,
            work,
            end,
            answer,
            cause: None,
        }
    }

    pub(crate) fn not_accepted(key: ClientKey, answer: Option<civitai_api::Error>) -> Self {
        Self::new(key, Work::Batch, End::NotAccepted, answer)
    }

    pub(crate) fn unknown(
        key: ClientKey,
        work: Work,
        answer: Option<civitai_api::Error>,
        cause: Option<Error>,
    ) -> Self {
        Self {
            cause,
            ..Self::new(key, work, End::Unknown, answer)
        }
    }

    pub(crate) fn partly(
        key: ClientKey,
        answer: Option<civitai_api::Error>,
        ids: Vec<JobId>,
        missing: Vec<usize>,
    ) -> Self {
        let token = key.into();
        let end = End::Partly {
            token,
            ids,
            missing,
        };
        Self::new(key, Work::Batch, end, answer)
    }

    /// Whether it may be sent again: what is known not to be there, or what the service recognises;
    /// and only where the trouble may pass.
    pub(super) fn is_retryable(&self) -> bool {
        match (&self.end, self.work) {
            (End::NotAccepted, _) => self.answer.as_ref().is_none_or(reply::is_passing),
            // One without an id says nothing else; under the same key the service gives it back.
            (End::Unknown, Work::Workflow) => {
                let passing = |error: &Error| error.is_retryable();
                self.cause.as_ref().is_none_or(passing) || self.is_cause_unclear()
            }
            _ => false,
        }
    }

    fn is_cause_unclear(&self) -> bool {
        let api = self.cause.as_ref().and_then(Error::api_error);
        api.is_some_and(reply::is_unclear)
    }

    pub(super) fn money(&self) -> Money {
        match self.end {
            End::NotAccepted => Money::Untouched,
            End::Unknown => Money::Unknown,
            End::Partly { .. } => Money::Spent,
        }
    }

    /// The answer in place of a clear one.
    pub(super) fn api(&self) -> Option<&civitai_api::Error> {
        let cause = || self.cause.as_ref().and_then(Error::api_error);
        match self.work {
            Work::Batch => self.answer.as_ref(),
            Work::Workflow => cause(),
        }
    }

    /// What is behind it: the answer, or else the search, which came later.
    pub(super) fn below(&self) -> Option<&(dyn StdError + 'static)> {
        match (&self.answer, &self.cause) {
            (Some(answer), _) => Some(answer),
            (None, Some(cause)) => Some(cause),
            (None, None) => None,
        }
    }
}

impl fmt::Display for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key;
        match (&self.end, self.work) {
            (End::NotAccepted, _) => write!(
                f,
                "the job was not accepted: the answer was unclear, and the service knows of no job \
                 with the client key {key}"
            ),
            (End::Unknown, Work::Batch) => write!(
                f,
                "whether the job was accepted is unknown; find it by its client key {key} before \
                 sending it again"
            ),
            (End::Unknown, Work::Workflow) => write!(
                f,
                "whether the workflow was accepted is unknown; submit it again under its client key \
                 {key}, which runs and pays it once"
            ),
            (End::Partly { ids, missing, .. }, _) => {
                let (accepted, missing) = (ids.len(), missing.len());
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
        Self(Box::new(Kind::Unsettled(unsettled)))
    }
}

/// Questions about submissions.
impl Error {
    /// Returns whether a submission may have been accepted although no usable answer came, and could
    /// not be found either.
    ///
    /// Sending a batch again could pay twice, so [`resume`](crate::BatchSubmission::resume) it under
    /// its [`client_key`](Self::client_key): it is sent only where the service has no such jobs. A
    /// workflow is submitted again under that key and runs once.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        let unsettled = self.unsettled();
        unsettled.is_some_and(|unsettled| matches!(unsettled.end, End::Unknown))
    }

    /// Returns the key of the submission that failed, by which the work is found if the service took
    /// it.
    #[must_use]
    pub fn client_key(&self) -> Option<ClientKey> {
        match &*self.0 {
            Kind::Call { purpose, .. } | Kind::Page { purpose, .. } => purpose.key(),
            Kind::Unsettled(unsettled) => Some(unsettled.key),
            _ => None,
        }
    }

    /// Returns the token of a batch of which only a part was accepted. [`Jobs::attach`] gives a handle
    /// of that part.
    ///
    /// [`Jobs::attach`]: crate::Jobs::attach
    #[must_use]
    pub fn accepted_part(&self) -> Option<&Token> {
        match &self.unsettled()?.end {
            End::Partly { token, .. } => Some(token),
            _ => None,
        }
    }

    /// Returns the ids of the jobs that were accepted where others of their batch were not.
    #[must_use]
    pub fn accepted_jobs(&self) -> &[JobId] {
        match self.unsettled().map(|unsettled| &unsettled.end) {
            Some(End::Partly { ids, .. }) => ids,
            _ => &[],
        }
    }

    /// Returns which jobs of a batch were not accepted although others were, counted from 0 in the
    /// order of the submission.
    #[must_use]
    pub fn missing_jobs(&self) -> &[usize] {
        match self.unsettled().map(|unsettled| &unsettled.end) {
            Some(End::Partly { missing, .. }) => missing,
            _ => &[],
        }
    }

    fn unsettled(&self) -> Option<&Unsettled> {
        match &*self.0 {
            Kind::Unsettled(unsettled) => Some(unsettled),
            _ => None,
        }
    }
}
