//! The one error of this crate. Callers ask it questions, so that its kinds may grow.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::StatusCode;

pub(crate) use doing::Doing;
pub use fields::{FieldProblems, Problem};
pub(crate) use submission::Unsettled;
pub(crate) use transfer::Transfer;
pub(crate) use workflow::WorkflowTrouble;

use crate::SavedFile;

mod doing;
mod fields;
mod moderation;
pub(crate) mod proxy;
mod questions;
pub(crate) mod reply;
mod show;
mod submission;
mod transfer;
mod workflow;

/// Why something did not work.
///
/// The message speaks for this layer alone; [`source`](StdError::source) gives the next one.
pub struct Error(Box<Kind>);

enum Kind {
    /// The request is wrong; nothing was sent.
    Fields(FieldProblems),
    /// The client cannot be made.
    Setup {
        what: &'static str,
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// A call to the service failed.
    Call {
        doing: Doing,
        source: civitai_api::Error,
        fields: FieldProblems,
    },
    /// A submission got no clear answer and did not give its jobs in the end.
    Unsettled(Unsettled),
    /// A web page came where a success has no body that would tell.
    Page { doing: Doing, status: StatusCode },
    /// A reply tells of a job and does not say of which.
    UnnamedJob,
    /// The pages of a search do not come to an end.
    EndlessSearch,
    /// Something that only workflows know.
    Workflow(WorkflowTrouble),
    /// A file could not be fetched or stored.
    Transfer(Transfer),
    /// Some files of several could not be saved.
    Save {
        saved: Vec<SavedFile>,
        wanted: usize,
        source: Error,
    },
}

/// What is known about the money behind an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Money {
    /// Nothing was accepted by this call, so nothing was paid.
    Untouched,
    /// The work was accepted and paid for before this error; fetching its result costs nothing.
    Spent,
    /// Nobody knows yet: the answer was lost. Find out before sending anything again.
    Unknown,
}

impl Error {
    pub(crate) fn setup(
        what: &'static str,
        source: impl Into<Option<Box<dyn StdError + Send + Sync>>>,
    ) -> Self {
        let source = source.into();
        Self(Box::new(Kind::Setup { what, source }))
    }

    pub(crate) fn call(doing: Doing, source: civitai_api::Error) -> Self {
        let fields = reply::field_problems(&source);
        Self(Box::new(Kind::Call {
            doing,
            source,
            fields,
        }))
    }

    pub(crate) fn page(doing: Doing, status: StatusCode) -> Self {
        Self(Box::new(Kind::Page { doing, status }))
    }

    pub(crate) fn unnamed_job() -> Self {
        Self(Box::new(Kind::UnnamedJob))
    }

    pub(crate) fn endless_search() -> Self {
        Self(Box::new(Kind::EndlessSearch))
    }

    pub(crate) fn save(saved: Vec<SavedFile>, wanted: usize, source: Error) -> Self {
        Self(Box::new(Kind::Save {
            saved,
            wanted,
            source,
        }))
    }

