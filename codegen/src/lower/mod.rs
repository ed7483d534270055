//! From the normal form to the plan: names every type, and writes the document that the backend
//! can take (OpenAPI 3.0 without choices, limits, defaults and tags).

mod areas;
mod docs;
mod features;
mod limits;
mod operations;
mod schemas;
pub(crate) mod tags;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, schema_reference};
use crate::names::{LONGEST, NameScope, RESERVED_TYPES, pascal};
use crate::notes::Notes;
use crate::plan::{Plan, TypeKind};
use crate::pointer::Pointer;

/// Makes the plan for a document in the normal form.
pub(crate) fn lower(doc: &Document, features: &[String], notes: &mut Notes) -> Plan {
    let names = type_names(doc, notes);
    let areas = areas::areas(doc);
    let gates = features::gates(doc, &areas, features);
    let lowering = Lowering {
        doc,
        names: &names,
        tags: tags::tags(doc),
        direct: tags::direct(doc),
        sent: tags::sent(doc),
    };
    let mut types = BTreeMap::new();
    let mut schemas = Map::new();
    for (name, schema) in doc.schemas() {
        let rust = &names[name];
        let (kind, lowered) = lowering.component(name, schema, notes);
        if !matches!(kind, TypeKind::Alias(_)) {
            schemas.insert(rust.clone(), lowered);
        }
        let plan = crate::plan::TypePlan {
            schema: name.clone(),
            area: areas[name].clone(),
            docs: docs::type_docs(name, schema),
            kind,
        };
        types.insert(rust.clone(), plan);
    }
    let (paths, operations) = lowering.operations(&areas, &gates, notes);
    let info = doc.root.get("info");
    let text = |key: &str| {
        info.and_then(|info| info.get(key)?.as_str())
            .unwrap_or("API")
            .to_owned()
    };
    let lowered = json!({
        "openapi": "3.0.3",
        "info": { "title": text("title"), "version": text("version") },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    Plan {
        title: text("title"),
        lowered,
        types,
        operations,
        gates,
        limits: limits::limits(&lowering, &areas),
    }
}

/// What lowering looks things up in.
struct Lowering<'a> {
    doc: &'a Document,
    /// Schema name → Rust type name.
    names: &'a BTreeMap<String, String>,
    /// Schema name → the properties that its unions write for it.
    tags: BTreeMap<String, std::collections::BTreeSet<String>>,
    /// The schemas that something other than a union refers to.
    direct: std::collections::BTreeSet<String>,
    /// The schemas that a request may hold.
    sent: std::collections::BTreeSet<String>,
}

impl Lowering<'_> {
    /// The reference to a component under its Rust name.
    fn reference(&self, schema: &str) -> String {
        schema_reference(self.names.get(schema).map_or(schema, String::as_str))
    }
}

/// Gives every component its Rust name; a collision is resolved and noted.
fn type_names(doc: &Document, notes: &mut Notes) -> BTreeMap<String, String> {
    let mut scope = NameScope::with_reserved(RESERVED_TYPES);
    let mut names = BTreeMap::new();
    // A schema that is already called what it would be called keeps its name.
    let mut order: Vec<&String> = doc.schemas().map(|(name, _)| name).collect();
    order.sort_by_key(|name| (pascal(name) != **name, name.as_str()));
    for name in order {
        let wanted = pascal(name);
        let given = scope.claim(&wanted);
        if given != wanted {
            let what = format!("named `{given}` in Rust, since `{wanted}` is taken");
            notes.push("names", Pointer::schema(name), what);
        }
        if given.len() > LONGEST {
            let what = format!("`{given}` is longer than {LONGEST} characters");
            notes.push("names", Pointer::schema(name), what);
        }
        names.insert(name.clone(), given);
    }
    names
}

/// Marks a lowered schema as one that may be null.
fn nullable(schema: Value) -> Value {
    match schema {
        Value::Object(object) if object.contains_key("$ref") => {
            let mut out = Map::from_iter([("nullable".to_owned(), json!(true))]);
            let (beside, reference): (Map<_, _>, Map<_, _>) =
                object.into_iter().partition(|(key, _)| key != "$ref");
            out.extend(beside);
            out.insert("allOf".to_owned(), json!([reference]));
            Value::Object(out)
        }
        Value::Object(mut object) if object.contains_key("type") => {
            object.insert("nullable".to_owned(), json!(true));
            Value::Object(object)
        }
        any => any,
    }
}
