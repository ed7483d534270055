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

/// Writes a tagged union: the member that holds the tag, the tag that counts where there is none,
/// the variant for any other tag, and what each tag stands for.
macro_rules! tagged {
    (
        $(#[$about:meta])*
        pub enum $name:ident by $member:literal $(default $default:literal)? or $raw:ident {
            $($(#[$cut:meta])* $tag:literal => $variant:ident($holds:ident),)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $tag, "`")] $(#[$cut])* $variant(Box<$holds>),)*
            /// A variant that the contract does not list; it is sent back as it came.
            $raw(RawObject),
        }

        impl Tagged for $name {
            const TAG: &'static str = $member;
            const DEFAULT: Option<&'static str> = tagged!(@default $($default)?);

            fn decode(tag: &str, object: Tree) -> Result<Self, DecodeError> {
                Ok(match tag {
                    $($(#[$cut])* $tag => Self::$variant(object.read()?),)*
                    _ => Self::$raw(object.read()?),
                })
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                tagged::decode(deserializer)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $($(#[$cut])* Self::$variant(variant) => {
                        tagged::encode(serializer, Self::TAG, $tag, variant)
                    })*
                    Self::$raw(object) => object.serialize(serializer),
                }
            }
        }
    };
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
}

pub(crate) use tagged;
