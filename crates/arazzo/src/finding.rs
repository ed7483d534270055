//! What a check finds: a rule, a place and a sentence.

use std::fmt;

use crate::pointer::Pointer;
use crate::text::Text;

pub use rule::{Rule, Severity};

mod rule;

/// Something in a document that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    rule: Rule,
    place: Place,
    message: String,
}

/// Where in which document something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    document: String,
    pointer: String,
    line: Option<usize>,
}

impl Finding {
    /// Returns which rule it goes against.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Returns how grave it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }

    /// Returns where it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Returns what it is, in one sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Place, severity, sentence and rule, in one line.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, severity) = (&self.place, self.severity());
        write!(
            f,
            "{place}: {severity}: {} [{}]",
            self.message,
            self.rule.code()
        )
    }
}

impl Place {
    /// Returns the document, as it was named when it was loaded.
    #[must_use]
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Returns the JSON Pointer of the value.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns the line that the value begins on, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

/// Document, line and pointer.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        let pointer = if self.pointer.is_empty() {
            "/"
        } else {
            &self.pointer
        };
        write!(f, " {pointer}")
    }
}

/// The findings of one document while they are gathered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    list: Vec<(Rule, Pointer, String)>,
}

impl Findings {
    pub(crate) fn add(&mut self, rule: Rule, at: &Pointer, message: impl Into<String>) {
        let found = (rule, at.clone(), message.into());
        // A component that is used twice is read twice.
        if !self.list.contains(&found) {
            self.list.push(found);
        }
    }

    /// Returns the findings with their lines, in the order of the document.
    pub(crate) fn placed(&self, document: &str, text: &Text) -> Vec<Finding> {
        let placed = self.list.iter().map(|(rule, at, message)| Finding {
            rule: *rule,
            place: Place {
                document: document.to_owned(),
                pointer: at.as_str().to_owned(),
                line: text.line(at),
            },
            message: message.clone(),
        });
        let mut placed: Vec<_> = placed.collect();
        placed.sort_by_key(|finding| finding.place.line);
        placed
    }
}
