//! JSON kept aside until it is known what type it is of.
//!
//! A union has to find its tag, and an input has to tell a value from a reference, before the rest
//! can be read. What is kept aside is one concrete type, so that the types below a union are
//! compiled once, in this crate, whatever format and reader its user comes with.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use super::DecodeError;
use super::tree_reader::TreeReader;

/// JSON with the members of its objects in the order in which they came.
#[derive(Debug)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(Box<str>, Tree)>),
}

impl Tree {
    /// Returns a member of an object, the last of that name as everywhere in JSON.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let mut members = members.iter().rev();
        members
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value)
    }

    /// Decodes it; an error says where.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, DecodeError> {
        T::deserialize(TreeReader(self))
    }
}

impl From<Tree> for Value {
    fn from(tree: Tree) -> Self {
        match tree {
            Tree::Null => Self::Null,
            Tree::Bool(value) => Self::Bool(value),
            Tree::Number(value) => Self::Number(value),
            Tree::Text(value) => Self::String(value),
            Tree::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Tree::Object(members) => {
                let members = members.into_iter();
                let members = members.map(|(name, value)| (name.into_string(), Self::from(value)));
                Self::Object(Map::from_iter(members))
            }
        }
    }
}

/// The name by which a tree asks a deserializer for itself. A [`TreeReader`] then hands its tree
/// over whole; to any other deserializer it is a newtype like every other.
pub(super) const WHOLE: &str = "$tree";

thread_local! {
    /// Where a reader leaves the tree for the visitor that it calls next.
    pub(super) static HANDED_OVER: Cell<Option<Tree>> = const { Cell::new(None) };
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(WHOLE, Grow)
    }
}

struct Grow;

impl<'de> Visitor<'de> for Grow {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(HANDED_OVER.take().unwrap_or(Tree::Null))
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Number::from_f64(value).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Tree::Object(object))
    }
}
