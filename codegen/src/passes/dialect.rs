//! Makes OpenAPI 3.0 and 3.1 one dialect: a single `type`, `nullable` beside it, `enum` instead of
//! `const`, and an empty schema for any JSON.

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::error::{Error, Faults};
use crate::marks::UNTAGGED;
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk::each_schema;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let mut malformed = Vec::new();
    each_schema(doc, &mut |at, schema| match schema {
        Value::Bool(_) => *schema = json!({}),
        Value::Object(object) => {
            types(at, object, notes);
            constants(object);
            bounds(object);
            nulls_among_choices(object);
            if let Some(what) = unusable(object) {
                malformed.push((at.clone(), what));
            }
        }
        _ => malformed.push((at.clone(), "a schema must be an object".to_owned())),
    });
    each_schema(doc, &mut |at, schema| lone_null(at, schema, notes));
    let mut faults = Faults::default();
    for (at, what) in malformed {
        faults.push(doc.locate(&at), what);
    }
    faults.into_result()
}

/// `type: [string, 'null']` becomes `type: string, nullable: true`.
fn types(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
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
        _ => {
            notes.loss(
                "dialect",
                at.clone(),
                format!("several types ({}) are read as any JSON", names.join(", ")),
            );
            schema.remove("type");
            let branches: Vec<Value> = names.iter().map(|name| json!({ "type": name })).collect();
            if !branches.is_empty() {
                schema.insert(UNTAGGED.to_owned(), json!({ "anyOf": branches }));
            }
        }
    }
    if nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
}

/// A .NET `object`: the generator of such documents writes `null` where it knows no type.
fn lone_null(at: &Pointer, schema: &mut Value, notes: &mut Notes) {
    if let Value::Object(schema) = schema
        && schema.get("type").and_then(Value::as_str) == Some("null")
    {
        notes.guess(
            "dialect",
            at.clone(),
            "`type: null` alone is read as any JSON",
        );
        for key in ["type", "anyOf", "oneOf"] {
            schema.remove(key);
        }
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
    } else if schema.contains_key("properties") {
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

/// `anyOf: [X, {type: null}]` becomes a nullable X.
fn nulls_among_choices(schema: &mut Map<String, Value>) {
    for key in ["oneOf", "anyOf"] {
        let Some(list) = schema.get_mut(key).and_then(Value::as_array_mut) else {
            continue;
        };
        let before = list.len();
        list.retain(|choice| *choice != json!({"type": "null"}));
        let (after, only) = (list.len(), list.first().cloned());
        if after < before && after > 0 {
            schema.insert("nullable".to_owned(), true.into());
        }
        if let (1, Some(Value::Object(only)), false) =
            (after, only, schema.contains_key("discriminator"))
        {
            schema.remove(key);
            for (name, value) in only {
                schema.entry(name).or_insert(value);
            }
        }
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
    let known = [
        "array", "boolean", "integer", "null", "number", "object", "string",
    ];
    match schema.get("type") {
        Some(Value::String(name)) if known.contains(&name.as_str()) => None,
        None => None,
        Some(other) => Some(format!("`type: {other}` is none of {}", known.join(", "))),
    }
}
