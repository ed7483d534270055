//! What a run lost, guessed, lived with or converted. Committed as `openapi/NOTES.md`, so that a
//! change of contract shows changed guesses in review, and nothing is ever lost in silence.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::error::{Error, Fault};
use crate::pointer::Pointer;

/// What a note says of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteKind {
    /// Something of the document does not reach the crate.
    Loss,
    /// The document breaks a rule of OpenAPI, and what was done in spite of it.
    Fault,
    /// The document leaves something open, and how it was decided.
    Guess,
    /// A construct was written another way, as always, and says the same.
    Conversion,
}

impl NoteKind {
    /// Every kind, the weightiest first.
    pub const ALL: [Self; 4] = [Self::Loss, Self::Fault, Self::Guess, Self::Conversion];

    /// Returns the word for one note of this kind.
    pub fn word(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Fault => "fault",
            Self::Guess => "guess",
            Self::Conversion => "conversion",
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Loss => "losses",
            Self::Fault => "faults",
            Self::Guess => "guesses",
            Self::Conversion => "conversions",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Loss => "Losses: what does not reach the crate",
            Self::Fault => "Faults of the document that were lived with",
            Self::Guess => "Guesses: what the document leaves open",
            Self::Conversion => "Conversions",
        }
    }
}

/// One note.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// What it says of the document.
    pub kind: NoteKind,
    /// The pass, or other part of the generator, that made it.
    pub pass: &'static str,
    /// Where in the bundled document.
    pub at: Pointer,
    /// What was lost, guessed, lived with or converted.
    pub what: String,
}

/// The notes of one run, sorted by weight, pass and place, without repetition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    entries: BTreeSet<Note>,
}

impl Notes {
    /// Records that something of the document does not reach the crate.
    pub(crate) fn loss(&mut self, pass: &'static str, at: Pointer, what: impl Into<String>) {
        self.add(NoteKind::Loss, pass, at, what);
    }

    /// Records how something was decided that the document leaves open.
    pub(crate) fn guess(&mut self, pass: &'static str, at: Pointer, what: impl Into<String>) {
        self.add(NoteKind::Guess, pass, at, what);
    }

    /// Records that the document breaks a rule, and what was done all the same.
    pub(crate) fn fault(&mut self, pass: &'static str, at: Pointer, what: impl Into<String>) {
        self.add(NoteKind::Fault, pass, at, what);
    }

    /// Records what always happens to such a construct, and loses nothing.
    pub(crate) fn conversion(&mut self, pass: &'static str, at: Pointer, what: impl Into<String>) {
        self.add(NoteKind::Conversion, pass, at, what);
    }

    fn add(&mut self, kind: NoteKind, pass: &'static str, at: Pointer, what: impl Into<String>) {
        let what = what.into();
        self.entries.insert(Note {
            kind,
            pass,
            at,
            what,
        });
    }

    /// Says of each note's place where it really is.
    pub(crate) fn relocate(&mut self, place: impl Fn(&Pointer) -> Pointer) {
        let notes = std::mem::take(&mut self.entries).into_iter();
        let moved = notes.map(|note| Note {
            at: place(&note.at),
            ..note
        });
        self.entries = moved.collect();
    }

    /// Returns every note.
    pub fn iter(&self) -> impl Iterator<Item = &Note> {
        self.entries.iter()
    }

    /// Returns whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns how many notes are of a kind.
    pub fn count(&self, kind: NoteKind) -> usize {
        self.of(kind).count()
    }

    /// Returns the notes of one kind as an error at places of `file`, or nothing where there are
    /// none: for callers who would rather have no crate than one with such notes.
    pub fn denied(&self, kind: NoteKind, file: &str) -> Option<Error> {
        let faults = self.of(kind).map(|note| Fault {
            file: file.to_owned(),
            pointer: note.at.clone(),
            what: note.what.clone(),
        });
        Error::of(faults.collect())
    }

