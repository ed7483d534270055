//! Puts aside what the normal form does not keep, in components of its own, so that the passes
//! bring it into the normal form all the same: every message of every operation, with its status,
//! and the alternatives of choices without a tag.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::operation::{Body, Mark, Operation, Parameter, Reply};
use crate::document::{Document, member_mut, referred};
use crate::walk::each_schema;

/// On a schema: the name of the component whose properties are its alternatives.
pub(super) const CHOICES: &str = "x-drift-choices";
/// On a reference, and on what an alias is replaced by: the component that was referred to.
pub(super) const NAMED: &str = "x-drift-named";
/// On a schema: the keywords that the normal form drops.
pub(super) const DROPPED: &str = "x-drift-dropped";

/// Shared parts are followed this far; a longer chain is a circle.
const DEPTH: usize = 16;

/// Keywords that narrow a type in ways no Rust type can say.
const KEYWORDS: [&str; 7] = [
    "contains",
    "else",
    "if",
    "not",
    "patternProperties",
    "prefixItems",
    "then",
];

/// The operations, keyed by method and path with the names in braces left out.
pub(super) type Operations = BTreeMap<(String, &'static str), Operation>;

/// Takes the operations out of a document, leaving components.
pub(super) fn run(doc: &mut Document) -> Operations {
    let (operations, messages) = operations(doc);
    if let Value::Object(root) = &mut doc.root {
        root.insert("paths".to_owned(), json!({}));
        // Whatever was shared now stands where it is used.
        member_mut(root, "components").retain(|key, _| key == "schemas");
    }
    doc.schemas_mut().extend(messages);
    let mut choices = Map::new();
    each_schema(doc, &mut |at, schema| {
        let named = referred(schema);
        let Value::Object(object) = schema else {
            return;
        };
        if let Some(name) = named {
            object.insert(NAMED.to_owned(), name.into());
        }
        if let Some(branches) = untagged(object) {
            let name = format!("choice {at}");
            object.insert(CHOICES.to_owned(), name.clone().into());
            let branches = branches.into_iter().enumerate();
            let branches: Map<String, Value> = branches
                .map(|(index, branch)| (index.to_string(), branch))
                .collect();
            choices.insert(name, json!({ "type": "object", "properties": branches }));
        }
        let dropped = dropped(object);
        if !dropped.is_empty() {
            object.insert(DROPPED.to_owned(), dropped.into());
        }
    });
    doc.schemas_mut().extend(choices);
    operations
}

/// The alternatives of a choice that no discriminator tells apart, without null.
fn untagged(schema: &Map<String, Value>) -> Option<Vec<Value>> {
    let lists = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|key| schema.get(*key)?.as_array());
    let null = |branch: &&Value| branch.get("type") == Some(&json!("null"));
    let branches: Vec<Value> = lists
        .flatten()
        .filter(|branch| !null(branch))
        .cloned()
        .collect();
    (branches.len() > 1 && !schema.contains_key("discriminator")).then_some(branches)
}

fn dropped(schema: &Map<String, Value>) -> Map<String, Value> {
    let kept = KEYWORDS
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), schema.get(*key)?.clone())));
    let mut dropped: Map<String, Value> = kept.collect();
    if let Some(Value::Array(types)) = schema.get("type") {
        let mut types: Vec<&str> = types.iter().filter_map(Value::as_str).collect();
        types.retain(|name| *name != "null");
        types.sort_unstable();
        if types.len() > 1 {
            dropped.insert("type".to_owned(), json!(types));
        }
    }
    dropped
}

