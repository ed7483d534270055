//! Says plainly what only looks like a choice or hides among other keywords: null branches, lists of
//! `required`, branches of constants, members beside a reference, patterns of names, conditions.
//!
//! Afterwards a `oneOf` or `anyOf` has two branches at least, and none of them is null.

mod choice;
mod kinds;
mod members;

use serde_json::{Map, Value, json};

use crate::document::{Document, member_mut};
use crate::error::Error;
use crate::marks::{NAMES, NULL};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk::each_schema;

/// Keywords that say something about a schema and nothing about its values.
pub(super) const ABOUT: [&str; 10] = [
    "title",
    "description",
    "deprecated",
    "default",
    "example",
    "examples",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "$comment",
];

/// Keywords that bring members of their own.
const STRUCTURE: [&str; 5] = ["properties", "patternProperties", "allOf", "oneOf", "anyOf"];

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let mut has_null = false;
    each_schema(doc, &mut |at, schema| {
        let Value::Object(schema) = schema else {
            return;
        };
        has_null |= schema.get("type").and_then(Value::as_str) == Some("null");
        kinds::several_types(at, schema, notes);
        members::patterns(at, schema, notes);
        members::tuples(schema);
        members::conditions(at, schema, notes);
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = schema.remove(key) {
                choice::choice(at, schema, key, branches, notes);
            }
        }
        names_of_numbers(schema);
        beside_reference(schema);
    });
    if has_null {
        each_schema(doc, &mut |at, schema| lone_null(at, schema, notes));
    }
    Ok(())
}

/// A .NET `object`: the generator of such documents writes `null` where it knows no type.
fn lone_null(at: &Pointer, schema: &mut Value, notes: &mut Notes) {
    if let Value::Object(schema) = schema
        && schema.get("type").and_then(Value::as_str) == Some("null")
    {
        notes.guess(
            "alternatives",
            at.clone(),
            "`type: null` alone is read as any JSON",
        );
        for key in ["type", "anyOf", "oneOf"] {
            schema.remove(key);
        }
        schema.insert(NULL.to_owned(), true.into());
    }
}

/// Names of listed numbers, as several generators of documents write them.
fn names_of_numbers(schema: &mut Map<String, Value>) {
    let keys = ["x-enum-varnames", "x-enumNames", "x-enum-names"];
    let found = keys.iter().find_map(|key| schema.get(*key)?.as_array());
    let (Some(found), Some(Value::Array(values))) = (found, schema.get("enum")) else {
        return;
    };
    if schema.get("type") != Some(&json!("integer")) || found.len() != values.len() {
        return;
    }
    let names: Map<String, Value> = values
        .iter()
        .zip(found)
        .map(|(value, name)| (value.to_string(), name.clone()))
        .collect();
    schema.insert(NAMES.to_owned(), names.into());
}

/// Members beside a reference belong to the schema as much as those behind it.
fn beside_reference(schema: &mut Map<String, Value>) {
    let brings = STRUCTURE.iter().any(|key| schema.contains_key(*key))
        || schema
            .get("additionalProperties")
            .is_some_and(Value::is_object);
    if !brings {
        return;
    }
    if let Some(reference) = schema.remove("$ref") {
        let mut parts = vec![json!({ "$ref": reference })];
        if let Some(Value::Array(more)) = schema.remove("allOf") {
            parts.extend(more);
        }
        schema.insert("allOf".to_owned(), parts.into());
        schema.entry("type").or_insert_with(|| "object".into());
        // With members of its own, be there none, an `allOf` of one is not taken for the reference alone.
        member_mut(schema, "properties");
    }
}
