//! Promises the later passes that every reference leads somewhere: puts shared parameters, bodies
//! and replies in place, and refuses what dangles or runs in a circle. A tag whose mapping leads
//! nowhere is one that the contract does not list.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::document::{Document, METHODS, operation_pointer, referred};
use crate::error::{Error, Faults};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk::each_schema;

/// A chain of shared parts longer than this is a circle.
const DEPTH: usize = 16;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let mut faults = Faults::default();
    shared_parts(doc, &mut faults);
    circles(doc, &mut faults);
    let names: BTreeSet<String> = doc.schemas().map(|(name, _)| name.clone()).collect();
    let mut dangling = Vec::new();
    each_schema(doc, &mut |at, schema| {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
            && !referred(schema).is_some_and(|name| names.contains(&name))
        {
            dangling.push((at.child("$ref"), reference.to_owned()));
        }
        mapping_targets(at, schema, &names, notes);
    });
    for (at, reference) in dangling {
        faults.push(
            doc.locate(&at),
            format!("the reference `{reference}` leads nowhere"),
        );
    }
    faults.into_result()
}

/// A mapping's value is a reference or a bare name; afterwards it is a reference. A mapping that leads
/// nowhere at all is none.
fn mapping_targets(at: &Pointer, schema: &mut Value, names: &BTreeSet<String>, notes: &mut Notes) {
    let tags = schema
        .get_mut("discriminator")
        .and_then(Value::as_object_mut);
    let Some(tags) = tags else { return };
    let Some(mapping) = tags.get_mut("mapping").and_then(Value::as_object_mut) else {
        return;
    };
    mapping.retain(|tag, target| {
        let text = target.as_str().unwrap_or_default().to_owned();
        if names.contains(&text) {
            *target = crate::document::schema_reference(&text).into();
            return true;
        }
        let leads = crate::document::schema_name(&text).is_some_and(|name| names.contains(&name));
        if !leads {
            let at = at.child("discriminator").child("mapping").child(tag);
            let what = format!("`{text}` leads nowhere; the tag `{tag}` is not listed");
            notes.fault("references", at, what);
        }
        leads
    });
    if mapping.is_empty() {
        tags.remove("mapping");
    }
}

/// Puts `#/components/parameters/X` and the like in place, and a path's parameters into each of
/// its operations.
fn shared_parts(doc: &mut Document, faults: &mut Faults) {
    let components = doc.root.get("components").cloned().unwrap_or_default();
    let mut missing = Vec::new();
    let mut resolve = |at: Pointer, value: &mut Value| {
        for _ in 0..DEPTH {
            let Some(reference) = value.get("$ref").and_then(Value::as_str).map(str::to_owned)
            else {
                return;
            };
            let target = reference
                .strip_prefix("#/components")
                .and_then(|rest| components.pointer(rest));
            match target {
                Some(target) => *value = target.clone(),
                None => {
                    return missing
                        .push((at, format!("the reference `{reference}` leads nowhere")));
                }
            }
        }
        missing.push((at, "the reference leads back to itself".to_owned()));
    };
    let paths = doc.root.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let shared = item
            .get("parameters")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        for method in METHODS {
            let at = operation_pointer(path, method);
            let Some(Value::Object(operation)) = item.get_mut(method) else {
                continue;
            };
            let list = operation
                .entry("parameters")
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Some(list) = list.as_array_mut() {
                for (index, parameter) in list.iter_mut().enumerate() {
                    resolve(at.child("parameters").index(index), parameter);
                }
                for mut parameter in shared.iter().cloned() {
                    resolve(
                        Pointer::root()
                            .child("paths")
                            .child(path)
                            .child("parameters"),
                        &mut parameter,
                    );
                    let same = |other: &Value| {
                        other.get("name") == parameter.get("name")
                            && other.get("in") == parameter.get("in")
                    };
                    if !list.iter().any(same) {
                        list.push(parameter);
                    }
                }
            }
            if let Some(body) = operation.get_mut("requestBody") {
                resolve(at.child("requestBody"), body);
            }
            for (status, reply) in operation
                .get_mut("responses")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flatten()
            {
                resolve(at.child("responses").child(status), reply);
            }
        }
        if let Value::Object(item) = item {
            item.remove("parameters");
        }
    }
    for (at, what) in missing {
        faults.push(doc.locate(&at), what);
    }
    // What was shared now stands where it is used.
    if let Some(Value::Object(components)) = doc.root.get_mut("components") {
        let keep = |key: &str| matches!(key, "schemas" | "securitySchemes");
        let old: Map<String, Value> = std::mem::take(components);
        components.extend(old.into_iter().filter(|(key, _)| keep(key)));
    }
}

/// Refuses schemas that are nothing but references to each other.
fn circles(doc: &Document, faults: &mut Faults) {
    for (name, schema) in doc.schemas() {
        let mut seen = BTreeSet::from([name.clone()]);
        let mut next = referred(schema);
        while let Some(target) = next {
            if !seen.insert(target.clone()) {
                let what = format!("`{name}` is only a reference that leads back to itself");
                faults.push(doc.locate(&Pointer::schema(name)), what);
                break;
            }
            next = doc.schema(&target).and_then(referred);
        }
    }
}
