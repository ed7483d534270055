//! What kind of Rust type a schema in the normal form becomes.

use serde_json::Value;

use crate::marks::{CHOICE, NAMES};

/// The kinds of component schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Named members: a struct, made by the backend.
    Struct,
    /// A set of strings: an open enum.
    Enum,
    /// A set of whole numbers that have names: an open enum of numbers.
    Numbers,
    /// Variants told apart by a tag.
    Union,
    /// Variants told apart by what JSON they are, and which members.
    Choice,
    /// Anything else: text, a number, a list, a map, any JSON, or another component.
    Alias,
}

/// Tells the shape of a component schema.
pub(crate) fn shape(schema: &Value) -> Shape {
    let kind = schema.get("type").and_then(Value::as_str);
    let members = schema
        .get("properties")
        .and_then(Value::as_object)
        .map_or(0, serde_json::Map::len);
    let is_map = schema
        .get("additionalProperties")
        .is_some_and(Value::is_object);
    if schema.get("$ref").is_some() {
        Shape::Alias
    } else if schema.get(CHOICE).is_some() {
        Shape::Choice
    } else if schema.get("discriminator").is_some() {
        Shape::Union
    } else if kind == Some("string") && schema.get("enum").is_some_and(Value::is_array) {
        Shape::Enum
    } else if kind == Some("integer") && schema.get(NAMES).is_some() {
        Shape::Numbers
    } else if members > 0 || (kind == Some("object") && !is_map) {
        Shape::Struct
    } else {
        Shape::Alias
    }
}

/// What JSON a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JsonKind {
    /// `true` or `false`.
    Bool,
    /// A number, whole or not.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl JsonKind {
    /// Tells the kind of a schema that refers to no other; nothing where it may be several.
    pub(crate) fn of(schema: &Value) -> Option<Self> {
        match schema.get("type").and_then(Value::as_str) {
            Some("boolean") => Some(Self::Bool),
            Some("integer" | "number") => Some(Self::Number),
            Some("string") => Some(Self::Text),
            Some("array") => Some(Self::List),
            Some("object") => Some(Self::Object),
            None if schema.get("properties").is_some() || schema.get("discriminator").is_some() => {
                Some(Self::Object)
            }
            _ => None,
        }
    }

    /// Tells what JSON a value is; nothing for null.
    pub(crate) fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Bool(_) => Some(Self::Bool),
            Value::Number(_) => Some(Self::Number),
            Value::String(_) => Some(Self::Text),
            Value::Array(_) => Some(Self::List),
            Value::Object(_) => Some(Self::Object),
        }
    }

    /// Its name, as marks and generated code write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Number => "number",
            Self::Text => "text",
            Self::List => "list",
            Self::Object => "object",
        }
    }

    /// The kind of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Bool,
            Self::Number,
            Self::Text,
            Self::List,
            Self::Object,
        ];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// The name of a variant that is told by this kind alone.
    pub(crate) fn variant(self) -> &'static str {
        match self {
            Self::Bool => "Bool",
            Self::Number => "Number",
            Self::Text => "Text",
            Self::List => "List",
            Self::Object => "Object",
        }
    }
}
