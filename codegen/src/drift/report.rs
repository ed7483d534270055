//! What a comparison found.

use serde::Serialize;

use super::location::Location;
use crate::extension::LAST_SEEN;
use crate::overrides::Tolerated;

/// The result of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The differences that nothing explains: operations, then schemas, what breaks first.
    pub differences: Vec<Difference>,
    /// The differences that a `[[tolerate]]` entry explains, with its reason.
    pub tolerated: Vec<(Difference, String)>,
    /// What our contract has beyond the vendor's document and marks so (`x-extension`,
    /// `x-last-seen`).
    pub extensions: Vec<Difference>,
    /// The `[[tolerate]]` entries that match no difference.
    pub stale: Vec<Tolerated>,
    /// The marks of what the vendor's document has by now.
    pub caught_up: Vec<CaughtUp>,
    /// For a document known to be older than the newest one: what that explains.
    pub older: Option<Older>,
}

/// A mark that can go, since the vendor's document has what it marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaughtUp {
    /// Where.
    pub at: Location,
    /// What is marked: `operation`, `parameter`, `schema`, `property`, or a value.
    pub what: String,
    /// The mark: `x-extension` or `x-last-seen`.
    pub mark: &'static str,
    /// The file and pointer in our contract of the schema or operation with the mark.
    pub file: Option<String>,
}

/// What a document that is not the newest differs in because ours is newer.
#[derive(Clone, Debug, Serialize)]
pub struct Older {
    /// The date of the document.
    pub date: String,
    /// The date of the newest document known.
    pub newest: String,
    /// What only our contract has, and what both have and say differently.
    pub differences: Vec<Difference>,
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
    /// The file and pointer in our contract to edit; where the place is still to be made, the file
    /// of its neighbours.
    pub file: Option<String>,
    /// Where our contract knows it from, for an addition that it marks as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
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
    /// Takes the compared document to be one of `date`, while the newest known is of `newest`.
    ///
    /// What only our contract has and what changed is then no difference, since ours is newer.
    /// What only the document has still is one: whatever was dropped stays readable and is marked
    /// with `x-last-seen`. Entries and marks that this document has no use for are left to the
    /// comparison with the newest one.
    #[must_use]
    pub fn older(mut self, date: &str, newest: &str) -> Self {
        let all = std::mem::take(&mut self.differences);
        let (kept, newer) = all
            .into_iter()
            .partition(|difference| difference.change == Change::Missing);
        self.differences = kept;
        self.stale.clear();
        self.caught_up.retain(|mark| mark.mark != LAST_SEEN);
        self.older = Some(Older {
            date: date.to_owned(),
            newest: newest.to_owned(),
            differences: newer,
        });
        self
    }

    /// Returns whether every difference is explained and every explanation and mark is needed.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty() && self.stale.is_empty() && self.caught_up.is_empty()
    }

    /// Returns every file and pointer that the report names, to be written as its reader needs them.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let tolerated = self.tolerated.iter_mut().map(|(found, _)| found);
        let differences = self.differences.iter_mut().chain(tolerated);
        let differences = differences.chain(&mut self.extensions);
        let older = self
            .older
            .iter_mut()
            .flat_map(|older| &mut older.differences);
        let differences = differences.chain(older);
        let places = differences.map(|found| &mut found.file);
        let marks = self.caught_up.iter_mut().map(|mark| &mut mark.file);
        places.chain(marks).flatten()
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
