//! Values of a step's input, each of which may come from another step.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::members::{Key, Members};

/// A value of a step's input, or where the service finds it when the step starts.
///
/// A plain value becomes one with `.into()`.
#[derive(Clone, Debug, PartialEq)]
pub enum Input<T> {
    /// The value itself.
    Value(T),
    /// The value is taken from the output of another step, or from the workflow's arguments.
    Reference(Reference),
}

/// Where a value is found when a step starts: `{"$ref": "hero", "path": "output.images[0].url"}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Reference {
    /// The name of another step, `$0`, `$1`, … for a step without a name by its place,
    /// `$arguments` for those of the workflow, or the name that a repeat step gives its item.
    #[serde(rename = "$ref")]
    pub source: String,
    /// The way to the value within its source, in dots and `[n]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl<T> Input<T> {
    /// Refers to a value of another step, such as `output.images[0].url` of `hero`.
    pub fn reference(source: impl Into<String>, path: impl Into<String>) -> Self {
        Self::Reference(Reference {
            source: source.into(),
            path: Some(path.into()),
        })
    }

    /// Returns the value, where it is given.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Reference(_) => None,
        }
    }
}

impl<T: Default> Default for Input<T> {
    fn default() -> Self {
        Self::Value(T::default())
    }
}

impl<T> From<T> for Input<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Input<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Input<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Reference(reference) => reference.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Input<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueOrReference(PhantomData))
    }
}

struct ValueOrReference<T>(PhantomData<T>);

/// Hands a plain value on to the type that it is of.
macro_rules! hand_on {
    ($($method:ident($kind:ty);)*) => {
        $(fn $method<E: serde::de::Error>(self, value: $kind) -> Result<Input<T>, E> {
            T::deserialize(value.into_deserializer()).map(Input::Value)
        })*
    };
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ValueOrReference<T> {
    type Value = Input<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or a reference")
    }

    hand_on! {
        visit_bool(bool); visit_i64(i64); visit_u64(u64); visit_f64(f64);
        visit_str(&str); visit_string(String);
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Input<T>, E> {
        T::deserialize(().into_deserializer()).map(Input::Value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Input<T>, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(items)).map(Input::Value)
    }

    /// An object is a reference where it has a `$ref`, whatever else it is allowed to have.
    fn visit_map<A: MapAccess<'de>>(self, mut rest: A) -> Result<Input<T>, A::Error> {
        let mut ahead: Vec<(Key, Value)> = Vec::new();
        let mut refers = false;
        // A reference has no member but these; with the first other one the search is over.
        while let Some(key) = rest.next_key::<String>()? {
            let known = key == "path" || key == "$ref";
            let value: Value = rest.next_value()?;
            refers |= key == "$ref" && value.is_string();
            ahead.push((key.into(), value));
            if !known {
                break;
            }
        }
        let members = Members::new(ahead, rest);
        if refers {
            members.decode().map(Input::Reference)
        } else {
            members.decode().map(Input::Value)
        }
    }
}
