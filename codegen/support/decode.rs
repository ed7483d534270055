//! Decoding: what is JSON becomes the value, and what does not fit stands beside it.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

use super::mend::mended;
use super::read::read;
use super::tree::Tree;
use super::wire::{Blank, Unfit};

/// Why something is no value of a type, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    what: String,
}

impl DecodeError {
    /// Returns the path of the member, such as `items[0].price`; `.` is the whole value.
    pub fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn at(path: &str, what: &str) -> Self {
        Self {
            path: path.to_owned(),
            what: shorten(what),
        }
    }

    /// Makes one of what was found below a place.
    pub(super) fn of(place: &str, unfit: &Unfit) -> Self {
        Self::at(&join(place, &unfit.place), &unfit.what)
    }
}

/// Leaves out the middle of a long text: a parser quotes what it did not want.
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

/// Puts a place behind a path.
pub(super) fn join(path: &str, below: &str) -> String {
    match (path, below) {
        (path, "." | "") => path.to_owned(),
        ("." | "", below) => below.to_owned(),
        (path, below) if below.starts_with('[') => format!("{path}{below}"),
        (path, below) => format!("{path}.{below}"),
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at `{}`: {}", self.path, self.what)
    }
}

impl std::error::Error for DecodeError {}

/// Decodes JSON, such as a stored reply or the body of a callback, as the client does.
///
/// An object always becomes its type: members that are missing or of another type are told by
/// [`Members::misfits`](super::Members::misfits), and written back as they came. Text that is almost
/// JSON is mended first: a byte order mark, half a surrogate pair, a number beyond what 64 bits hold,
/// nesting beyond 128 levels.
///
/// # Errors
///
/// What is no JSON, or no object, list or text where the type is one.
pub fn decode<T: Blank>(body: &[u8]) -> Result<T, DecodeError> {
    let mended_body;
    let tree: Tree<'_> = match serde_json::from_slice(body) {
        Ok(tree) => tree,
        Err(error) => {
            let failed = || DecodeError::at(".", &error.to_string());
            mended_body = mended(body).ok_or_else(failed)?;
            let tree = serde_json::from_slice(&mended_body).map_err(|_| failed())?;
            tracing::warn!(%error, "a body was no proper JSON and was mended");
            tree
        }
    };
    let mut value = T::blank();
    match read(&mut value, tree) {
        Ok(()) => Ok(value),
        Err(unfit) if unfit.partly => {
            let place = DecodeError::of(".", &unfit);
            tracing::warn!(%place, "not what the contract says");
            Ok(value)
        }
        Err(unfit) => Err(DecodeError::of(".", &unfit)),
    }
}

/// Decodes a value from any format.
pub(crate) fn deserialize<'de, T: Blank, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let tree = Tree::deserialize(deserializer)?;
    let mut value = T::blank();
    match read(&mut value, tree) {
        Err(unfit) if !unfit.partly => Err(D::Error::custom(DecodeError::of(".", &unfit))),
        _ => Ok(value),
    }
}
