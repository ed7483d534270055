//! Lifts anonymous objects, unions and enums to components, named after where they stand, so that
//! each becomes a Rust type with a name a reader can foresee.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, schema_reference};
use crate::error::Error;
use crate::extension;
use crate::marks::{INLINE, NAMES};
use crate::names::{NameScope, pascal};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::shape::JsonKind;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let mut components = std::mem::take(doc.schemas_mut());
    let names: Vec<&str> = components.keys().map(String::as_str).collect();
    let mut lifter = Lifter {
        scope: NameScope::with_reserved(names),
        lifted: BTreeMap::new(),
        written: BTreeMap::new(),
        notes,
    };
    for (name, schema) in &mut components {
        lifter.inside(schema, name, &Pointer::schema(name));
    }
    doc.each_operation_mut(|path, method, operation| {
        lifter.operation(operation, &crate::document::operation_pointer(path, method));
    });
    components.extend(lifter.lifted);
    let written = lifter.written;
    *doc.schemas_mut() = components;
    doc.lifted.extend(written);
    Ok(())
}

struct Lifter<'a> {
    scope: NameScope,
    lifted: BTreeMap<String, Value>,
    /// Where each of them stands in the document.
    written: BTreeMap<String, Pointer>,
    notes: &'a mut Notes,
}

impl Lifter<'_> {
    fn operation(&mut self, operation: &mut Value, at: &Pointer) {
        let id = pascal(
            operation
                .get("operationId")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        );
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let name = pascal(
                parameter
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            );
            if let Some(schema) = parameter.get_mut("schema") {
                self.schema(
                    schema,
                    &format!("{id}{name}"),
                    &at.child("parameters").index(index).child("schema"),
                );
            }
            let at = at.child("parameters").index(index);
            self.content(parameter, &format!("{id}{name}"), &at);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            self.content(body, &format!("{id}Body"), &at.child("requestBody"));
        }
        let replies = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for (status, reply) in replies.into_iter().flatten() {
            self.content(
                reply,
                &format!("{id}Reply"),
                &at.child("responses").child(status),
            );
        }
    }

    fn content(&mut self, message: &mut Value, hint: &str, at: &Pointer) {
        let content = message.get_mut("content").and_then(Value::as_object_mut);
        // The same type in another spelling (`text/json`) would only be lifted twice.
        let mut first: Option<(Value, Value)> = None;
        for (media, value) in content.into_iter().flatten() {
            let Some(schema) = value.get_mut("schema") else {
                continue;
            };
            // The members of a form of parts are its parts; it is sent, and never read.
            if media.starts_with("multipart/form-data")
                && schema.get("properties").is_some()
                && schema.get("allOf").is_none()
            {
                self.inside(
                    schema,
                    hint,
                    &at.child("content").child(media).child("schema"),
                );
                continue;
            }
            let before = schema.clone();
            match &first {
                Some((same, lifted)) if *same == before => *schema = lifted.clone(),
                _ => {
                    self.schema(
                        schema,
                        hint,
                        &at.child("content").child(media).child("schema"),
                    );
                    first = Some((before, schema.clone()));
                }
            }
        }
    }

    /// Lifts what is inside a schema, then the schema itself.
    fn schema(&mut self, schema: &mut Value, hint: &str, at: &Pointer) {
        self.inside(schema, hint, at);
        let Value::Object(object) = schema else {
            return;
        };
        if !is_own_type(object) {
            return;
        }
        let name = self.scope.claim(hint);
        self.notes
            .conversion("inline-types", at.clone(), format!("became `{name}`"));
        let mut reference = Map::from_iter([("$ref".to_owned(), json!(schema_reference(&name)))]);
        for beside in [
            "description",
            "nullable",
            "default",
            "readOnly",
            "writeOnly",
            "deprecated",
            extension::EXTENSION,
            extension::LAST_SEEN,
        ] {
            // A mark on values belongs to the type, any other to the member.
            if beside == extension::EXTENSION && object.contains_key(extension::VALUES) {
                continue;
            }
            let kept = if beside == "description" {
                object.get(beside).cloned()
            } else {
                object.remove(beside)
            };
            reference.extend(kept.map(|value| (beside.to_owned(), value)));
        }
        object.insert(INLINE.to_owned(), true.into());
        let lifted = std::mem::replace(schema, Value::Object(reference));
        self.written.insert(name.clone(), at.clone());
        self.lifted.insert(name, lifted);
    }

    fn inside(&mut self, schema: &mut Value, hint: &str, at: &Pointer) {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            self.schema(
                property,
                &format!("{hint}{}", pascal(name)),
                &at.child("properties").child(name),
            );
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            if let Some(inner) = schema.get_mut(key) {
                self.schema(inner, &format!("{hint}{suffix}"), &at.child(key));
            }
        }
        // The parts of an `allOf` are this schema; the branches of a choice are types.
        let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
        for (index, part) in parts.into_iter().flatten().enumerate() {
            self.inside(part, hint, &at.child("allOf").index(index));
        }
        for key in ["oneOf", "anyOf"] {
            let branches = schema.get_mut(key).and_then(Value::as_array_mut);
            let kinds: Vec<Option<JsonKind>> = branches
                .iter()
                .flat_map(|all| all.iter())
                .map(JsonKind::of)
                .collect();
            for (index, branch) in branches.into_iter().flatten().enumerate() {
                let title = branch.get("title").and_then(Value::as_str).map(pascal);
                let same = kinds.iter().filter(|kind| **kind == kinds[index]);
                let alone = kinds[index].filter(|_| same.count() == 1);
                let suffix = title
                    .or_else(|| alone.map(|kind| kind.variant().to_owned()))
                    .unwrap_or_else(|| format!("Choice{}", index + 1));
                self.schema(
                    branch,
                    &format!("{hint}{suffix}"),
                    &at.child(key).index(index),
                );
            }
        }
    }
}

/// Whether a schema wants a Rust type of its own. An enum of one value is a tag and does not.
fn is_own_type(schema: &Map<String, Value>) -> bool {
    if schema.contains_key("$ref") {
        return false;
    }
    let longer = |key: &str, least: usize| {
        schema
            .get(key)
            .and_then(Value::as_array)
            .is_some_and(|list| list.len() >= least)
    };
    let has_members = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|map| !map.is_empty());
    let is_text = schema.get("type").and_then(Value::as_str) == Some("string");
    has_members
        || longer("allOf", 2)
        || has_own_part(schema)
        || schema.contains_key("discriminator")
        || longer("oneOf", 2)
        || longer("anyOf", 2)
        || schema.contains_key(NAMES)
        || (is_text && longer("enum", 2))
}

/// Whether a lone part of an `allOf` wants a type: it is the whole schema then.
fn has_own_part(schema: &Map<String, Value>) -> bool {
    let parts = schema.get("allOf").and_then(Value::as_array);
    let mut parts = parts.into_iter().flatten().filter_map(Value::as_object);
    parts.any(is_own_type)
}
