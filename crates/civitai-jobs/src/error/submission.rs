//! Submissions that got no clear answer, and what a search made of them.

use std::error::Error as StdError;
use std::fmt;

use super::{Doing, Error, Kind, Money, reply};
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
        Self(Box::new(Kind::Unsettled(unsettled)))
    }
}

/// Questions about submissions.
impl Error {
    /// Whether a submission may have been accepted although no usable answer came, and could not be
    /// found either.
    ///
    /// Sending a job again could pay twice. [`Client::find`](crate::Client::find) with
    /// [`client_key`](Self::client_key) tells whether there is a job, and
    /// [`Client::submit_as`](crate::Client::submit_as) sends it only where there is none. A workflow
    /// can be submitted again [under that key](crate::WorkflowSubmission::under).
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        match &*self.0 {
            Kind::Unsettled(unsettled) => matches!(unsettled.end, End::Unknown),
            Kind::Workflow(trouble) => trouble.key().is_some(),
            Kind::Call {
                doing: Doing::SubmittingWorkflow(_),
                source,
                ..
            } => reply::is_unclear(source),
            _ => false,
        }
    }

    /// The key of the submission that failed, under which the service keeps the job if it took it.
    #[must_use]
    pub fn client_key(&self) -> Option<ClientKey> {
        match &*self.0 {
            Kind::Unsettled(Unsettled { key, .. })
            | Kind::Call {
                doing: Doing::Submitting(key) | Doing::SubmittingWorkflow(key),
                ..
            } => Some(*key),
            Kind::Workflow(trouble) => trouble.key(),
            _ => None,
        }
    }

    /// The jobs of a batch that are there although others are not.
    #[must_use]
    pub fn accepted_part(&self) -> Option<&Job> {
        match &*self.0 {
            Kind::Unsettled(Unsettled {
                end: End::Partly { job, .. },
                ..
            }) => Some(job),
            _ => None,
        }
    }

    /// Which jobs of a batch are not there although others are, counted from 0 in the order of the
    /// submission.
    #[must_use]
    pub fn missing_jobs(&self) -> &[usize] {
        match &*self.0 {
            Kind::Unsettled(Unsettled {
                end: End::Partly { missing, .. },
                ..
            }) => missing,
            _ => &[],
        }
    }
}
