//! What goes wrong with a contract: always a list of faults, each with its file and JSON pointer.

use std::fmt;

use crate::pointer::Pointer;

/// One thing wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file as the user named it, or the one a reference led to.
    pub file: String,
    /// Where in that file.
    pub pointer: Pointer,
    /// What is wrong and, where it is not plain, what to do.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.as_str().is_empty() {
            write!(f, "{}: {}", self.file, self.what)
        } else {
            write!(f, "{}#{}: {}", self.file, self.pointer, self.what)
        }
    }
}

/// A contract that cannot be turned into code, with every fault found.
#[derive(Clone, Debug)]
pub struct Error {
    faults: Vec<Fault>,
}

impl Error {
    /// Makes an error of one fault.
    pub fn new(file: impl Into<String>, pointer: Pointer, what: impl Into<String>) -> Self {
        Self {
            faults: vec![Fault {
                file: file.into(),
                pointer,
                what: what.into(),
            }],
        }
    }

    /// Makes an error that concerns a file as a whole.
    pub fn file(file: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(file, Pointer::root(), what)
    }

    /// Makes an error of faults, where there are any.
    pub(crate) fn of(faults: Vec<Fault>) -> Option<Self> {
        (!faults.is_empty()).then_some(Self { faults })
    }

    /// Returns the faults, sorted by place.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Faults gathered by a step that goes on after the first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Vec<Fault>,
}

impl Faults {
    /// Adds one.
    pub(crate) fn push(&mut self, (file, pointer): (String, Pointer), what: impl Into<String>) {
        self.found.push(Fault {
            file,
            pointer,
            what: what.into(),
        });
    }

    /// Succeeds where nothing was found.
    pub(crate) fn into_result(mut self) -> Result<(), Error> {
        if self.found.is_empty() {
            return Ok(());
        }
        self.found.sort();
        self.found.dedup();
        Err(Error { faults: self.found })
    }
}
