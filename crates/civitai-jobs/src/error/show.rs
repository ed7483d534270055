//! How an error reads, what stands behind it, and what else becomes one.

use std::error::Error as StdError;
use std::fmt;

use super::{Error, FieldProblems, Kind, Purpose, Transfer};

impl Error {
    /// What this error says by itself.
    fn own_words(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Fields(fields) => fmt::Display::fmt(fields, f),
            Kind::Setup { what, .. } => f.write_str(what),
            Kind::Call { purpose, .. } => f.write_str(purpose.failed()),
            Kind::Page { purpose, .. } => {
                let failed = purpose.failed();
                write!(f, "{failed}, since a web page came in place of the reply")
            }
            Kind::Unsettled(unsettled) => fmt::Display::fmt(unsettled, f),
            Kind::NoId { of } => {
                write!(f, "the service told of a {of} without its id, so it cannot be followed")
            }
            Kind::EndlessList => {
                f.write_str("the pages of the list do not come to an end; narrow it")
            }
            Kind::OverBudget(_) => f.write_str("the workflow was not submitted"),
            Kind::Unpriced => f.write_str(
                "the service told no price of the change; one that knows no such question makes the \
                 change, so poll the workflow",
            ),
            Kind::Gone(_) => f.write_str(
                "the workflow is gone: it was ephemeral, so it has ended, and its results went to \
                 its callbacks and to those who waited",
            ),
            Kind::Unlisted {
                id,
                ephemeral: false,
            } => write!(f, "the workflow {id} is not in the list of the account"),
            Kind::Unlisted { id, .. } => write!(
                f,
                "the workflow {id} is gone: it was ephemeral, and the list does not have it any more"
            ),
            Kind::Upload(upload) => fmt::Display::fmt(upload, f),
            Kind::Transfer(transfer) => fmt::Display::fmt(transfer, f),
            Kind::Save { saved, wanted, .. } => {
                let failed = wanted - saved.len();
                write!(f, "{failed} of {wanted} files could not be saved")
            }
        }
    }

    /// The next layer, which the message has in it.
    fn below(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::Setup { source, .. } => source.as_deref().map(|source| source as _),
            Kind::Call { source, .. } => Some(source),
            Kind::Unsettled(unsettled) => unsettled.below(),
            Kind::OverBudget(over) => Some(over),
            Kind::Upload(upload) => upload.below(),
            Kind::Transfer(transfer) => transfer.below(),
            Kind::Save { source, .. } => Some(source),
            // That it was not found is the cause, and has been said.
            Kind::Gone(_) => None,
            Kind::Fields(_)
            | Kind::Page { .. }
            | Kind::NoId { .. }
            | Kind::EndlessList
            | Kind::Unpriced
            | Kind::Unlisted { .. } => None,
        }
    }

    /// What to do about it, where that is not part of the message.
    fn advice(&self) -> Option<&'static str> {
        self.is_unauthorized().then_some("check the API token")
    }
}

/// One line: what has failed, and why.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.own_words(f)?;
        if let Some(cause) = self.below() {
            write!(f, ": {cause}")?;
        }
        match self.advice() {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// The message and all sources, in one line.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        sentence(self, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The message has the next layer in it.
        self.below()?.source()
    }
}

/// Writes an error and all its sources as one line, for a `main` that returns it.
pub(crate) fn sentence(error: &dyn StdError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{error}")?;
    let mut source = error.source();
    while let Some(cause) = source {
        write!(f, ": {cause}")?;
        source = cause.source();
    }
    Ok(())
}

impl From<civitai_api::Error> for Error {
    fn from(error: civitai_api::Error) -> Self {
        Self::call(Purpose::Other, error)
    }
}

impl From<FieldProblems> for Error {
    fn from(fields: FieldProblems) -> Self {
        Self(Box::new(Kind::Fields(fields)))
    }
}

impl From<Transfer> for Error {
    fn from(transfer: Transfer) -> Self {
        Self(Box::new(Kind::Transfer(transfer)))
    }
}
