//! How an error reads, what stands behind it, and what else becomes one.

use std::error::Error as StdError;
use std::fmt;

use super::{Doing, Error, FieldProblems, Kind, Transfer, reply, workflow};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Fields(fields) => fields.fmt(f),
            Kind::Setup { what, .. } => f.write_str(what),
            Kind::Call { doing, source, .. } => match doing {
                Doing::SubmittingWorkflow(key) if reply::is_unclear(source) => {
                    workflow::unknown(f, *key)
                }
                doing => f.write_str(doing.failed()),
            },
            Kind::Page { doing, .. } => {
                let failed = doing.failed();
                write!(f, "{failed}, since a web page came in place of the reply")
            }
            Kind::Unsettled(unsettled) => unsettled.fmt(f),
            Kind::UnnamedJob => {
                f.write_str("the service told of a job without its id, so it cannot be followed")
            }
            Kind::EndlessSearch => f.write_str(
                "the pages of the search do not come to an end; narrow it with further labels",
            ),
            Kind::Workflow(trouble) => trouble.fmt(f),
            Kind::Transfer(transfer) => transfer.fmt(f),
            Kind::Save { saved, wanted, .. } => {
                write!(
                    f,
                    "{} of {wanted} files could not be saved",
                    wanted - saved.len()
                )
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("what", &self.to_string());
        if let Some(source) = self.source() {
            out.field("source", &source);
        }
        out.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::Fields(_) | Kind::Page { .. } | Kind::UnnamedJob | Kind::EndlessSearch => None,
            Kind::Setup { source, .. } => source.as_deref().map(|source| source as _),
            Kind::Call { source, .. } => Some(source),
            Kind::Workflow(trouble) => trouble.source(),
            Kind::Unsettled(unsettled) => unsettled.source(),
            Kind::Transfer(transfer) => transfer.source(),
            Kind::Save { source, .. } => Some(source),
        }
    }
}

impl From<civitai_api::Error> for Error {
    fn from(error: civitai_api::Error) -> Self {
        Self::call(Doing::Other, error)
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
