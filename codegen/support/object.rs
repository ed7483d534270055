//! Structs: objects with named members.
//!
//! A struct is read from JSON kept aside, and so once for all formats; written, it leaves out what
//! is absent. This does what serde's derives do, with a fraction of the code to compile.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize as _, Deserializer};

use super::DecodeError;
use super::tree::Tree;

/// A generated struct.
pub(crate) trait Object: Sized {
    /// Decodes it.
    fn from_tree(tree: Tree) -> Result<Self, DecodeError>;
}

/// Decodes a struct.
pub(crate) fn decode<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::from_tree(Tree::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// Returns the members of an object.
pub(crate) fn members(tree: Tree) -> Result<Vec<(Box<str>, Tree)>, DecodeError> {
    match tree {
        Tree::Object(members) => Ok(members),
        other => {
            // Whatever else it is, serde has the words for it.
            let wrong = other.read::<std::collections::BTreeMap<String, serde::de::IgnoredAny>>();
            Err(wrong
                .err()
                .unwrap_or_else(|| DecodeError::custom("expected an object")))
        }
    }
}

/// Decodes the value of a member.
pub(crate) fn member<T: DeserializeOwned>(
    name: &str,
    value: Tree,
) -> Result<Option<T>, DecodeError> {
    match value.read() {
        Ok(value) => Ok(Some(value)),
        Err(error) => Err(error.below(name)),
    }
}

/// Takes a member that may not have been there; an option can do without.
pub(crate) fn finish<T: DeserializeOwned>(name: &str, member: Option<T>) -> Result<T, DecodeError> {
    match member {
        Some(member) => Ok(member),
        None => Tree::Null
            .read()
            .map_err(|_: DecodeError| DecodeError::custom(format!("missing field `{name}`"))),
    }
}

/// Looks at a member that is to be written.
pub(crate) struct Look<'a, T>(pub(crate) &'a T);

impl<T> Look<'_, Option<T>> {
    /// Whether it is left out.
    pub(crate) fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

/// What is no option is never left out. An option has a method of its own by this name, which
/// comes first.
pub(crate) trait Present {
    /// Whether it is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> Present for Look<'_, T> {}

/// Writes a struct: its members with their names on the wire.
macro_rules! object {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$doc:meta])* pub $field:ident: $type:ty = $wire:literal,)*
        }
    ) => {
        $(#[$about])*
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl object::Object for $name {
            fn from_tree(tree: Tree) -> Result<Self, DecodeError> {
                $(let mut $field = None;)*
                for (name, value) in object::members(tree)? {
                    match &*name {
                        $($wire => $field = object::member($wire, value)?,)*
                        _ => {}
                    }
                }
                Ok(Self { $($field: object::finish($wire, $field)?,)* })
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                object::decode(deserializer)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(unused_imports, reason = "all members may be options")]
                use object::Present as _;

                let mut members = serializer.serialize_map(None)?;
                $(if !object::Look(&self.$field).is_absent() {
                    serde::ser::SerializeMap::serialize_entry(&mut members, $wire, &self.$field)?;
                })*
                serde::ser::SerializeMap::end(members)
            }
        }
    };
}

pub(crate) use object;
