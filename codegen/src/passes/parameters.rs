//! Gives every parameter a schema and a place where it can be sent.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::document::{Document, as_object_mut, operation_pointer};
use crate::error::{Error, Faults};
use crate::marks::JSON_TEXT;
use crate::media::is_json;
use crate::notes::Notes;
use crate::pointer::Pointer;

/// Headers that the transport sets, which OpenAPI says to ignore.
const TRANSPORT: [&str; 3] = ["accept", "authorization", "content-type"];

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
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
                schema(&at, parameter, notes);
                true
            }
        });
        let mut seen = BTreeSet::new();
        list.retain(|parameter| {
            let word = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (name, place) = (word("name"), word("in"));
            let wrong = if name.is_empty() {
                Some("a parameter without a name is left out".to_owned())
            } else if !seen.insert((name.clone(), place.clone())) {
                Some(format!("`{name}` (in {place}) is declared twice; the first counts"))
            } else {
                None
            };
            let is_sound = wrong.is_none();
            if let Some(what) = wrong {
                notes.fault("parameters", at.clone(), what);
            }
            is_sound
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
                let what = format!("the path parameter `{name}` is not in the path `{path}`; it is left out");
                notes.fault("parameters", at.clone(), what);
                list.retain(|one| one["name"] != *name || one["in"] != "path");
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
    let lost = match parameter.get("in").and_then(Value::as_str) {
        Some("header") if TRANSPORT.contains(&name.to_lowercase().as_str()) => {
            let what = format!("the header `{name}` is set by the transport");
            notes.conversion("parameters", at.clone(), what);
            return false;
        }
        Some("header") if !is_header(name) => {
            format!("`{name}` cannot be the name of a header and is not carried over")
        }
        Some("path" | "query" | "header" | "cookie") => return true,
        other => {
            let place = other.unwrap_or("nowhere");
            format!("`{name}` (in {place}) is not carried over")
        }
    };
    notes.loss("parameters", at.clone(), lost);
    false
}

/// Whether a text can be the name of a header (RFC 9110, token).
fn is_header(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter))
}

/// Gives every parameter a schema: one that is declared with a media type is JSON as text, or text.
fn schema(at: &Pointer, parameter: &mut Value, notes: &mut Notes) {
    let Value::Object(parameter) = parameter else {
        return;
    };
    let content = parameter.remove("content");
    if parameter.get("schema").is_some_and(Value::is_object) {
        return;
    }
    let declared = content.as_ref().and_then(Value::as_object);
    let declared = declared.and_then(|content| content.iter().next());
    let (schema, json) = match declared {
        Some((media, value)) if is_json(media) => {
            let schema = value.get("schema").filter(|schema| schema.is_object());
            (schema.cloned().unwrap_or_else(|| json!({})), true)
        }
        Some((media, _)) => {
            let what = format!("is `{media}` in a parameter; it is passed as text");
            notes.guess("parameters", at.clone(), what);
            (json!({ "type": "string" }), false)
        }
        None => (json!({ "type": "string" }), false),
    };
    parameter.insert("schema".to_owned(), schema);
    if json {
        parameter.insert(JSON_TEXT.to_owned(), true.into());
    }
}

/// The names between braces in a path.
fn placeholders(path: &str) -> Vec<String> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
