//! What only workflows have: a budget, a key that makes a repetition safe, records that go.

use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use super::{Error, Kind, Money};
use crate::ClientKey;
use crate::budget::OverBudget;

pub(crate) enum WorkflowTrouble {
    /// The service took the workflow and did not say under which id.
    NoId { key: ClientKey },
    /// A try that may have been accepted was followed by one that was refused.
    Unclear { key: ClientKey, source: Error },
    /// The price is more than the budget has left.
    OverBudget(OverBudget),
    /// An ephemeral workflow has ended, and its record with it.
    Gone(Error),
    /// The list of the account does not have a workflow.
    Unlisted { id: String, ephemeral: bool },
    /// A file of a workflow that cannot be fetched.
    Withheld {
        file: String,
        reason: Option<String>,
    },
    /// The service did not tell the price of a change, which it may have made instead.
    Unpriced,
    /// The service told of a blob without its id.
    UnnamedBlob,
    /// A file that is to be uploaded cannot be read.
    Unreadable { path: PathBuf, source: io::Error },
    /// A file that is to be uploaded has more bytes than a file may have.
    TooLarge { path: PathBuf, limit: u64 },
}

impl Error {
    pub(crate) fn no_id(key: ClientKey) -> Self {
        WorkflowTrouble::NoId { key }.into()
    }

    pub(crate) fn unclear(key: ClientKey, source: Self) -> Self {
        WorkflowTrouble::Unclear { key, source }.into()
    }

    pub(crate) fn over_budget(over: OverBudget) -> Self {
        WorkflowTrouble::OverBudget(over).into()
    }

    pub(crate) fn unpriced() -> Self {
        WorkflowTrouble::Unpriced.into()
    }

    pub(crate) fn gone(source: Self) -> Self {
        WorkflowTrouble::Gone(source).into()
    }

    pub(crate) fn unlisted(id: &str, ephemeral: bool) -> Self {
        let id = id.to_owned();
        WorkflowTrouble::Unlisted { id, ephemeral }.into()
    }

    pub(crate) fn unnamed_blob() -> Self {
        WorkflowTrouble::UnnamedBlob.into()
    }

    pub(crate) fn unreadable(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        WorkflowTrouble::Unreadable { path, source }.into()
    }

    pub(crate) fn upload_too_large(path: &Path, limit: u64) -> Self {
        let path = path.to_owned();
        WorkflowTrouble::TooLarge { path, limit }.into()
    }
}

impl From<WorkflowTrouble> for Error {
    fn from(trouble: WorkflowTrouble) -> Self {
        Self(Box::new(Kind::Workflow(trouble)))
    }
}

impl WorkflowTrouble {
    pub(super) fn is_retryable(&self) -> bool {
        match self {
            // Under the same key, a repetition gives the workflow that is there.
            Self::NoId { .. } => true,
            // A list may be behind. An ephemeral workflow that is gone stays gone.
            Self::Unlisted { ephemeral, .. } => !ephemeral,
            Self::Unclear { source, .. } => source.is_retryable(),
            _ => false,
        }
    }

    /// The key of a submission whose outcome is unknown.
    pub(super) fn key(&self) -> Option<ClientKey> {
        match self {
            Self::NoId { key } | Self::Unclear { key, .. } => Some(*key),
            _ => None,
        }
    }

    pub(super) fn money(&self) -> Money {
        match self {
            Self::NoId { .. } | Self::Unclear { .. } | Self::Unpriced => Money::Unknown,
            Self::Gone(_) | Self::Unlisted { .. } | Self::Withheld { .. } => Money::Spent,
            Self::OverBudget(_)
            | Self::UnnamedBlob
            | Self::Unreadable { .. }
            | Self::TooLarge { .. } => Money::Untouched,
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        self.below().and_then(Error::status)
    }

    /// The error of this crate behind this one.
    pub(super) fn below(&self) -> Option<&Error> {
        match self {
            Self::Gone(source) | Self::Unclear { source, .. } => Some(source),
            _ => None,
        }
    }

    pub(super) fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::OverBudget(over) => Some(over),
            Self::Gone(source) | Self::Unclear { source, .. } => Some(source),
            Self::Unreadable { source, .. } => Some(source),
            Self::NoId { .. }
            | Self::Unlisted { .. }
            | Self::Withheld { .. }
            | Self::Unpriced
            | Self::UnnamedBlob
            | Self::TooLarge { .. } => None,
        }
    }
}

impl fmt::Display for WorkflowTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoId { key } | Self::Unclear { key, .. } => unknown(f, *key),
            Self::OverBudget(_) => f.write_str("the workflow was not submitted"),
            Self::Gone(_) => f.write_str(
                "the workflow is gone: it was ephemeral, so it has ended, and its results went to \
                 its callbacks and to those who waited",
            ),
            Self::Unlisted {
                id,
                ephemeral: false,
            } => write!(f, "the workflow {id} is not in the list of the account"),
            Self::Unlisted { id, .. } => write!(
                f,
                "the workflow {id} is gone: it was ephemeral, and the list does not have it any more"
            ),
            Self::Withheld { file, reason } => match reason {
                Some(reason) => write!(f, "{file} is withheld: {reason}"),
                None => write!(f, "{file} is not available, so it was not fetched"),
            },
            Self::Unpriced => f.write_str(
                "the service told no price of the change; one that knows no such question makes the \
                 change, so look at the workflow",
            ),
            Self::UnnamedBlob => f.write_str("the service told of a blob without its id"),
            Self::Unreadable { path, .. } => {
                write!(f, "{} cannot be read, so nothing was sent", path.display())
            }
            Self::TooLarge { path, limit } => write!(
                f,
                "{} has more than {limit} bytes, so nothing was sent; `largest_file` sets the limit",
                path.display()
            ),
        }
    }
}

pub(super) fn unknown(f: &mut fmt::Formatter<'_>, key: ClientKey) -> fmt::Result {
    write!(
        f,
        "whether the workflow was accepted is unknown; submit it again under its client key {key}, \
         which runs and pays it once"
    )
}
