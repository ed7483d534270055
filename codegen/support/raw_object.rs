//! JSON objects kept as they came.

use std::sync::LazyLock;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::DecodeError;
use super::wire::{Blank, Edit, Entries, Ref, View, Wire};

/// A JSON object kept as it came: a variant of a union that the contract does not list.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct RawObject(Option<Box<Map<String, Value>>>);

static NO_MEMBERS: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

impl RawObject {
    /// An object without members.
    pub(crate) const EMPTY: Self = Self(None);

    /// Returns a member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members().get(name)
    }

    /// Returns all members.
    pub fn members(&self) -> &Map<String, Value> {
        self.0.as_deref().unwrap_or(&NO_MEMBERS)
    }

    /// Decodes the object into a type of the caller's choice.
    ///
    /// # Errors
    ///
    /// The object is not what the type wants; the error says where.
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, DecodeError> {
        T::deserialize(Value::Object(
            self.0.map(|members| *members).unwrap_or_default(),
        ))
        .map_err(|error| DecodeError::at(".", &error.to_string()))
    }
}

impl From<Map<String, Value>> for RawObject {
    fn from(members: Map<String, Value>) -> Self {
        Self(Some(Box::new(members)))
    }
}

impl Entries for RawObject {
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        for (name, value) in self.members() {
            visit(name, value);
        }
    }
}

impl Wire for RawObject {
    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::RawObject(self.0.get_or_insert_default())
    }
}

impl Blank for RawObject {
    fn blank() -> Self {
        Self::EMPTY
    }
}
