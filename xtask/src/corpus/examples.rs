//! The examples of a document that say of which schema they are.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use codegen::Document;
use serde_json::Value;

use super::message::Message;

/// Finds the examples of components, and those of messages that are a component.
pub(super) fn of(doc: &Document, types: &BTreeMap<String, String>) -> Vec<Message> {
    let mut found = Vec::new();
    for schema in types.keys() {
        if let Some(declared) = doc.schema(schema) {
            add(
                declared,
                schema,
                &format!("/components/schemas/{schema}"),
                &mut found,
            );
        }
    }
    messages(&doc.root, "", types, &mut found);
    found
}

/// Looks for media types: whatever has a reference as its schema, and examples beside it.
fn messages(value: &Value, at: &str, types: &BTreeMap<String, String>, found: &mut Vec<Message>) {
    match value {
        Value::Object(members) => {
            let reference = value.pointer("/schema/$ref").and_then(Value::as_str);
            let schema =
                reference.and_then(|reference| reference.strip_prefix("#/components/schemas/"));
            if let Some(schema) = schema.filter(|schema| types.contains_key(*schema)) {
                add(value, schema, at, found);
            }
            for (key, inner) in members {
                messages(inner, &format!("{at}/{key}"), types, found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                messages(inner, &format!("{at}/{index}"), types, found);
            }
        }
        _ => {}
    }
}

/// Adds the examples that stand beside each other in a schema or a media type.
fn add(node: &Value, schema: &str, at: &str, found: &mut Vec<Message>) {
    let mut keep = |value: &Value, from: &str| {
        found.push(Message::example(schema, &format!("{at}/{from}"), value));
    };
    if let Some(value) = node.get("example") {
        keep(value, "example");
    }
    match node.get("examples") {
        Some(Value::Array(values)) => values.iter().for_each(|value| keep(value, "examples")),
        Some(Value::Object(named)) => {
            for (name, one) in named {
                if let Some(value) = one.get("value") {
                    keep(value, &format!("examples/{name}"));
                }
            }
        }
        _ => {}
    }
}

/// Writes points in time as generated types do, so that the same point is the same text.
pub(super) fn settle(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Ok(point) = text.parse::<DateTime<Utc>>() {
                *text = point.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        Value::Object(members) => members.values_mut().for_each(settle),
        _ => {}
    }
}
