//! What a comparison found.

use serde::Serialize;

use super::location::Location;
use crate::overrides::Tolerated;

/// The result of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The differences that nothing explains: operations, then schemas, what breaks first.
    pub differences: Vec<Difference>,
    /// The differences that a `[[tolerate]]` entry explains, with its reason.
    pub tolerated: Vec<(Difference, String)>,
    /// The `[[tolerate]]` entries that match no difference.
    pub stale: Vec<Tolerated>,
}

/// One difference in meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where.
    pub at: Location,
    /// Which kind.
    pub change: Change,
    /// Whether a client built from our contract breaks at the vendor's service.
    pub breaking: bool,
    /// What our contract says, where a value changed or is only ours.
    pub ours: Option<String>,
    /// What the vendor's document says, where a value changed or is only the vendor's.
    pub vendors: Option<String>,
    /// The difference in words, without the place.
    pub message: String,
    /// The file and pointer in our contract to edit, where the place exists there.
    pub file: Option<String>,
}

/// The kinds of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the vendor's document has it.
    Missing,
    /// Only our contract has it.
    Extra,
    /// Both have it and say different things.
    Changed,
}

impl Change {
    /// Returns the word that `[[tolerate]]` entries use.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Changed => "changed",
        }
    }
}

impl Report {
    /// Returns whether every difference is explained and every explanation is needed.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty() && self.stale.is_empty()
    }

    /// Returns how many unexplained differences break a client.
    #[must_use]
    pub fn breaking(&self) -> usize {
        self.differences
            .iter()
            .filter(|difference| difference.breaking)
            .count()
    }
}