/// Every operation, and the components that hold its types.
fn operations(doc: &Document) -> (Operations, Map<String, Value>) {
    let mut messages = Map::new();
    let mut found = BTreeMap::new();
    for (path, method, operation) in doc.operations() {
        let name = format!("operation {} {path}", method.to_uppercase());
        let shared = doc
            .root
            .get("paths")
            .and_then(|paths| paths.get(path)?.get("parameters"));
        let lists = [operation.get("parameters"), shared];
        let mut parameters = BTreeMap::new();
        for value in lists
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
        {
            let Some((key, parameter)) =
                parameter(path, resolved(doc, value), &name, &mut messages)
            else {
                continue;
            };
            // An operation's own comes first and wins over one of the whole path.
            parameters.entry(key).or_insert(parameter);
        }
        let body = operation
            .get("requestBody")
            .map(|body| resolved(doc, body))
            .and_then(|body| {
                let (media, schema) = content(body)?;
                let component = format!("{name} body");
                messages.insert(component.clone(), schema);
                let required = body.get("required") == Some(&json!(true));
                Some(Body {
                    required,
                    media,
                    component,
                })
            });
        let declared = operation.get("responses").and_then(Value::as_object);
        let replies = declared.into_iter().flatten().map(|(status, reply)| {
            let reply = resolved(doc, reply);
            let content = content(reply).map(|(media, schema)| {
                let component = format!("{name} response {status}");
                messages.insert(component.clone(), schema);
                (media, component)
            });
            let extension = Mark::of(reply);
            (status.to_uppercase(), Reply { extension, content })
        });
        let replies = replies.collect();
        let route = (nameless(path), method);
        found.insert(
            route,
            Operation {
                path: path.to_owned(),
                extension: Mark::of(operation),
                parameters,
                body,
                replies,
            },
        );
    }
    (found, messages)
}

/// A parameter under its key: the position for one in the path, whose name never travels.
fn parameter(
    path: &str,
    value: &Value,
    operation: &str,
    messages: &mut Map<String, Value>,
) -> Option<(String, Parameter)> {
    let name = value.get("name")?.as_str()?;
    let place = value.get("in")?.as_str()?;
    let key = match place {
        "path" => {
            let before = path
                .split(&format!("{{{name}}}"))
                .next()
                .unwrap_or_default();
            format!("path {}", before.matches('{').count())
        }
        "header" => format!("named {}", name.to_lowercase()),
        _ => format!("named {name}"),
    };
    let component = format!("{operation} param {name} in {place}");
    let schema = value
        .get("schema")
        .cloned()
        .or_else(|| content(value).map(|(_, schema)| schema));
    messages.insert(component.clone(), schema.unwrap_or_else(|| json!({})));
    let required = place == "path" || value.get("required") == Some(&json!(true));
    let (name, place) = (name.to_owned(), place.to_owned());
    Some((
        key,
        Parameter {
            name,
            place,
            required,
            extension: Mark::of(value),
            component,
        },
    ))
}

/// The media type and the schema of a message: JSON where there is some, else the first.
fn content(message: &Value) -> Option<(String, Value)> {
    let content = message.get("content")?.as_object()?;
    let is_json = |media: &str| media.contains("json");
    let json = content.iter().find(|(media, _)| is_json(media));
    let (media, value) = json.or_else(|| content.iter().min_by_key(|(media, _)| *media))?;
    let media = if is_json(media) {
        "application/json"
    } else {
        media
    };
    Some((
        media.to_owned(),
        value.get("schema").cloned().unwrap_or_else(|| json!({})),
    ))
}

/// What a reference to a shared part leads to.
fn resolved<'a>(doc: &'a Document, value: &'a Value) -> &'a Value {
    let mut value = value;
    for _ in 0..DEPTH {
        let reference = value.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| doc.root.pointer(reference.strip_prefix('#')?));
        match target {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

/// `/jobs/{jobId}` and `/jobs/{id}` are one path.
fn nameless(path: &str) -> String {
    let parts = path
        .split('{')
        .enumerate()
        .map(|(index, part)| match part.split_once('}') {
            Some((_, rest)) if index > 0 => format!("{{}}{rest}"),
            _ => part.to_owned(),
        });
    parts.collect()
}
