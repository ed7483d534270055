//! Where work stands, in one vocabulary for every service.

use std::fmt::{self, Display};

/// Where a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
#[doc(alias = "status")]
#[doc(alias = "state")]
pub enum Phase {
    /// Accepted, and not begun.
    #[doc(alias = "waiting")]
    #[doc(alias = "pending")]
    Queued,
    /// Under way.
    Running,
    /// A state that the source does not know. It counts as running, so that a service can add states
    /// without ending anybody's watch.
    #[default]
    Unknown,
    /// Failed already, or about to give a result. It is polled again for the grace period of the policy
    /// and counts as a failure after that.
    Undecided,
    /// Ended with a result.
    #[doc(alias = "completed")]
    Succeeded,
    /// Ended without a result.
    Failed,
    /// Ended by the service because the job took too long there.
    Expired,
    /// Ended because somebody cancelled it.
    #[doc(alias = "cancelled")]
    Canceled,
}

impl Phase {
    /// Returns whether the job is over, with or without a result.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Succeeded | Self::Failed | Self::Expired | Self::Canceled
        )
    }
}

impl Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Unknown => "unknown",
            Self::Undecided => "undecided",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
        })
    }
}