    /// Whether the same call may work later and costs nothing twice.
    ///
    /// Never true of a job whose submission has an unknown outcome. True of a workflow in that case:
    /// submitted again under the same [key](Self::client_key), it runs once.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &*self.0 {
            Kind::Call {
                doing: Doing::SubmittingWorkflow(_),
                source,
                ..
            } => reply::is_unclear(source) || reply::is_passing(source),
            Kind::Call { source, .. } => reply::is_passing(source),
            Kind::Unsettled(unsettled) => unsettled.is_retryable(),
            Kind::Page { .. } => true,
            Kind::Workflow(trouble) => trouble.is_retryable(),
            Kind::Transfer(transfer) => transfer.is_passing(),
            Kind::Save { source, .. } => source.is_retryable(),
            Kind::Fields(_) | Kind::Setup { .. } | Kind::UnnamedJob | Kind::EndlessSearch => false,
        }
    }

    /// How long the service asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &*self.0 {
            Kind::Call { .. } | Kind::Unsettled(_) => self.api().and_then(reply::hint),
            Kind::Workflow(trouble) => trouble.below().and_then(Self::retry_after),
            Kind::Transfer(transfer) => transfer.retry_after(),
            Kind::Save { source, .. } => source.retry_after(),
            _ => None,
        }
    }

    /// The HTTP status, where a reply came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &*self.0 {
            Kind::Call { .. } | Kind::Unsettled(_) => {
                self.api()?.status().map(|status| status.as_u16())
            }
            Kind::Page { status, .. } => Some(status.as_u16()),
            Kind::Workflow(trouble) => trouble.status(),
            Kind::Transfer(transfer) => transfer.status().map(|status| status.as_u16()),
            Kind::Save { source, .. } => source.status(),
            _ => None,
        }
    }

    /// What is wrong with which field: found by the check before sending, or by the service.
    #[must_use]
    pub fn fields(&self) -> &[Problem] {
        match &*self.0 {
            Kind::Fields(fields) | Kind::Call { fields, .. } => fields.as_slice(),
            _ => &[],
        }
    }

    /// What is known about the money.
    #[must_use]
    pub fn money(&self) -> Money {
        match &*self.0 {
            Kind::Fields(_) | Kind::Setup { .. } | Kind::UnnamedJob | Kind::EndlessSearch => {
                Money::Untouched
            }
            Kind::Workflow(trouble) => trouble.money(),
            Kind::Unsettled(unsettled) => unsettled.money(),
            Kind::Call { doing, source, .. } => match doing {
                // A submission that is not known to have failed is an unsettled one.
                Doing::Submitting(_) => Money::Untouched,
                _ if source.is_invalid() => Money::Untouched,
                Doing::SubmittingWorkflow(_) if !reply::is_unclear(source) => Money::Untouched,
                doing => doing.money(),
            },
            Kind::Page { doing, .. } => doing.money(),
            Kind::Transfer(_) | Kind::Save { .. } => Money::Spent,
        }
    }

    /// The service's name for the request, to quote in a report.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Call { .. } | Kind::Unsettled(_) => self.api().and_then(reply::request_id),
            Kind::Workflow(trouble) => trouble.below().and_then(Self::request_id),
            Kind::Save { source, .. } => source.request_id(),
            _ => None,
        }
    }

    /// Whether the request or the set-up was wrong, so that nothing was sent.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        match &*self.0 {
            Kind::Fields(_) | Kind::Setup { .. } => true,
            Kind::Call { source, .. } => source.is_invalid(),
            _ => false,
        }
    }

    /// Whether the service was not reached, or was and did not answer.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        match &*self.0 {
            Kind::Call { source, .. } => !source.is_invalid() && source.status().is_none(),
            Kind::Unsettled(_) => self.api().is_some_and(|answer| answer.status().is_none()),
            _ => false,
        }
    }

    /// Whether the price was more than [the budget](crate::Budget) had left, so that nothing was
    /// submitted.
    #[must_use]
    pub fn is_over_budget(&self) -> bool {
        matches!(&*self.0, Kind::Workflow(WorkflowTrouble::OverBudget(_)))
    }

    /// Whether an ephemeral workflow has ended, and its record with it. Its results went to its
    /// callbacks and to those who waited.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(
            &*self.0,
            Kind::Workflow(
                WorkflowTrouble::Gone(_)
                    | WorkflowTrouble::Unlisted {
                        ephemeral: true,
                        ..
                    }
            )
        )
    }

    /// The files that were saved before or beside the one that failed.
    #[must_use]
    pub fn saved_files(&self) -> &[SavedFile] {
        match &*self.0 {
            Kind::Save { saved, .. } => saved,
            _ => &[],
        }
    }

    /// Whether what came of a file so far is of no use any more.
    pub(crate) fn has_changed(&self) -> bool {
        matches!(&*self.0, Kind::Transfer(Transfer::Changed))
    }

    /// Whether another link to the same file may work.
    pub(crate) fn is_report(&self) -> bool {
        matches!(&*self.0, Kind::Transfer(Transfer::Report))
    }

    pub(crate) fn is_stale_link(&self) -> bool {
        matches!(&*self.0, Kind::Transfer(transfer) if transfer.is_stale_link())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_and_travels_between_threads() {
        fn travels<T: Send + Sync + 'static>() {}
        travels::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
