//! What a schema in the normal form is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::prepare::{CHOICES, DROPPED, NAMED};
use super::side::Side;
use super::values::word;

/// What a schema is, as far as its members may be compared with those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Any,
    Scalar(&'a str),
    List,
    Map,
    Object,
    Union,
    Choice,
}

pub(super) fn kind(schema: &Value) -> Kind<'_> {
    let has_members = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|map| !map.is_empty());
    match word(schema, "type") {
        _ if schema.get("discriminator").is_some() => Kind::Union,
        _ if schema.get(CHOICES).is_some() => Kind::Choice,
        Some("array") => Kind::List,
        Some("object") if !has_members && map_values(schema).is_some() => Kind::Map,
        Some("object") => Kind::Object,
        Some(scalar) => Kind::Scalar(scalar),
        None if has_members => Kind::Object,
        None => Kind::Any,
    }
}

/// The type of a map's values. Values that may be anything say no more than an open object.
pub(super) fn map_values(schema: &Value) -> Option<&Value> {
    let values = schema
        .get("additionalProperties")
        .filter(|values| values.is_object())?;
    let plain = values.get("$ref").is_none() && kind(values) == Kind::Any;
    (!plain || values.get(DROPPED).is_some()).then_some(values)
}

/// What a schema is called in a message.
pub(super) fn named(side: &Side, schema: &Value) -> String {
    if let Some(name) = word(schema, NAMED) {
        return name.to_owned();
    }
    let schema = side.target(schema);
    match kind(schema) {
        Kind::Any => "any JSON".to_owned(),
        Kind::Scalar(name) => name.to_owned(),
        Kind::List => format!("list of {}", named(side, items(schema))),
        Kind::Map => format!(
            "map of {}",
            named(side, map_values(schema).unwrap_or(&Value::Null))
        ),
        Kind::Object => "object".to_owned(),
        Kind::Union => "union".to_owned(),
        Kind::Choice => "choice".to_owned(),
    }
}

pub(super) fn items(schema: &Value) -> &Value {
    schema.get("items").unwrap_or(&Value::Null)
}

pub(super) fn members(schema: &Value) -> impl Iterator<Item = &str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .map(String::as_str)
}

pub(super) fn required(schema: &Value) -> BTreeSet<&str> {
    let list = schema.get("required").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}
