//! How soon a job is to run.

use std::ops::RangeInclusive;

use civitai_api::v1::types::{FixedPriority, JobRequestPriority, RangedPriority};
use serde::{Deserialize, Serialize};

/// How soon a job is to run; a lower number goes first.
///
/// ```
/// use civitai_jobs::jobs::Priority;
///
/// assert_eq!(Priority::from(5), Priority::Fixed(5));
/// assert_eq!(Priority::from(2..=8), Priority::Ranged { min: 2, max: 8 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Priority {
    /// The same for every job.
    Fixed(i32),
    /// Picked by the service between two bounds: the more jobs with the same labels were submitted
    /// of late, the further back. The [`ClientKey`](crate::ClientKey) of a submission is a label
    /// that no other has.
    Ranged {
        /// The bound that goes first.
        min: i32,
        /// The bound that goes last; not below `min`.
        max: i32,
    },
}

impl Priority {
    /// The form of the wire.
    pub(super) fn into_contract(self) -> JobRequestPriority {
        match self {
            Self::Fixed(value) => JobRequestPriority::from(FixedPriority {
                value,
                ..Default::default()
            }),
            Self::Ranged { min, max } => JobRequestPriority::from(RangedPriority {
                max,
                min,
                ..Default::default()
            }),
        }
    }
}

impl From<i32> for Priority {
    fn from(value: i32) -> Self {
        Self::Fixed(value)
    }
}

impl From<RangeInclusive<i32>> for Priority {
    fn from(range: RangeInclusive<i32>) -> Self {
        let (min, max) = range.into_inner();
        Self::Ranged { min, max }
    }
}
