//! The typed model of a contract in the normal form: what every reader of it asks. It is built once,
//! and nothing behind it looks at a JSON value for its shape again.

mod areas;
mod content;
mod cut;
mod envelope;
mod events;
mod gates;
mod messages;
mod names;
mod operations;
mod pages;
mod paging;
mod reach;
mod security;
mod span;
mod styles;
mod types;
mod waiters;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub(crate) use content::{About, Content, Ty};
pub(crate) use cut::by_tag;
pub(crate) use envelope::{Envelope, envelope};
pub(crate) use events::{Event, told_by};
pub(crate) use gates::Gate;
pub(crate) use messages::{Body, BodyKind, Part, Reply, ReplyKind};
pub(crate) use names::Renames;
pub(crate) use operations::{Method, Operation, Parameter};
pub(crate) use paging::{Next, Pages};
pub(crate) use reach::{direct, written_tags};
pub(crate) use security::{Asks, Scheme, Security, Server};
pub(crate) use span::Span;
pub(crate) use styles::{Place, Style, StyleKind};
pub(crate) use types::{Choice, Enum, Kind, Member, Numbers, Struct, Type, Union};
pub(crate) use waiters::{Expected, Hold, Start, State, Target, Waiter};

use crate::document::Document;
use crate::notes::Notes;

/// A contract in the normal form.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// The API's title.
    pub title: String,
    /// The API's version.
    pub version: String,
    /// Its servers, the usual one first.
    pub servers: Vec<Server>,
    /// Schema name → the type.
    pub types: BTreeMap<String, Type>,
    /// The operations, by path and method.
    pub operations: Vec<Operation>,
    /// What the service sends by itself.
    pub events: Vec<Event>,
    /// What is around every reply.
    pub envelope: Option<Envelope>,
    /// How work is watched, by name.
    pub waiters: Vec<Waiter>,
    /// Module of types → when it is compiled.
    pub gates: BTreeMap<String, Gate>,
    /// The schemas that a request may hold, at any depth.
    pub sent: BTreeSet<String>,
    /// The schemas that a reply may hold, at any depth.
    pub received: BTreeSet<String>,
}

impl Model {
    /// Builds the model of a document.
    ///
    /// `features` are the cargo features that cut the types (see [`crate::Options`]).
    pub(crate) fn of(
        doc: &Document,
        features: &[String],
        renames: &Renames,
        notes: &mut Notes,
    ) -> Self {
        let info = |key: &str| {
            let info = doc
                .root
                .get("info")
                .and_then(|info| info.get(key)?.as_str());
            info.unwrap_or("API").to_owned()
        };
        let types = types::types(doc, renames, notes);
        let (mut operations, mut scope) = operations::operations(doc, renames, notes);
        pages::find(doc, &mut operations, &types, &mut scope);
        let mut model = Self {
            title: info("title"),
            version: info("version"),
            servers: security::servers(Some(&doc.root)),
            types,
            events: events::events(doc),
            sent: BTreeSet::new(),
            received: BTreeSet::new(),
            envelope: None,
            waiters: Vec::new(),
            gates: BTreeMap::new(),
            operations,
        };
        model.sent = reach::sent(&model);
        model.received = reach::received(&model);
        reach::clear_by_null(&mut model);
        reach::drop_tags(&mut model);
        reach::open_circles(&mut model, notes);
        let own = |name: &str, area: &str| gates::own(doc, name, area, features);
        model.gates = gates::gates(&model, own);
        model
    }

    /// Returns the Rust name of a schema's type.
    pub(crate) fn rust<'a>(&'a self, schema: &'a str) -> &'a str {
        self.types.get(schema).map_or(schema, |found| &found.rust)
    }

    /// Returns the schemas that have a type of their own, each with its name in Rust.
    pub(crate) fn own_types(&self) -> BTreeMap<String, String> {
        let own = self.types.iter();
        own.filter(|(_, found)| !matches!(found.kind, Kind::Alias(_)))
            .map(|(name, found)| (name.clone(), found.rust.clone()))
            .collect()
    }

    /// Returns the kind of a schema's type.
    pub(crate) fn kind(&self, schema: &str) -> Option<&Kind> {
        self.types.get(schema).map(|found| &found.kind)
    }

    /// Returns a struct and the name of its schema, where one is meant.
    pub(crate) fn structure(&self, schema: &str) -> Option<&Struct> {
        match self.kind(schema)? {
            Kind::Struct(structure) => Some(structure),
            _ => None,
        }
    }

    /// Returns a union, where one is meant.
    pub(crate) fn union(&self, schema: &str) -> Option<&Union> {
        match self.kind(schema)? {
            Kind::Union(union) => Some(union),
            _ => None,
        }
    }

    /// Calls `visit` with every union and the name of its schema.
    pub(crate) fn unions(&self) -> impl Iterator<Item = (&String, &Union)> {
        self.types
            .iter()
            .filter_map(|(name, found)| match &found.kind {
                Kind::Union(union) => Some((name, union)),
                _ => None,
            })
    }

    /// The gate of a schema's module.
    pub(crate) fn gate(&self, schema: &str) -> &Gate {
        let area = self.types.get(schema).map(|found| &found.area);
        area.and_then(|area| self.gates.get(area))
            .unwrap_or(&Gate::Always)
    }
}

/// Whether a member of a JSON object is `true`.
fn is_on(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&Value::Bool(true))
}

/// The text of a member of a JSON object.
fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}
