//! Where the notes tell of something lost, guessed or wrong.

use std::collections::BTreeSet;

use crate::notes::{NoteKind, Notes};
use crate::pointer::Pointer;

/// The places of notes that are more than conversions.
pub(super) struct Said {
    /// Of losses and faults, which are about everything below them.
    lost: BTreeSet<String>,
    /// Of guesses, which are about their own place.
    guessed: BTreeSet<String>,
}

impl Said {
    pub(super) fn of(notes: &Notes) -> Self {
        let of = |fits: fn(NoteKind) -> bool| {
            let told = notes.iter().filter(move |note| fits(note.kind));
            told.map(|note| note.at.as_str().to_owned()).collect()
        };
        Self {
            lost: of(|kind| matches!(kind, NoteKind::Loss | NoteKind::Fault)),
            guessed: of(|kind| kind == NoteKind::Guess),
        }
    }

    /// Whether a note stands at a place, or one of a loss above it or below it.
    pub(super) fn about(&self, at: &Pointer) -> bool {
        self.guessed.contains(at.as_str()) || self.lost_about(at)
    }

    /// Whether a note of a loss stands at a place, above it or below it.
    pub(super) fn lost_about(&self, at: &Pointer) -> bool {
        let at = at.as_str();
        let ends = at.match_indices('/').map(|(end, _)| end).skip(1);
        let above = ends.map(|end| &at[..end]).chain([at]);
        if above
            .into_iter()
            .any(|place| !place.is_empty() && self.lost.contains(place))
        {
            return true;
        }
        let below = format!("{at}/");
        self.lost
            .range(below.clone()..)
            .next()
            .is_some_and(|place| place.starts_with(&below))
    }
}
