//! Makes parameters plain: path, query and header values that have a text form.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::document::{Document, as_object_mut, operation_pointer, referred};
use crate::error::{Error, Faults};
use crate::notes::Notes;
use crate::pointer::Pointer;

/// Headers that the transport sets, which OpenAPI says to ignore.
const TRANSPORT: [&str; 3] = ["accept", "authorization", "content-type"];

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let components = doc.clone();
    let mut wrong = Vec::new();
    doc.each_operation_mut(|path, method, operation| {
        let at = operation_pointer(path, method).child("parameters");
        let list = as_object_mut(operation).entry("parameters").or_insert_with(|| json!([]));
        let Some(list) = list.as_array_mut() else {
            wrong.push((at, "`parameters` must be a list".to_owned()));
            return;
        };
        let mut index = 0;
        list.retain_mut(|parameter| {
            let at = at.index(index);
            index += 1;
            keep(&at, parameter, notes) && {
                plain(&at, parameter, &components, notes);
                true
            }
        });
        let mut in_path = BTreeSet::new();
        for parameter in list.iter_mut() {
            if parameter.get("in").and_then(Value::as_str) == Some("path") {
                parameter["required"] = json!(true);
                in_path.extend(parameter.get("name").and_then(Value::as_str).map(str::to_owned));
            }
        }
        for name in placeholders(path) {
            if !in_path.contains(&name) {
                notes.fault("parameters", at.clone(), format!("`{name}` is in the path and declared nowhere; it is text"));
                list.push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
            }
        }
        for name in in_path {
            if !placeholders(path).contains(&name) {
                wrong.push((at.clone(), format!("the path parameter `{name}` is not in the path `{path}`")));
            }
        }
    });
    let mut faults = Faults::default();
    for (at, what) in wrong {
        faults.push(doc.locate(&at), what);
    }
    faults.into_result()
}

/// Whether a parameter reaches the generated method.
fn keep(at: &Pointer, parameter: &Value, notes: &mut Notes) -> bool {
    let name = parameter
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match parameter.get("in").and_then(Value::as_str) {
        Some("header") if TRANSPORT.contains(&name.to_lowercase().as_str()) => {
            notes.conversion(
                "parameters",
                at.clone(),
                format!("the header `{name}` is set by the transport"),
            );
            false
        }
        Some("path" | "query" | "header") => true,
        other => {
            let place = other.unwrap_or("nowhere");
            notes.loss(
                "parameters",
                at.clone(),
                format!("`{name}` (in {place}) is not carried over"),
            );
            false
        }
    }
}

/// Gives a parameter a schema whose values can be written as text.
fn plain(at: &Pointer, parameter: &mut Value, components: &Document, notes: &mut Notes) {
    let schema = parameter
        .get("schema")
        .cloned()
        .unwrap_or_else(|| json!({ "type": "string" }));
    let fits = match schema.get("type").and_then(Value::as_str) {
        Some("array") => schema
            .get("items")
            .is_some_and(|items| is_text(items, components)),
        _ => is_text(&schema, components),
    };
    if !fits {
        let what = "has no text form in the contract; it is passed as text";
        notes.loss("parameters", at.clone(), what);
        let text = json!({ "type": "string" });
        let list = schema.get("type").and_then(Value::as_str) == Some("array");
        parameter["schema"] = if list {
            json!({ "type": "array", "items": text })
        } else {
            text
        };
        return;
    }
    parameter["schema"] = schema;
}

fn is_text(schema: &Value, components: &Document) -> bool {
    let target = referred(schema).and_then(|name| components.schema(&name));
    let kind = target.unwrap_or(schema).get("type").and_then(Value::as_str);
    matches!(kind, Some("string" | "integer" | "number" | "boolean"))
}

/// The names between braces in a path.
fn placeholders(path: &str) -> Vec<String> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
