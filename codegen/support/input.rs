//! Values of a step's input, each of which may come from another step.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::decode::deserialize;
use super::encode::Out;
use super::wire::{Blank, Constant, Edit, Entries, Mut, Ref, Refers, View, Wire};

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

impl<T: Blank> Wire for Input<T> {
    fn view(&self) -> View<'_> {
        match self {
            Self::Value(value) => value.view(),
            Self::Reference(reference) => View::Map(reference),
        }
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Input(self)
    }
}

impl<T: Blank> Blank for Input<T> {
    fn blank() -> Self {
        Self::Value(T::blank())
    }
}

impl<T: Constant> Constant for Input<T> {
    const BLANK: Self = Self::Value(T::BLANK);
}

impl<T: Blank> Refers for Input<T> {
    fn put_value(&mut self) -> Mut<'_> {
        *self = Self::Value(T::blank());
        match self {
            Self::Value(value) => value,
            Self::Reference(reference) => &mut reference.source,
        }
    }

    fn put_reference(&mut self, reference: Reference) {
        *self = Self::Reference(reference);
    }

    fn held(&mut self) -> Option<Mut<'_>> {
        match self {
            Self::Value(value) => Some(value),
            Self::Reference(_) => None,
        }
    }
}

impl Entries for Reference {
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        visit("$ref", &self.source);
        if let Some(path) = &self.path {
            visit("path", path);
        }
    }
}

impl<T: Blank> Serialize for Input<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Out(self.view()).serialize(serializer)
    }
}

impl<'de, T: Blank> Deserialize<'de> for Input<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}
