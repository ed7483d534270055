//! Makes OpenAPI 3.0 and 3.1 one dialect: a single `type`, `nullable` beside it, `enum` instead of
//! `const`, and an empty schema for any JSON.

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::error::{Error, Faults};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk::each_schema;

/// The types that a schema may have.
const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// What languages call some of them.
const OTHER_WORDS: [(&str, &str); 8] = [
    ("bool", "boolean"),
    ("date", "string"),
    ("double", "number"),
    ("float", "number"),
    ("int", "integer"),
    ("long", "integer"),
    ("str", "string"),
    ("text", "string"),
];

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let mut malformed = Vec::new();
    each_schema(doc, &mut |at, schema| match schema {
        Value::Bool(_) => *schema = json!({}),
        Value::Object(object) => {
            slips(at, object, notes);
            types(object);
            constants(object);
            bounds(object);
            width(at, object, notes);
            if let Some(what) = unusable(object) {
                malformed.push((at.clone(), what));
            }
        }
        _ => malformed.push((at.clone(), "a schema must be an object".to_owned())),
    });
    let mut faults = Faults::default();
    for (at, what) in malformed {
        faults.push(doc.locate(&at), what);
    }
    faults.into_result()
}

/// What breaks a rule and leaves no doubt of what is meant.
fn slips(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
    // From before OpenAPI 3, where the object lists what it requires.
    if schema.get("required").is_some_and(Value::is_boolean) {
        schema.remove("required");
        let what = "`required` must be a list of members; a truth value is passed over";
        notes.fault("dialect", at.child("required"), what);
    }
    // Some languages have one word for an empty list and an empty object.
    if schema.get("properties").is_some_and(is_empty_list) {
        schema.remove("properties");
        let what = "`properties` must be an object; an empty list is passed over";
        notes.fault("dialect", at.child("properties"), what);
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        if let Some(lone) = schema.get_mut(key).filter(|value| value.is_object()) {
            *lone = json!([lone.take()]);
            let what = format!("`{key}` must be a list; this one is read as a list of one");
            notes.fault("dialect", at.child(key), what);
        }
    }
    if let Some(declared) = schema.get_mut("type") {
        match types_meant(at, declared.take(), notes) {
            Some(types) => *declared = types,
            None => drop(schema.remove("type")),
        }
    }
}

/// The types of a schema, each by the word that there is for it; none where there is none for any.
fn types_meant(at: &Pointer, declared: Value, notes: &mut Notes) -> Option<Value> {
    let mut meant = |name: Value| -> Option<Value> {
        let Some(word) = name.as_str().filter(|word| !TYPES.contains(word)) else {
            return Some(name);
        };
        let known = OTHER_WORDS.iter().find(|(other, _)| *other == word);
        let done = known.map_or("passed over".to_owned(), |(_, meant)| {
            format!("read as `{meant}`")
        });
        let types = TYPES.join(", ");
        let what = format!("`type: {word}` is none of {types}; it is {done}");
        notes.fault("dialect", at.child("type"), what);
        known.map(|(_, meant)| json!(meant))
    };
    match declared {
        Value::Array(names) => {
            let names: Vec<Value> = names.into_iter().filter_map(meant).collect();
            (!names.is_empty()).then(|| names.into())
        }
        name => meant(name),
    }
}

