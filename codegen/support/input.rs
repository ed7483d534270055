//! Values of a step's input, each of which may come from another step.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tree::Tree;

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

impl<'de, T: DeserializeOwned> Deserialize<'de> for Input<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Tree::deserialize(deserializer)?;
        let read = match tree.get("$ref") {
            Some(Tree::Text(_)) => tree.read().map(Self::Reference),
            _ => tree.read().map(Self::Value),
        };
        read.map_err(D::Error::custom)
    }
}
