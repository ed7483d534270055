//! Tagged unions: an object whose tag names its variant.
//!
//! Decoding finds the tag, wherever it stands among the members, and goes straight to the one
//! variant; its cost does not grow with their number. Unions nest, each by a tag of its own.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

use super::DecodeError;
use super::tree::Tree;

pub(crate) use super::flatten::encode;

/// A generated union.
pub(crate) trait Tagged: Sized {
    /// The member that holds the tag.
    const TAG: &'static str;
    /// The tag that counts where none is given.
    const DEFAULT: Option<&'static str>;

    /// Decodes the variant of a tag; one that is not known keeps the object as it is.
    fn decode(tag: &str, object: Tree) -> Result<Self, DecodeError>;
}

/// Decodes a union.
pub(crate) fn decode<'de, T: Tagged, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    from_tree(Tree::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn from_tree<T: Tagged>(object: Tree) -> Result<T, DecodeError> {
    if !matches!(object, Tree::Object(_)) {
        let what = format!("expected an object with the tag `{}`", T::TAG);
        return Err(DecodeError::custom(what));
    }
    let tag = match object.get(T::TAG) {
        Some(Tree::Text(tag)) => Some(tag.clone()),
        None | Some(Tree::Null) => T::DEFAULT.map(str::to_owned),
        Some(_) => None,
    };
    // A tag that is no text names no variant, and no variant has an empty tag unless it says so.
    T::decode(tag.as_deref().unwrap_or_default(), object)
}
