//! Some operations of a document, with the schemas that they need.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::{Document, METHODS, referred};
use crate::error::Error;
use crate::walk::references;

/// Which operations of a document become methods.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these: operationIds, tags, or methods with paths such as `GET /pets`. Empty takes all.
    pub only: Vec<String>,
    /// None of these.
    pub exclude: Vec<String>,
}

impl Selection {
    /// Takes the others out of a document, and the schemas that only they need.
    pub(crate) fn apply(&self, doc: &mut Document) -> Result<(), Error> {
        if self.only.is_empty() && self.exclude.is_empty() {
            return Ok(());
        }
        let named = self.only.iter().chain(&self.exclude);
        let mut unknown: BTreeSet<&str> = named.map(String::as_str).collect();
        let mut dropped = Vec::new();
        for (path, method, operation) in doc.operations() {
            let names = names(path, method, operation);
            unknown.retain(|name| !names.contains(*name));
            let is_one = |list: &[String]| list.iter().any(|name| names.contains(name.as_str()));
            if is_one(&self.exclude) || !(self.only.is_empty() || is_one(&self.only)) {
                dropped.push((path.to_owned(), method));
            }
        }
        if let Some(name) = unknown.first() {
            let what = format!("no operation, tag or `METHOD /path` is called `{name}`");
            return Err(Error::file(doc.file.as_str(), what));
        }
        let paths = doc.root.get_mut("paths").and_then(Value::as_object_mut);
        for (path, item) in paths.into_iter().flatten() {
            let Value::Object(item) = item else { continue };
            for method in METHODS {
                if dropped
                    .iter()
                    .any(|(of, dropped)| of == path && *dropped == method)
                {
                    item.remove(method);
                }
            }
        }
        if !self.only.is_empty() {
            // What a service sends by itself belongs to no selected operation.
            doc.root.as_object_mut().map(|root| root.remove("webhooks"));
        }
        let needed = needed(doc);
        doc.schemas_mut().retain(|name, _| needed.contains(name));
        Ok(())
    }
}

/// What an operation may be selected by.
fn names(path: &str, method: &str, operation: &Value) -> BTreeSet<String> {
    let id = operation.get("operationId").and_then(Value::as_str);
    let tags = operation.get("tags").and_then(Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    let mut names: BTreeSet<String> = tags.chain(id).map(str::to_owned).collect();
    names.insert(format!("{} {path}", method.to_uppercase()));
    names
}

/// The schemas that what is left refers to. The variants of a union may be known by their base alone.
fn needed(doc: &Document) -> BTreeSet<String> {
    let mut children: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for (name, schema) in doc.schemas() {
        let parts = schema.get("allOf").and_then(Value::as_array);
        for base in parts.into_iter().flatten().filter_map(referred) {
            let has_tag = doc
                .schema(&base)
                .is_some_and(|base| base.get("discriminator").is_some());
            if has_tag {
                children.entry(base).or_default().push(name);
            }
        }
    }
    let mut next = Vec::new();
    for key in ["paths", "webhooks"] {
        anywhere(doc.root.get(key), &mut next);
    }
    let components = doc.root.get("components").and_then(Value::as_object);
    let shared = components
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != "schemas");
    shared.for_each(|(_, shared)| anywhere(Some(shared), &mut next));
    let mut found = BTreeSet::new();
    while let Some(name) = next.pop() {
        if let Some(schema) = doc.schema(&name).filter(|_| !found.contains(&name)) {
            next.extend(references(schema));
            next.extend(
                children
                    .get(&name)
                    .into_iter()
                    .flatten()
                    .map(|name| (*name).clone()),
            );
            found.insert(name);
        }
    }
    found
}

/// The schemas that are referred to anywhere below a value.
fn anywhere(value: Option<&Value>, into: &mut Vec<String>) {
    match value {
        Some(Value::Object(object)) => {
            into.extend(value.and_then(referred));
            let mapping = object.get("mapping").and_then(Value::as_object);
            let targets = mapping.into_iter().flat_map(serde_json::Map::values);
            into.extend(
                targets.filter_map(|target| crate::document::schema_name(target.as_str()?)),
            );
            object
                .values()
                .for_each(|inner| anywhere(Some(inner), into));
        }
        Some(Value::Array(list)) => list.iter().for_each(|inner| anywhere(Some(inner), into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let at = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let reply = |name: &str| json!({ "200": { "description": "", "content": { "application/json": { "schema": at(name) } } } });
        let root = json!({
            "openapi": "3.1.0",
            "paths": {
                "/pets": {
                    "get": { "operationId": "pets", "tags": ["reading"], "responses": reply("Pet") },
                    "post": { "operationId": "addPet", "responses": reply("Receipt") },
                },
                "/homes": { "get": { "tags": ["reading"], "responses": reply("Home") } },
            },
            "components": { "schemas": {
                "Pet": { "properties": { "kind": { "type": "string" } }, "discriminator": { "propertyName": "kind" } },
                "Cat": { "allOf": [at("Pet"), { "properties": { "toy": at("Toy") } }] },
                "Toy": { "type": "object" },
                "Receipt": { "type": "object" },
                "Home": { "type": "object" },
            } },
        });
        Document::from_value("t.json", root)
    }

    fn left(only: &[&str], exclude: &[&str]) -> (usize, String) {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let selection = Selection {
            only: list(only),
            exclude: list(exclude),
        };
        let mut doc = document();
        selection.apply(&mut doc).expect("all are there");
        let schemas: Vec<&str> = doc.schemas().map(|(name, _)| name.as_str()).collect();
        (doc.operations().count(), schemas.join(" "))
    }

    #[test]
    fn what_is_left_has_what_it_needs() {
        assert_eq!(left(&[], &[]), (3, "Cat Home Pet Receipt Toy".to_owned()));
        assert_eq!(left(&["pets"], &[]), (1, "Cat Pet Toy".to_owned()));
        assert_eq!(left(&["reading"], &["pets"]), (1, "Home".to_owned()));
        assert_eq!(
            left(&[], &["GET /homes", "pets"]),
            (1, "Receipt".to_owned())
        );
    }

    #[test]
    fn what_is_not_there_is_told() {
        let only = vec!["cats".to_owned()];
        let selection = Selection {
            only,
            ..Selection::default()
        };
        let error = selection
            .apply(&mut document())
            .expect_err("there are no cats");
        assert!(error.to_string().contains("`cats`"), "{error}");
    }
}
