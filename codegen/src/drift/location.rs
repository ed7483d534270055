//! Where a difference stands, in words that both documents share.

use std::fmt;

use serde::{Serialize, Serializer};

/// The place of a difference. Its text is what `[[tolerate]]` entries match:
/// `schema NAME`, `schema NAME.property`, `operation METHOD /path`, and the latter followed by
/// ` param NAME`, ` body` or ` response 400`, each with `.property` where it goes on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The operation or the schema.
    pub subject: Subject,
    /// The part of an operation: `param NAME`, `body` or `response STATUS`.
    pub part: Option<String>,
    /// The properties from there on, outermost first. Lists and maps add none.
    pub members: Vec<String>,
}

/// What a difference belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// One operation.
    Operation {
        /// The path, as our contract spells it where it has it.
        path: String,
        /// The method in capitals.
        method: String,
    },
    /// One component schema.
    Schema(String),
}

impl Location {
    /// Makes the place of a schema as a whole.
    pub(super) fn schema(name: &str) -> Self {
        Self {
            subject: Subject::Schema(name.to_owned()),
            part: None,
            members: Vec::new(),
        }
    }

    /// Makes the place of an operation as a whole.
    pub(super) fn operation(method: &str, path: &str) -> Self {
        let subject = Subject::Operation {
            path: path.to_owned(),
            method: method.to_uppercase(),
        };
        Self {
            subject,
            part: None,
            members: Vec::new(),
        }
    }

    /// Returns the place of a part of this operation.
    pub(super) fn part(&self, part: String) -> Self {
        Self {
            part: Some(part),
            ..self.clone()
        }
    }

    /// Returns the place of a property below this one.
    pub(super) fn below(&self, members: Vec<String>) -> Self {
        Self {
            members,
            ..self.clone()
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Subject::Operation { path, method } => write!(f, "operation {method} {path}")?,
            Subject::Schema(name) => write!(f, "schema {name}")?,
        }
        if let Some(part) = &self.part {
            write!(f, " {part}")?;
        }
        for member in &self.members {
            write!(f, ".{member}")?;
        }
        Ok(())
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
