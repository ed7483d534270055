//! Decoding that says where it failed: `steps[0].input.width`, unions included.

use std::fmt;

use serde::de::DeserializeOwned;

use super::tree::Tree;

/// Why JSON is not what a type wants, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    what: String,
}

/// Opens and closes the path in the text of an error that crosses serde.
const OPEN: &str = "at `";
const CLOSE: &str = "`: ";

impl DecodeError {
    /// Returns the path of the member, such as `jobs[0].cost`; `.` is the whole value.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Says that it happened in a member or an item.
    pub(super) fn below(self, place: &str) -> Self {
        Self {
            path: shorten(&join(place, &self.path)),
            what: self.what,
        }
    }

    /// Makes one of a path and what serde says; a path inside that text goes behind the first.
    fn new(path: &str, what: &str) -> Self {
        let inner = what
            .strip_prefix(OPEN)
            .and_then(|rest| rest.split_once(CLOSE));
        let (path, what) = match inner {
            Some((below, what)) => (join(path, below), what),
            None => (path.to_owned(), what),
        };
        Self {
            path,
            what: shorten(what),
        }
    }
}

/// Leaves out the middle of a long text: serde quotes the value that it did not want, and that may
/// fill a whole body.
fn shorten(text: &str) -> String {
    const HEAD: usize = 200;
    const TAIL: usize = 100;
    let head = text.char_indices().nth(HEAD).map(|(at, _)| at);
    let tail = text.char_indices().rev().nth(TAIL).map(|(at, _)| at);
    match (head, tail) {
        (Some(head), Some(tail)) if head < tail => format!("{} … {}", &text[..head], &text[tail..]),
        _ => text.to_owned(),
    }
}

fn join(path: &str, below: &str) -> String {
    match (path, below) {
        (".", below) => below.to_owned(),
        (path, ".") => path.to_owned(),
        (path, below) if below.starts_with('[') => format!("{path}{below}"),
        (path, below) => format!("{path}.{below}"),
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OPEN}{}{CLOSE}{}", self.path, self.what)
    }
}

impl std::error::Error for DecodeError {}

impl serde::de::Error for DecodeError {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self::new(".", &what.to_string())
    }
}

/// Decodes JSON, such as a stored reply or the body of a callback, as the client does.
///
/// # Errors
///
/// What is no JSON, or not what the type wants; the error says where.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(body).map_err(|error| {
        // Only a failure pays for its path.
        let again = serde_json::from_slice::<Tree>(body).map(Tree::read::<T>);
        match again {
            Ok(Err(error)) => error,
            // What is no JSON has a line and a column, but no path.
            _ => DecodeError::new(".", &error.to_string()),
        }
    })
}