fn is_empty_list(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// `type: [string, 'null']` becomes `type: string, nullable: true`.
fn types(schema: &mut Map<String, Value>) {
    let Some(declared) = schema.get("type").cloned() else {
        return infer(schema);
    };
    let mut names: Vec<String> = match &declared {
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Value::String(name) => vec![name.clone()],
        _ => return,
    };
    let nullable = names.len() > 1 && names.iter().any(|name| name == "null");
    names.retain(|name| !(nullable && name == "null"));
    match names.as_slice() {
        [only] => {
            schema.insert("type".to_owned(), only.clone().into());
        }
        // The order in which types are listed says nothing, and two numbers are one.
        [one, two]
            if [one, two].contains(&&"integer".to_owned())
                && [one, two].contains(&&"number".to_owned()) =>
        {
            schema.insert("type".to_owned(), "number".into());
        }
        // A choice, which a later pass makes of it.
        _ => {
            schema.insert("type".to_owned(), names.into());
        }
    }
    if nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
}

/// Says the type that other keywords imply.
fn infer(schema: &mut Map<String, Value>) {
    let all = |values: &Value, fits: fn(&Value) -> bool| {
        values
            .as_array()
            .is_some_and(|values| values.iter().all(|value| value.is_null() || fits(value)))
    };
    let implied = if schema.contains_key("$ref") {
        return;
    } else if schema.contains_key("properties")
        || schema
            .get("additionalProperties")
            .is_some_and(Value::is_object)
    {
        "object"
    } else if schema.contains_key("items") {
        "array"
    } else if schema
        .get("enum")
        .is_some_and(|values| all(values, Value::is_string))
        || schema.get("const").is_some_and(Value::is_string)
    {
        "string"
    } else if schema
        .get("enum")
        .is_some_and(|values| all(values, Value::is_i64))
    {
        "integer"
    } else {
        return;
    };
    schema.insert("type".to_owned(), implied.into());
}

/// `const: x` becomes `enum: [x]`; a null among the values is `nullable`.
fn constants(schema: &mut Map<String, Value>) {
    if let Some(value) = schema.remove("const") {
        schema.insert("enum".to_owned(), json!([value]));
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        let before = values.len();
        values.retain(|value| !value.is_null());
        if values.len() < before {
            schema.insert("nullable".to_owned(), true.into());
        }
    }
}

/// `minimum: 0, exclusiveMinimum: true` (3.0) becomes `exclusiveMinimum: 0` (3.1).
fn bounds(schema: &mut Map<String, Value>) {
    for (limit, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        match schema.get(exclusive) {
            Some(Value::Bool(true)) => {
                if let Some(value) = schema.remove(limit) {
                    schema.insert(exclusive.to_owned(), value);
                }
            }
            Some(Value::Bool(false)) => {
                schema.remove(exclusive);
            }
            _ => {}
        }
    }
}

/// Says what no whole number of 64 bits holds.
fn width(at: &Pointer, schema: &Map<String, Value>, notes: &mut Notes) {
    let beyond = |key: &str| {
        let bound = schema.get(key).filter(|bound| bound.is_f64());
        // From the least `i64` to the largest `u64`, as near as an `f64` is.
        let held = -9_223_372_036_854_775_808.0..18_446_744_073_709_551_616.0;
        bound
            .and_then(Value::as_f64)
            .is_some_and(|bound| !held.contains(&bound))
    };
    let format = schema.get("format").and_then(Value::as_str);
    let is_wide = format.is_some_and(|format| matches!(format, "int128" | "uint128"))
        || ["maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"]
            .into_iter()
            .any(beyond);
    if is_wide && schema.get("type") == Some(&json!("integer")) {
        let what =
            "whole numbers beyond 64 bits are told as misfits, and kept as near as an `f64` is";
        notes.loss("dialect", at.clone(), what);
    }
}

/// Says what makes a schema useless to every later pass.
fn unusable(schema: &Map<String, Value>) -> Option<String> {
    let wrong =
        |key: &str, fits: fn(&Value) -> bool| schema.get(key).is_some_and(|value| !fits(value));
    if wrong("$ref", Value::is_string) {
        return Some("`$ref` must be a string".to_owned());
    }
    if wrong("properties", Value::is_object) {
        return Some("`properties` must be an object".to_owned());
    }
    for key in ["required", "enum", "allOf", "oneOf", "anyOf"] {
        if wrong(key, Value::is_array) {
            return Some(format!("`{key}` must be a list"));
        }
    }
    let is_known = |name: &Value| name.as_str().is_some_and(|name| TYPES.contains(&name));
    match schema.get("type") {
        None => None,
        Some(Value::Array(names)) if names.iter().all(is_known) => None,
        Some(name) if is_known(name) => None,
        Some(other) => Some(format!("`type: {other}` is none of {}", TYPES.join(", "))),
    }
}
