//! Values that may be given, or taken from the result of other work in the same request.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::decode::deserialize;
use super::encode::Out;
use super::wire::{Blank, Constant, Edit, Entries, Mut, Ref, Refers, View, Wire};

/// A value, or where the service finds it when it comes to need it.
///
/// A plain value becomes one with `.into()`.
#[derive(Clone, Debug, PartialEq)]
pub enum Input<T> {
    /// The value itself.
    Value(T),
    /// The value is taken from elsewhere in the request, or from what comes of it.
    Reference(Reference),
}

/// Where the service finds a value: `{"$ref": "first", "path": "output.items[0].url"}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Reference {
    /// The name of what holds the value, by the rules of the service.
    #[serde(rename = "$ref")]
    pub source: String,
    /// The way to the value within its source, in dots and `[n]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl<T> Input<T> {
    /// Refers to a value of something else, such as `output.items[0].url` of `first`.
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
