//! Reading a tagged union: an object whose tag names its variant.
//!
//! A service writes the tag before the other members; then the variant reads them straight from
//! the input. Whatever stands before the tag is kept aside and read first. The cost does not grow
//! with the number of variants, and unions nest, each by a tag of its own.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde_json::Value;

use super::members::{Key, Members};

pub(crate) use super::flatten::encode;

/// A generated union.
pub(crate) trait Tagged: Sized {
    /// The member that holds the tag.
    const TAG: &'static str;
    /// The tag that counts where none is given.
    const DEFAULT: Option<&'static str>;

    /// Decodes the variant of a tag; one that is not known keeps the members as they are.
    fn decode<'de, A: MapAccess<'de>>(tag: &str, members: Members<A>) -> Result<Self, A::Error>;
}

/// Decodes a union.
pub(crate) fn decode<'de, T: Tagged, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Union(PhantomData))
}

struct Union<T>(PhantomData<T>);

impl<'de, T: Tagged> Visitor<'de> for Union<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the tag `{}`", T::TAG)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut rest: A) -> Result<T, A::Error> {
        let mut ahead = Vec::new();
        while let Some(key) = rest.next_key_seed(TagOr(T::TAG))? {
            let is_tag = key == T::TAG;
            ahead.push((key, rest.next_value()?));
            if is_tag {
                break;
            }
        }
        let tag = match ahead.last() {
            Some((key, Value::String(tag))) if key == T::TAG => Some(tag.clone()),
            Some((key, Value::Null)) if key == T::TAG => None,
            // A tag that is no text names no variant.
            Some((key, _)) if key == T::TAG => Some(String::new()),
            _ => None,
        };
        let tag = tag.as_deref().or(T::DEFAULT).unwrap_or_default();
        T::decode(tag, Members::new(ahead, rest))
    }
}

/// Reads the name of a member without a copy where it is the tag's.
struct TagOr(&'static str);

impl<'de> DeserializeSeed<'de> for TagOr {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for TagOr {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        Ok(if name == self.0 {
            Key::Borrowed(self.0)
        } else {
            Key::Owned(name.to_owned())
        })
    }
}
