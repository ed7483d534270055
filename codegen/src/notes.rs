//! What a run guessed, changed or could not carry. Committed as `openapi/NOTES.md`, so that a
//! change of contract shows changed guesses in review, and nothing is ever lost in silence.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::pointer::Pointer;

/// The notes of one run, sorted and without repetition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    entries: BTreeSet<(&'static str, Pointer, String)>,
}

impl Notes {
    /// Records what a pass did at a place.
    pub(crate) fn push(&mut self, pass: &'static str, at: Pointer, what: impl Into<String>) {
        self.entries.insert((pass, at, what.into()));
    }

    /// Returns whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Renders the notes of one contract as a Markdown section.
    pub fn render(&self, contract: &str) -> String {
        let mut out = format!("## {contract}\n");
        let mut section = "";
        for (pass, at, what) in &self.entries {
            if *pass != section {
                section = pass;
                let _infallible = write!(out, "\n### {pass}\n\n| where | what |\n|---|---|\n");
            }
            let _infallible = writeln!(out, "| `{at}` | {} |", what.replace('|', "\\|"));
        }
        out
    }
}
