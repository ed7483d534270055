//! Visits every schema of a document by position, so that a property that happens to be called
//! `$ref` or `items` is never mistaken for a keyword.

use serde_json::Value;

use crate::document::{Document, METHODS, referred, schema_name};
use crate::pointer::Pointer;

/// Keywords that hold one schema.
const ONE: [&str; 4] = ["items", "additionalProperties", "not", "contains"];
/// Keywords that hold a list of schemas.
const LIST: [&str; 4] = ["allOf", "oneOf", "anyOf", "prefixItems"];
/// Keywords that hold a map of schemas.
const MAP: [&str; 3] = ["properties", "patternProperties", "$defs"];

type Visit<'a> = dyn FnMut(&Pointer, &mut Value) + 'a;

/// Calls `visit` for every schema of the document, inner schemas before the ones that hold them.
pub(crate) fn each_schema(doc: &mut Document, visit: &mut Visit<'_>) {
    let root = Pointer::root();
    if let Some(components) = doc.root.get_mut("components") {
        let at = root.child("components");
        each_member(
            components.get_mut("schemas"),
            &at.child("schemas"),
            &mut |at, schema| {
                below(at, schema, visit);
            },
        );
        for kind in ["parameters", "headers"] {
            each_member(
                components.get_mut(kind),
                &at.child(kind),
                &mut |at, value| {
                    holder(at, value, visit);
                },
            );
        }
        for kind in ["requestBodies", "responses"] {
            each_member(
                components.get_mut(kind),
                &at.child(kind),
                &mut |at, value| {
                    message(at, value, visit);
                },
            );
        }
    }
    each_member(
        doc.root.get_mut("paths"),
        &root.child("paths"),
        &mut |at, item| {
            parameters(at, item, visit);
            for method in METHODS {
                if let Some(operation) = item.get_mut(method) {
                    operation_schemas(&at.child(method), operation, visit);
                }
            }
        },
    );
}

/// Calls `visit` for the schemas of one operation.
fn operation_schemas(at: &Pointer, operation: &mut Value, visit: &mut Visit<'_>) {
    parameters(at, operation, visit);
    if let Some(body) = operation.get_mut("requestBody") {
        message(&at.child("requestBody"), body, visit);
    }
    each_member(
        operation.get_mut("responses"),
        &at.child("responses"),
        &mut |at, reply| {
            message(at, reply, visit);
        },
    );
}

/// Calls `visit` for a schema and everything inside it, innermost first.
pub(crate) fn below(at: &Pointer, schema: &mut Value, visit: &mut Visit<'_>) {
    // Most schemas have nothing inside.
    if !schema.as_object().is_some_and(has_inside) {
        return visit(at, schema);
    }
    for key in ONE {
        if let Some(inner) = schema.get_mut(key).filter(|inner| inner.is_object()) {
            below(&at.child(key), inner, visit);
        }
    }
    for key in LIST {
        if let Some(list) = schema.get_mut(key).and_then(Value::as_array_mut) {
            for (index, inner) in list.iter_mut().enumerate() {
                below(&at.child(key).index(index), inner, visit);
            }
        }
    }
    for key in MAP {
        each_member(schema.get_mut(key), &at.child(key), &mut |at, inner| {
            below(at, inner, visit);
        });
    }
    visit(at, schema);
}

fn has_inside(schema: &serde_json::Map<String, Value>) -> bool {
    let mut inside = schema
        .values()
        .filter(|inner| inner.is_object() || inner.is_array());
    inside.next().is_some()
}

/// Every component that a schema refers to, mappings included.
pub(crate) fn references(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(schema, &mut |inner| found.extend(own_references(inner)));
    found
}

/// Every component that a schema itself refers to, and nothing inside it.
pub(crate) fn own_references(schema: &Value) -> impl Iterator<Item = String> + '_ {
    let discriminator = schema.get("discriminator");
    let mapping = discriminator.and_then(|tags| tags.get("mapping")?.as_object());
    let targets = mapping.into_iter().flat_map(|mapping| mapping.values());
    let targets = targets.filter_map(|target| schema_name(target.as_str()?));
    referred(schema).into_iter().chain(targets)
}

/// Calls `visit` for a schema and everything inside it, to be read.
pub(crate) fn look<'a>(schema: &'a Value, visit: &mut dyn FnMut(&'a Value)) {
    visit(schema);
    let one = ONE.iter().filter_map(|key| schema.get(*key));
    one.filter(|inner| inner.is_object())
        .for_each(|inner| look(inner, visit));
    let lists = LIST.iter().filter_map(|key| schema.get(*key)?.as_array());
    lists.flatten().for_each(|inner| look(inner, visit));
    let maps = MAP.iter().filter_map(|key| schema.get(*key)?.as_object());
    maps.flat_map(serde_json::Map::values)
        .for_each(|inner| look(inner, visit));
}

/// Calls `visit` for the schemas of an operation's parameters and replies, to be read; its body is left
/// out.
pub(crate) fn look_at_replies<'a>(operation: &'a Value, visit: &mut dyn FnMut(&'a Value)) {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let replies = operation.get("responses").and_then(Value::as_object);
    let replies = replies.into_iter().flat_map(serde_json::Map::values);
    let headers = replies
        .clone()
        .filter_map(|reply| reply.get("headers")?.as_object());
    let headers = headers.flat_map(serde_json::Map::values);
    let holders = parameters.into_iter().flatten().chain(headers);
    holders
        .clone()
        .filter_map(|holder| holder.get("schema"))
        .for_each(|schema| look(schema, visit));
    let content = holders
        .chain(replies)
        .filter_map(|message| message.get("content")?.as_object());
    let media = content.flat_map(serde_json::Map::values);
    media
        .filter_map(|media| media.get("schema"))
        .for_each(|schema| look(schema, visit));
}

fn parameters(at: &Pointer, holder_of_list: &mut Value, visit: &mut Visit<'_>) {
    let list = holder_of_list
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for (index, parameter) in list.into_iter().flatten().enumerate() {
        holder(&at.child("parameters").index(index), parameter, visit);
    }
}

/// A parameter or a header: a schema, or a map of media types.
fn holder(at: &Pointer, value: &mut Value, visit: &mut Visit<'_>) {
    if let Some(schema) = value.get_mut("schema") {
        below(&at.child("schema"), schema, visit);
    }
    content(at, value, visit);
}

/// A request body or a reply.
fn message(at: &Pointer, value: &mut Value, visit: &mut Visit<'_>) {
    content(at, value, visit);
    each_member(
        value.get_mut("headers"),
        &at.child("headers"),
        &mut |at, header| {
            holder(at, header, visit);
        },
    );
}

fn content(at: &Pointer, value: &mut Value, visit: &mut Visit<'_>) {
    each_member(
        value.get_mut("content"),
        &at.child("content"),
        &mut |at, media| {
            if let Some(schema) = media.get_mut("schema") {
                below(&at.child("schema"), schema, visit);
            }
        },
    );
}

fn each_member(map: Option<&mut Value>, at: &Pointer, f: &mut dyn FnMut(&Pointer, &mut Value)) {
    for (key, value) in map.and_then(Value::as_object_mut).into_iter().flatten() {
        f(&at.child(key), value);
    }
}
