//! Who writes which tag, and which schemas a request may hold.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::{Document, referred, schema_name};
use crate::pointer::Pointer;
use crate::walk::{self, references};

/// Schema → the properties that the unions around it write, so that its struct leaves them out.
///
/// A property is left out only where every way to the schema goes through a union that writes it.
pub(crate) fn tags(doc: &Document) -> BTreeMap<String, BTreeSet<String>> {
    let mut parents: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (name, schema) in doc.schemas() {
        let Some(tag) = schema
            .pointer("/discriminator/propertyName")
            .and_then(Value::as_str)
        else {
            continue;
        };
        let mapping = schema
            .pointer("/discriminator/mapping")
            .and_then(Value::as_object);
        for target in mapping.into_iter().flat_map(|mapping| mapping.values()) {
            if let Some(target) = target.as_str().and_then(schema_name) {
                parents
                    .entry(target)
                    .or_default()
                    .push((name.clone(), tag.to_owned()));
            }
        }
    }
    let mut found = BTreeMap::new();
    for name in parents.keys() {
        let mut open = BTreeSet::new();
        found.insert(name.clone(), written(name, &parents, &mut open));
    }
    found
}

fn written(
    name: &str,
    parents: &BTreeMap<String, Vec<(String, String)>>,
    open: &mut BTreeSet<String>,
) -> BTreeSet<String> {
    if !open.insert(name.to_owned()) {
        return BTreeSet::new();
    }
    let ways = parents.get(name).into_iter().flatten().map(|(union, tag)| {
        let mut tags = written(union, parents, open);
        tags.insert(tag.clone());
        tags
    });
    let common = ways.reduce(|one, other| one.intersection(&other).cloned().collect());
    open.remove(name);
    common.unwrap_or_default()
}

/// The schemas that something other than a union refers to. There the tag may be on the wire or
/// not, so that a struct keeps it as a member that can be absent.
pub(crate) fn direct(doc: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let unions = |schema: &Value| schema.get("discriminator").is_some();
    for (_, schema) in doc.schemas().filter(|(_, schema)| !unions(schema)) {
        found.extend(references(&mut schema.clone()));
    }
    for (_, _, operation) in doc.operations() {
        let at = Pointer::root();
        walk::operation_schemas(&at, &mut operation.clone(), &mut |_, schema| {
            found.extend(referred(schema));
        });
    }
    found
}

/// The schemas that a request's body may hold, at any depth.
pub(crate) fn sent(doc: &Document) -> BTreeSet<String> {
    let mut next: Vec<String> = Vec::new();
    for (_, _, operation) in doc.operations() {
        let mut body = operation.get("requestBody").cloned().unwrap_or_default();
        let content = body.get_mut("content").and_then(Value::as_object_mut);
        for (_, media) in content.into_iter().flatten() {
            if let Some(schema) = media.get_mut("schema") {
                next.extend(references(schema));
            }
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = next.pop() {
        if let Some(schema) = doc.schema(&name)
            && found.insert(name)
        {
            next.extend(references(&mut schema.clone()));
        }
    }
    found
}
