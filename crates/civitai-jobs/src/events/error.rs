//! Why a delivery is no event.

/// Longest delivery that is read, in bytes. Detailed ones carry the outputs of all steps.
pub(super) const LONGEST: usize = 4 << 20;

/// Why a delivery is no event.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// It is longer than any event.
    #[error("the delivery is longer than {LONGEST} bytes")]
    TooLong,
    /// It is JSON that tells of no job and no workflow.
    #[error("the delivery tells of no job and no workflow")]
    NoEvent,
    /// It is no JSON, or has a member of another type.
    #[error("the delivery cannot be read as an event")]
    Unreadable(#[source] serde_json::Error),
}
