//! Proposes what to write where: what only the vendor's document has, as YAML without its words,
//! grouped by the file of our contract that it belongs to.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::location::{Location, Subject};
use super::report::{Change, Difference, Report};
use super::yaml;
use crate::document::{Document, operation_pointer, referred};
use crate::pointer::Pointer;

/// Lists, maps and references are followed this far; a longer chain is a circle.
const DEPTH: usize = 16;

/// Words of the vendor, and what the contracts leave out.
const DROPPED: [&str; 9] = [
    "description",
    "summary",
    "title",
    "example",
    "examples",
    "operationId",
    "security",
    "tags",
    "externalDocs",
];

/// Returns the proposals for the unexplained differences of a report, as text.
///
/// `ours` and `vendors` are the documents that were compared.
#[must_use]
pub fn propose(ours: &Document, vendors: &Document, report: &Report) -> String {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for difference in &report.differences {
        let file = difference.file.as_deref().unwrap_or("(a new file)");
        let file = file.split('#').next().unwrap_or(file);
        let text = files.entry(file.to_owned()).or_default();
        let (at, message) = (&difference.at, &difference.message);
        text.push_str(&format!("\n# {at}: {message}\n"));
        let Some((name, node)) = found(vendors, difference) else {
            continue;
        };
        let mut node = facts(ours, vendors, file, node);
        described(&mut node);
        yaml::member(text, 0, &name, &node);
    }
    let parts = files
        .into_iter()
        .map(|(file, text)| format!("== {file}\n{text}"));
    parts.collect::<Vec<_>>().join("\n")
}

/// What the difference is about, under its name: nothing where its line says it all.
fn found<'a>(vendors: &'a Document, difference: &Difference) -> Option<(String, &'a Value)> {
    let at = &difference.at;
    let told = ["value ", "tag ", "required became", "optional became"];
    if difference.change == Change::Extra || told.iter().any(|w| difference.message.contains(w)) {
        return None;
    }
    let (mut name, mut node) = start(vendors, at)?;
    for member in &at.members {
        node = below(vendors, node, member, DEPTH)?;
        name.clone_from(member);
    }
    Some((name, node))
}

/// The schema or the part of an operation that a place begins with.
fn start<'a>(vendors: &'a Document, at: &Location) -> Option<(String, &'a Value)> {
    let (path, method) = match &at.subject {
        Subject::Schema(name) => return Some((name.clone(), vendors.schema(name)?)),
        Subject::Operation { path, method } => (path, method.to_lowercase()),
    };
    let operation = vendors
        .root
        .pointer(operation_pointer(path, &method).as_str())?;
    let Some(part) = &at.part else {
        return Some((method, operation));
    };
    match part.split_once(' ') {
        Some(("param", name)) => {
            let list = operation.get("parameters")?.as_array()?;
            let named = |parameter: &&Value| parameter.get("name") == Some(&json!(name));
            Some((name.to_owned(), list.iter().find(named)?))
        }
        Some((_, status)) => Some((status.to_owned(), operation.get("responses")?.get(status)?)),
        None => Some(("requestBody".to_owned(), operation.get("requestBody")?)),
    }
}

/// A property of a schema, whether it stands there, in a part, in items or behind a reference.
fn below<'a>(doc: &'a Document, node: &'a Value, member: &str, depth: usize) -> Option<&'a Value> {
    let depth = depth.checked_sub(1)?;
    if let Some(own) = node.get("properties").and_then(|all| all.get(member)) {
        return Some(own);
    }
    let inner = ["items", "additionalProperties", "schema"];
    let inner = inner.iter().filter_map(|key| node.get(*key));
    let parts = node.get("allOf").and_then(Value::as_array);
    let content = node.get("content").and_then(Value::as_object);
    let target = referred(node).and_then(|name| doc.schema(&name));
    inner
        .chain(parts.into_iter().flatten())
        .chain(content.into_iter().flat_map(Map::values))
        .chain(target)
        .find_map(|next| below(doc, next, member, depth))
}

/// The same without words, with references and spellings as our files have them.
fn facts(ours: &Document, vendors: &Document, file: &str, node: &Value) -> Value {
    match node {
        Value::Object(object) => {
            let members = object.iter().filter(|(key, value)| {
                // A property of such a name is an object, and no word.
                let word = DROPPED.contains(&key.as_str()) && !value.is_object();
                let closed = *key == "additionalProperties" && value.is_boolean();
                !word && !closed
            });
            let members = members.map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    ("$ref", Value::String(text)) => json!(reference(ours, vendors, file, text)),
                    ("mapping", Value::Object(tags)) => tags
                        .iter()
                        .map(|(tag, to)| {
                            let to = to.as_str().unwrap_or_default();
                            (tag.clone(), json!(reference(ours, vendors, file, to)))
                        })
                        .collect(),
                    ("type", Value::Array(list)) => {
                        let (null, kinds): (Vec<_>, Vec<_>) =
                            list.iter().cloned().partition(|kind| kind == "null");
                        kinds.into_iter().chain(null).collect()
                    }
                    _ => facts(ours, vendors, file, value),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect())
        }
        Value::Array(list) => list
            .iter()
            .map(|item| facts(ours, vendors, file, item))
            .collect(),
        other => other.clone(),
    }
}

/// A reference as this file writes it; what we do not have yet is taken to come beside it.
fn reference(ours: &Document, vendors: &Document, file: &str, text: &str) -> String {
    let target = referred(&json!({ "$ref": text })).filter(|name| vendors.schema(name).is_some());
    let Some(name) = target else {
        return text.to_owned();
    };
    if ours.schema(&name).is_none() {
        return format!("#/{name}");
    }
    let there = ours.locate(&Pointer::schema(&name)).0;
    let from: Vec<&str> = file.split('/').collect();
    let to: Vec<&str> = there.split('/').collect();
    let folders = from.len().min(to.len()) - 1;
    let pairs = from.iter().zip(&to).take(folders);
    let shared = pairs.take_while(|(one, other)| one == other).count();
    let path = if there == file {
        String::new()
    } else {
        "../".repeat(from.len() - 1 - shared) + &to[shared..].join("/")
    };
    format!("{path}#/{name}")
}

/// Puts a place for our words on the thing itself and on each of its properties.
fn described(node: &mut Value) {
    let Value::Object(object) = node else { return };
    let mut words = Map::from_iter([("description".to_owned(), json!("TODO"))]);
    words.append(object);
    *object = words;
    let parts = object.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        properties(part);
    }
    properties(node);
}

fn properties(schema: &mut Value) {
    let all = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in all.into_iter().flat_map(Map::values_mut) {
        let fixed = property.get("enum").and_then(Value::as_array);
        // The one value of a tag says it all.
        if fixed.is_none_or(|values| values.len() != 1) {
            described(property);
        }
    }
}
