//! Several types in one schema.

use serde_json::{Map, Value};

use crate::notes::Notes;
use crate::pointer::Pointer;

/// `type: [string, integer]` becomes a choice between the two, each with the keywords that are its own.
pub(super) fn several_types(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
    let types = match schema.remove("type") {
        Some(Value::Array(types)) => types,
        None if !schema.contains_key("$ref") => types_listed(schema),
        Some(one) => {
            schema.insert("type".to_owned(), one);
            return;
        }
        None => return,
    };
    if types.is_empty() {
        return;
    }
    let mut branches: Vec<Map<String, Value>> = types
        .iter()
        .map(|name| Map::from_iter([("type".to_owned(), name.clone())]))
        .collect();
    for (key, kind) in KIND_OF {
        let branch = branches.iter_mut().find(|branch| {
            branch["type"] == kind || (kind == "number" && branch["type"] == "integer")
        });
        if let Some(branch) = branch
            && let Some(value) = schema.remove(key)
        {
            branch.insert(key.to_owned(), value);
        }
    }
    if schema.contains_key("oneOf") || schema.contains_key("anyOf") {
        return;
    }
    // Values that are listed tell the types by themselves.
    if let Some(Value::Array(values)) = schema.remove("enum") {
        for branch in &mut branches {
            let own: Vec<Value> = values
                .iter()
                .filter(|value| branch["type"] == type_of(value))
                .cloned()
                .collect();
            if !own.is_empty() {
                branch.insert("enum".to_owned(), own.into());
            }
        }
    }
    notes.conversion("alternatives", at.clone(), "several types are a choice");
    let branches = branches.into_iter().map(Value::Object).collect();
    schema.insert("anyOf".to_owned(), Value::Array(branches));
}

/// The types of values that are listed without one.
fn types_listed(schema: &Map<String, Value>) -> Vec<Value> {
    let mut types: Vec<Value> = Vec::new();
    let values = schema.get("enum").and_then(Value::as_array);
    for value in values.into_iter().flatten() {
        let kind = Value::from(type_of(value));
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    types
}

/// Which type a keyword speaks of.
const KIND_OF: [(&str, &str); 16] = [
    ("properties", "object"),
    ("required", "object"),
    ("additionalProperties", "object"),
    ("patternProperties", "object"),
    ("items", "array"),
    ("prefixItems", "array"),
    ("minItems", "array"),
    ("maxItems", "array"),
    ("uniqueItems", "array"),
    ("format", "string"),
    ("pattern", "string"),
    ("minLength", "string"),
    ("maxLength", "string"),
    ("minimum", "number"),
    ("maximum", "number"),
    ("multipleOf", "number"),
];

pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
