//! Why a file could not be fetched or stored. No message holds the link: whoever has it has the file.

use std::error::Error as StdError;
use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::StatusCode;

use crate::ConnectionsError;

/// Why a file could not be fetched or stored.
#[non_exhaustive]
pub enum Transfer {
    /// There is no client that could fetch it.
    Setup(ConnectionsError),
    /// The link leads where no file is fetched from.
    Link,
    /// The service offers the file no longer.
    Gone,
    /// The service does not offer the file: it is not there, or withheld for a reason.
    Unavailable {
        /// The reason.
        reason: Option<String>,
    },
    /// No complete reply came.
    Connection(reqwest::Error),
    /// The storage refused.
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// How long to wait.
        retry_after: Option<Duration>,
    },
    /// More bytes than a file may have.
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// Other than the announced number of bytes.
    Cut {
        /// What was announced.
        announced: u64,
        /// What came.
        got: u64,
    },
    /// Nothing came where a file was announced.
    Empty,
    /// Nothing came for so long.
    Silence {
        /// How long.
        limit: Duration,
    },
    /// The part that came is none of the file that was begun.
    Changed,
    /// What was handed over cannot be taken back, and the file can only be sent from its beginning.
    Broken,
    /// A web page came in place of the file.
    Page,
    /// An error document came in place of the file, as storages send of links that have expired.
    Report,
    /// The file is compressed in a way that was not asked for.
    Packed(String),
    /// What is compressed is broken, or not all of it came.
    Mangled,
    /// The connection ended before the file did, by what its format says.
    Short {
        /// What came.
        got: u64,
    },
    /// The disk refused.
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Transfer {
    /// Makes one of a request that got no complete reply.
    #[must_use]
    pub fn connection(error: reqwest::Error) -> Self {
        Self::Connection(error.without_url())
    }

    /// Returns whether another try may work.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            #[cfg(target_family = "wasm")]
            Self::Connection(error) => !error.is_builder(),
            #[cfg(not(target_family = "wasm"))]
            Self::Connection(error) => !error.is_builder() && !error.is_redirect(),
            Self::Refused { status, .. } => http_hints::is_passing_status(*status),
            Self::Cut { .. }
            | Self::Empty
            | Self::Silence { .. }
            | Self::Changed
            | Self::Broken
            | Self::Mangled
            | Self::Short { .. }
            | Self::Page
            | Self::Report => true,
            Self::Setup(_)
            | Self::Link
            | Self::Gone
            | Self::Unavailable { .. }
            | Self::TooLarge { .. }
            | Self::Packed(_)
            | Self::Disk { .. } => false,
        }
    }

    /// Returns whether another link may work.
    #[must_use]
    pub fn is_stale_link(&self) -> bool {
        // Storages differ in the status that they refuse an expired link with.
        let refused =
            |status: StatusCode| status.is_client_error() && !http_hints::is_passing_status(status);
        matches!(self, Self::Refused { status, .. } if refused(*status))
    }

    /// Returns how long the storage asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Returns the HTTP status of a refusal.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Returns the cause below.
    #[must_use]
    pub fn below(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Setup(error) => Some(error),
            Self::Connection(error) => Some(error),
            Self::Disk { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl fmt::Debug for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup(_) => f.write_str("no file can be fetched"),
            Self::Link => f.write_str(
                "the link to the file is not safe to follow: it must begin with https:// or lead \
                 to this machine",
            ),
            Self::Gone => f.write_str("the service does not offer the file any more"),
            Self::Unavailable {
                reason: Some(reason),
            } => write!(f, "the service withholds the file: {reason}"),
            Self::Unavailable { reason: None } => {
                f.write_str("the file is not available, so it was not fetched")
            }
            Self::Connection(_) => f.write_str("the connection to the file storage failed"),
            Self::Refused { status, .. } => write!(f, "the file storage answered {status}"),
            Self::TooLarge { limit } => write!(f, "the file is larger than {limit} bytes"),
            Self::Cut { announced, got } => {
                write!(
                    f,
                    "{got} bytes of the file came where {announced} were announced"
                )
            }
            Self::Empty => f.write_str("the file storage sent an empty file"),
            Self::Silence { limit } => {
                let seconds = limit.as_secs();
                write!(f, "the file storage sent nothing for {seconds} s")
            }
            Self::Changed => f.write_str("the file changed while it was being fetched"),
            Self::Broken => f.write_str(
                "the transfer broke, and the file storage sends the file only from its beginning; \
                 open the file again",
            ),
            Self::Page => f.write_str("a web page came in place of the file"),
            Self::Report => f.write_str("an error document came in place of the file"),
            Self::Packed(coding) => write!(
                f,
                "the file storage sent the file compressed with `{coding}`, which was not asked for"
            ),
            Self::Mangled => {
                f.write_str("the file storage sent the file compressed, and not all of it came")
            }
            Self::Short { got } => write!(
                f,
                "the connection ended after {got} bytes of the file, which goes on"
            ),
            Self::Disk { path, source } => {
                let path = path.display();
                match source.kind() {
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                        write!(f, "there is no space left for `{path}`")
                    }
                    ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                        write!(f, "no permission to write to `{path}`")
                    }
                    _ => write!(f, "cannot write to `{path}`"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_disk_that_refuses_is_named_with_what_to_do_about_it() {
        for (kind, message) in [
            (ErrorKind::StorageFull, "there is no space left for `out`"),
            (ErrorKind::QuotaExceeded, "there is no space left for `out`"),
            (
                ErrorKind::PermissionDenied,
                "no permission to write to `out`",
            ),
            (
                ErrorKind::ReadOnlyFilesystem,
                "no permission to write to `out`",
            ),
            (ErrorKind::NotFound, "cannot write to `out`"),
        ] {
            let transfer = Transfer::Disk {
                path: "out".into(),
                source: io::Error::from(kind),
            };
            assert_eq!(transfer.to_string(), message);
            assert!(!transfer.is_passing() && transfer.below().is_some());
        }
    }
}
