//! The one error of this crate. Callers ask it questions, so that its kinds may grow.

use std::error::Error as StdError;
use std::time::Duration;

use file_save::Transfer;
use reqwest::StatusCode;

pub use fields::{FieldProblem, FieldProblems};
pub(crate) use over_budget::OverBudget;
pub(crate) use purpose::Purpose;
pub(crate) use unsettled::{Unsettled, Work};
pub(crate) use upload::Upload;

use crate::saved::SavedFile;

mod fields;
mod moderation;
mod over_budget;
pub(crate) mod proxy;
mod purpose;
mod questions;
pub(crate) mod reply;
mod show;
mod unsettled;
mod upload;

/// Why something did not work.
///
/// Its message is one line that names the cause; [`source`](StdError::source) gives what is below
/// that cause. `Debug` shows the message and all sources, so that a `main` that returns the error
/// prints a sentence.
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
        purpose: Purpose,
        source: civitai_api::Error,
        fields: FieldProblems,
    },
    /// A web page came where a success has no body that would tell.
    Page {
        purpose: Purpose,
        status: StatusCode,
    },
    /// A submission got no clear answer and did not give its work in the end.
    Unsettled(Unsettled),
    /// A reply does not say of which job, workflow or blob it tells.
    NoId { of: &'static str },
    /// The pages of a list do not come to an end.
    EndlessList,
    /// The price is more than the budget has left.
    OverBudget(OverBudget),
    /// The service did not tell the price of a change, which it may have made instead.
    Unpriced,
    /// An ephemeral workflow has ended, and its record with it.
    Gone(Error),
    /// The list of the account does not have a workflow.
    Unlisted { id: String, ephemeral: bool },
    /// A file that is to be uploaded cannot be.
    #[cfg_attr(
        not(feature = "files"),
        expect(dead_code, reason = "there are no folders")
    )]
    Upload(Upload),
    /// A file could not be fetched or stored.
    Transfer(Transfer),
    /// Some files of several could not be saved.
    #[cfg_attr(
        not(feature = "files"),
        expect(dead_code, reason = "there are no folders")
    )]
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

    pub(crate) fn call(purpose: Purpose, source: civitai_api::Error) -> Self {
        let fields = reply::field_problems(&source);
        Self(Box::new(Kind::Call {
            purpose,
            source,
            fields,
        }))
    }

    pub(crate) fn page(purpose: Purpose, status: StatusCode) -> Self {
        Self(Box::new(Kind::Page { purpose, status }))
    }

    /// A reply tells of a job, a workflow or a blob without its id.
    pub(crate) fn no_id(of: &'static str) -> Self {
        Self(Box::new(Kind::NoId { of }))
    }

    pub(crate) fn endless_list() -> Self {
        Self(Box::new(Kind::EndlessList))
    }

    pub(crate) fn over_budget(over: OverBudget) -> Self {
        Self(Box::new(Kind::OverBudget(over)))
    }

    pub(crate) fn unpriced() -> Self {
        Self(Box::new(Kind::Unpriced))
    }

    pub(crate) fn gone(source: Self) -> Self {
        Self(Box::new(Kind::Gone(source)))
    }

    pub(crate) fn unlisted(id: &str, ephemeral: bool) -> Self {
        let id = id.to_owned();
        Self(Box::new(Kind::Unlisted { id, ephemeral }))
    }

    #[cfg(feature = "files")]
    pub(crate) fn save(saved: Vec<SavedFile>, wanted: usize, source: Error) -> Self {
        Self(Box::new(Kind::Save {
            saved,
            wanted,
            source,
        }))
    }

    /// Returns whether the same call may work later and costs nothing twice.
    ///
    /// Never true of a batch (v1) whose submission has an unknown outcome. True of a workflow (v2) in
    /// that case: submitted again under the same [key](Self::client_key), it runs once.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &*self.0 {
            Kind::Call {
                purpose: Purpose::SubmitWorkflow(_),
                source,
                ..
            } => reply::is_unclear(source) || reply::is_passing(source),
            Kind::Call { source, .. } => reply::is_passing(source),
            Kind::Unsettled(unsettled) => unsettled.is_retryable(),
            Kind::Page { .. } => true,
            // A list may be behind. An ephemeral workflow that is gone stays gone.
            Kind::Unlisted { ephemeral, .. } => !ephemeral,
            Kind::Transfer(transfer) => transfer.is_passing(),
            Kind::Save { source, .. } => source.is_retryable(),
            _ => false,
        }
    }

    /// Returns how long the service asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &*self.0 {
            Kind::Transfer(transfer) => transfer.retry_after(),
            Kind::Save { source, .. } => source.retry_after(),
            _ => self.api_error().and_then(reply::hint),
        }
    }

    /// Returns the HTTP status, where a reply came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        let status = match &*self.0 {
            Kind::Page { status, .. } => Some(*status),
            Kind::Transfer(transfer) => transfer.status(),
            Kind::Save { source, .. } => return source.status(),
            _ => self.api_error().and_then(civitai_api::Error::status),
        };
        status.map(|status| status.as_u16())
    }

    /// Returns what is wrong with which field: found by the check before sending, or by the service.
    #[must_use]
    pub fn fields(&self) -> &[FieldProblem] {
        match &*self.0 {
            Kind::Fields(fields) | Kind::Call { fields, .. } => fields.as_slice(),
            _ => &[],
        }
    }

    /// Returns what is known about the money.
    #[must_use]
    pub fn money(&self) -> Money {
        match &*self.0 {
            Kind::Fields(_)
            | Kind::Setup { .. }
            | Kind::NoId { .. }
            | Kind::EndlessList
            | Kind::OverBudget(_)
            | Kind::Upload(_) => Money::Untouched,
            Kind::Unpriced => Money::Unknown,
            Kind::Unsettled(unsettled) => unsettled.money(),
            Kind::Call { source, .. } if source.is_invalid() => Money::Untouched,
            Kind::Call { purpose, .. } | Kind::Page { purpose, .. } => purpose.money(),
            Kind::Gone(_) | Kind::Unlisted { .. } | Kind::Transfer(_) | Kind::Save { .. } => {
                Money::Spent
            }
        }
    }

    /// Returns the service's name for the request, to quote in a report.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Save { source, .. } => source.request_id(),
            _ => self.api_error().and_then(reply::request_id),
        }
    }

    /// Returns the error of the low-level client behind this one, with headers and body.
    #[must_use]
    pub fn api_error(&self) -> Option<&civitai_api::Error> {
        match &*self.0 {
            Kind::Call { source, .. } => Some(source),
            Kind::Unsettled(unsettled) => unsettled.api(),
            Kind::Gone(source) => source.api_error(),
            _ => None,
        }
    }

    /// Gives back the error of the low-level client, where a call failed with it.
    pub(crate) fn into_api_error(self) -> Result<civitai_api::Error, Self> {
        match *self.0 {
            Kind::Call { source, .. } => Ok(source),
            kind => Err(Self(Box::new(kind))),
        }
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
