//! JSON objects kept as they came.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::DecodeError;
use super::tree::{Tree, into_map};
use super::wire::{Entries, MembersMut, Ref, Unfit, View, Wire};

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
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, DecodeError> {
        T::deserialize(Value::Object(self.0))
            .map_err(|error| DecodeError::at(".", &error.to_string()))
    }
}

impl From<Map<String, Value>> for RawObject {
    fn from(members: Map<String, Value>) -> Self {
        Self(members)
    }
}

impl Entries for RawObject {
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        self.0.iter().for_each(|(name, value)| visit(name, value));
    }
}

impl Wire for RawObject {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        let Tree::Object(members) = tree else {
            return Err(Unfit::new("an object", tree));
        };
        self.0 = into_map(members);
        Ok(())
    }

    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn members_mut(&mut self) -> Option<MembersMut<'_>> {
        Some(MembersMut::Raw(&mut self.0))
    }
}
