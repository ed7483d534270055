//! One of the two documents, ready to be compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::detail::Way;
use super::prepare::{self, CHOICES, NAMED, Operations};
use crate::document::{Document, referred};
use crate::error::Error;
use crate::notes::Notes;
use crate::passes::normalise;
use crate::pointer::Pointer;

/// A document in both forms.
pub(super) struct Side {
    /// With patches, as written.
    pub(super) written: Document,
    /// In the normal form; messages are components too.
    normal: Document,
    pub(super) operations: Operations,
    /// Which ways each component travels, where an operation reaches it.
    ways: BTreeMap<String, Way>,
    /// Schema → every schema it extends, near or far.
    bases: BTreeMap<String, BTreeSet<String>>,
}

impl Side {
    pub(super) fn new(written: Document) -> Result<Self, Error> {
        let mut doc = written.clone();
        let operations = prepare::run(&mut doc);
        let normal = normalise(doc, &mut Notes::default())?;
        let bases = bases(&written);
        let mut side = Self {
            written,
            normal,
            operations,
            ways: BTreeMap::new(),
            bases,
        };
        side.travel();
        Ok(side)
    }

    /// Whether the document itself names this component.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.written.schema(name).is_some()
    }

    /// The names that the document gives.
    pub(super) fn declared(&self) -> impl Iterator<Item = &String> {
        self.written.schemas().map(|(name, _)| name)
    }

    /// A component in the normal form. References lead somewhere, so null never shows.
    pub(super) fn component(&self, name: &str) -> &Value {
        self.normal.schema(name).unwrap_or(&Value::Null)
    }

    /// What a schema is: itself, or what it refers to.
    pub(super) fn target<'a>(&'a self, schema: &'a Value) -> &'a Value {
        referred(schema).map_or(schema, |name| self.component(&name))
    }

    /// The alternatives of a choice.
    pub(super) fn choices(&self, schema: &Value) -> Vec<&Value> {
        let list = schema
            .get(CHOICES)
            .and_then(Value::as_str)
            .map(|name| self.component(name));
        let list = list.and_then(|list| list.get("properties")?.as_object());
        list.into_iter().flat_map(serde_json::Map::values).collect()
    }

    /// Which ways a component travels; one that nothing reaches is taken to go both.
    pub(super) fn way(&self, name: &str) -> Way {
        self.ways.get(name).copied().unwrap_or_default()
    }

    /// The schemas that a schema extends.
    pub(super) fn bases_of(&self, name: &str) -> impl Iterator<Item = &String> {
        self.bases.get(name).into_iter().flatten()
    }

    /// The schemas that extend one.
    pub(super) fn children_of(&self, name: &str) -> Vec<&String> {
        let children = self.bases.iter().filter(|(_, bases)| bases.contains(name));
        children.map(|(child, _)| child).collect()
    }

    /// Whether a schema is there only for others to extend, so that the normal form needs none.
    pub(super) fn is_only_base(&self, name: &str) -> bool {
        !self.ways.contains_key(name)
            && self.bases.values().any(|bases| bases.contains(name))
            && self.component(name).get("discriminator").is_none()
    }

    fn travel(&mut self) {
        let mut open: Vec<(String, Way)> = Vec::new();
        for operation in self.operations.values() {
            let parameters = operation
                .parameters
                .values()
                .map(|parameter| &parameter.component);
            let requests = parameters.chain(operation.body.iter().map(|body| &body.component));
            open.extend(requests.map(|name| (name.clone(), Way::REQUEST)));
            let replies = operation
                .replies
                .values()
                .filter_map(|reply| reply.content.as_ref());
            open.extend(replies.map(|(_, name)| (name.clone(), Way::REPLY)));
        }
        while let Some((name, way)) = open.pop() {
            let known = self.ways.get(&name).copied();
            let now = known.unwrap_or_default().or(way);
            if known == Some(now) {
                continue;
            }
            let mut next = BTreeSet::new();
            mentioned(self.component(&name), &mut next);
            self.ways.insert(name, now);
            open.extend(next.into_iter().map(|name| (name, now)));
        }
    }
}

/// Every component that a schema refers to.
fn mentioned(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            found.extend(referred(schema));
            let names = [CHOICES, NAMED]
                .iter()
                .filter_map(|key| object.get(*key)?.as_str());
            found.extend(names.map(str::to_owned));
            object.values().for_each(|value| mentioned(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| mentioned(value, found)),
        _ => {}
    }
}

/// Schema → its bases, near and far.
fn bases(doc: &Document) -> BTreeMap<String, BTreeSet<String>> {
    let direct: BTreeMap<&String, Vec<String>> = doc
        .schemas()
        .map(|(name, schema)| {
            let parts = schema
                .get("allOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            (name, parts.filter_map(referred).collect())
        })
        .collect();
    let all = direct.keys().map(|name| {
        let mut found = BTreeSet::new();
        let mut open: Vec<&String> = direct[name].iter().collect();
        while let Some(base) = open.pop() {
            if found.insert(base.clone()) {
                open.extend(direct.get(base).into_iter().flatten());
            }
        }
        ((*name).clone(), found)
    });
    all.filter(|(_, found)| !found.is_empty()).collect()
}

/// Whether a schema as written declares a property itself, not through a reference.
pub(super) fn declares_property(doc: &Document, schema: &str, property: &str) -> bool {
    let holds = |schema: &Value| {
        schema
            .get("properties")
            .is_some_and(|properties| properties.get(property).is_some())
    };
    doc.schema(schema).is_some_and(|schema| {
        let parts = schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        holds(schema) || parts.into_iter().any(holds)
    })
}

/// The file and pointer of a place as written.
pub(super) fn origin(doc: &Document, at: &Pointer) -> Option<String> {
    doc.root.pointer(at.as_str())?;
    let (file, pointer) = doc.locate(at);
    Some(format!("{file}#{pointer}"))
}
