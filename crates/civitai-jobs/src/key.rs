//! The key of a submission, by which it is recognised and found again.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ParseIdError;

/// The key of one submission: it is found by it when the answer was lost, and never runs twice.
///
/// It is a UUID (version 7, which tells when it was made) and can be stored as text. Write it down
/// before a submission, and a crash loses nothing: see
/// [`BatchSubmission::resume`](crate::BatchSubmission::resume) and
/// [`WorkflowSubmission::resume`](crate::WorkflowSubmission::resume).
///
/// ```
/// use civitai_jobs::ClientKey;
///
/// let key = ClientKey::new();
/// assert_eq!(key.to_string().parse(), Ok(key));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientKey(Uuid);

impl ClientKey {
    /// Creates a key that nobody else has.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// Returns when the key was made; `None` for a UUID of a version that does not tell it.
    pub(crate) fn made_at(self) -> Option<DateTime<Utc>> {
        let (seconds, nanos) = self.0.get_timestamp()?.to_unix();
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    }
}

/// Creates a new key, as [`ClientKey::new`] does; no two defaults are equal.
impl Default for ClientKey {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ClientKey {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let key = Uuid::try_parse(text).map(Self);
        key.map_err(|_| ParseIdError::new("a client key is a UUID"))
    }
}
