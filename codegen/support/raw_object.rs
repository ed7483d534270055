//! JSON objects kept as they came.

use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::DecodeError;
use super::tree::Tree;

/// A JSON object kept as it came: a variant of a union that the contract does not list.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct RawObject(Map<String, Value>);

impl RawObject {
    /// Returns a member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Returns all members.
    pub fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Decodes the object into a type of the caller's choice.
    ///
    /// # Errors
    ///
    /// The object is not what the type wants; the error says where.
    pub fn decode<T: serde::de::DeserializeOwned>(self) -> Result<T, DecodeError> {
        Tree::deserialize(Value::Object(self.0))
            .map_err(DecodeError::custom)?
            .read()
    }
}

impl From<Map<String, Value>> for RawObject {
    fn from(members: Map<String, Value>) -> Self {
        Self(members)
    }
}