    /// Returns the counts in one line, such as `1 loss, 0 faults, 2 guesses, 31 conversions`.
    pub fn summary(&self) -> String {
        let counts = NoteKind::ALL.map(|kind| match self.count(kind) {
            1 => format!("1 {}", kind.word()),
            more => format!("{more} {}", kind.plural()),
        });
        counts.join(", ")
    }

    /// Renders the notes of one contract as a Markdown section: losses, faults and guesses one by
    /// one, conversions as numbers.
    pub fn render(&self, contract: &str) -> String {
        let mut out = format!("## {contract}\n\n{}.\n", self.summary());
        for kind in NoteKind::ALL {
            if self.count(kind) == 0 {
                continue;
            }
            let _infallible = write!(out, "\n### {}\n\n", kind.heading());
            match kind {
                NoteKind::Conversion => self.numbers(&mut out),
                _ => {
                    out.push_str("| pass | where | what |\n|---|---|---|\n");
                    for Note { pass, at, what, .. } in self.of(kind) {
                        let (at, what) = (at.as_str(), what.replace('|', "\\|"));
                        let _infallible = writeln!(out, "| {pass} | `{at}` | {what} |");
                    }
                }
            }
        }
        out
    }

    /// Returns every note, conversions too, as one JSON object.
    pub fn report(&self, contract: &str) -> Value {
        let mut report = json!({ "contract": contract });
        for kind in NoteKind::ALL {
            report[kind.plural()] = self.count(kind).into();
        }
        let notes = self.iter().map(|note| {
            json!({
                "kind": note.kind.word(),
                "pass": note.pass,
                "at": note.at.as_str(),
                "what": note.what,
            })
        });
        report["notes"] = notes.collect();
        report
    }

    /// Every note on a line of its own, for tests of the passes.
    #[cfg(test)]
    pub(crate) fn listed(&self) -> String {
        let line = |note: &Note| format!("{} | `{}` | {}\n", note.pass, note.at, note.what);
        self.iter().map(line).collect()
    }

    fn of(&self, kind: NoteKind) -> impl Iterator<Item = &Note> {
        self.iter().filter(move |note| note.kind == kind)
    }

    /// How many conversions each pass made.
    fn numbers(&self, out: &mut String) {
        let mut passes: Vec<(&str, usize)> = Vec::new();
        for note in self.of(NoteKind::Conversion) {
            match passes.last_mut() {
                Some((pass, count)) if *pass == note.pass => *count += 1,
                _ => passes.push((note.pass, 1)),
            }
        }
        out.push_str("| pass | how many |\n|---|---|\n");
        for (pass, count) in passes {
            let _infallible = writeln!(out, "| {pass} | {count} |");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_comes_first_and_what_is_expected_is_only_counted() {
        let mut notes = Notes::default();
        let at = |text: &str| Pointer::from(text);
        notes.conversion("inline-types", at("/a"), "became `A`");
        notes.conversion("inline-types", at("/b"), "became `B`");
        notes.guess("names", at("/c"), "the field is called `c2`");
        notes.fault("operation-ids", at("/d"), "`d` is there twice");
        notes.loss("bodies", at("/e"), "also declared: `a|b`");
        let text = notes.render("t");
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
        assert!(place("1 loss, 1 fault, 1 guess, 2 conversions") < place("`/e`"));
        assert!(place("`/e`") < place("`/d`") && place("`/d`") < place("`/c`"));
        assert!(place("`a\\|b`") < place("| inline-types | 2 |"));
        assert!(!text.contains("became"), "{text}");
        let report = notes.report("t");
        assert_eq!(report["losses"], 1);
        assert_eq!(report["notes"].as_array().map(Vec::len), Some(5));
        let denied = notes
            .denied(NoteKind::Loss, "t.json")
            .expect("there is one");
        assert_eq!(denied.to_string(), "t.json#/e: also declared: `a|b`");
        assert!(Notes::default().denied(NoteKind::Loss, "t.json").is_none());
    }
}
