//! The members of an object of which some were already read, in search of a tag.

use std::borrow::Cow;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Error as _, IntoDeserializer as _, MapAccess};
use serde_json::Value;

use super::DecodeError;

/// The name of a member; a tag's is not copied.
pub(crate) type Key = Cow<'static, str>;

/// The members that were read ahead, then those that are still in the input.
#[derive(Debug)]
pub(crate) struct Members<A> {
    ahead: std::vec::IntoIter<(Key, Value)>,
    /// The member whose name was handed out, and whose value comes next.
    current: Option<(Key, Value)>,
    rest: A,
}

impl<A> Members<A> {
    pub(super) fn new(ahead: Vec<(Key, Value)>, rest: A) -> Self {
        Self {
            ahead: ahead.into_iter(),
            current: None,
            rest,
        }
    }

    /// Decodes the whole object.
    // Not part of its caller, which has one call for each variant: an unoptimised build would give
    // it the stack of all of them.
    #[inline(never)]
    pub(crate) fn decode<'de, T: Deserialize<'de>>(self) -> Result<T, A::Error>
    where
        A: MapAccess<'de>,
    {
        T::deserialize(MapAccessDeserializer::new(self))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.current = self.ahead.next();
        match &self.current {
            Some((key, _)) => seed.deserialize(key.as_ref().into_deserializer()).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.current.take() {
            Some((key, value)) => DecodeError::track(&key, seed, value).map_err(A::Error::custom),
            None => self.rest.next_value_seed(seed),
        }
    }
}
