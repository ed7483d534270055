//! Files that could not be sent: what is wrong with them on this machine.

use std::error::Error as StdError;
#[cfg(feature = "files")]
use std::path::Path;
use std::path::PathBuf;
use std::{fmt, io};

#[cfg(feature = "files")]
use super::{Error, Kind};

/// Why a file was not uploaded; nothing was sent.
#[cfg_attr(
    not(feature = "files"),
    expect(dead_code, reason = "there are no folders")
)]
pub(crate) enum Upload {
    Unreadable {
        path: PathBuf,
        source: io::Error,
    },
    /// It has more bytes than a file may have.
    TooLarge {
        path: PathBuf,
        limit: u64,
    },
}

#[cfg(feature = "files")]
impl Error {
    pub(crate) fn unreadable(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self(Box::new(Kind::Upload(Upload::Unreadable { path, source })))
    }

    pub(crate) fn upload_too_large(path: &Path, limit: u64) -> Self {
        let path = path.to_owned();
        Self(Box::new(Kind::Upload(Upload::TooLarge { path, limit })))
    }
}

impl Upload {
    pub(super) fn below(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::TooLarge { .. } => None,
        }
    }
}

impl fmt::Display for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
