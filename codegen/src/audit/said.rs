//! Where the notes tell of something lost, guessed or wrong.

use std::collections::BTreeSet;

use crate::notes::{NoteKind, Notes};
use crate::pointer::Pointer;

/// The places of notes that are more than conversions.
pub(super) struct Said {
    places: BTreeSet<String>,
}

impl Said {
    pub(super) fn of(notes: &Notes) -> Self {
        let told = notes
            .iter()
            .filter(|note| note.kind != NoteKind::Conversion);
        Self {
            places: told.map(|note| note.at.as_str().to_owned()).collect(),
        }
    }

    /// Whether a note stands at a place, above it or below it.
    pub(super) fn about(&self, at: &Pointer) -> bool {
        let at = at.as_str();
        let ends = at.match_indices('/').map(|(end, _)| end).skip(1);
        let above = ends.map(|end| &at[..end]).chain([at]);
        if above
            .into_iter()
            .any(|place| !place.is_empty() && self.places.contains(place))
        {
            return true;
        }
        let below = format!("{at}/");
        self.places
            .range(below.clone()..)
            .next()
            .is_some_and(|place| place.starts_with(&below))
    }
}
