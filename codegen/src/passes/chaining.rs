//! Marks the members that may hold a reference in place of a value.
//!
//! A service that chains steps takes `{"$ref": "step", "path": "output.images[0].url"}` wherever a
//! step's input has a value, though its description types the member as text or a number. A union
//! says with `x-chained: input` that the member `input` of its variants is such an input.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::document::{Document, referred};
use crate::error::Error;
use crate::marks::{CHAINED, REFERABLE};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk::{look_at_replies, references};

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let chained: Vec<(String, String)> = doc
        .schemas()
        .filter_map(|(name, schema)| {
            Some((name.clone(), schema.get(CHAINED)?.as_str()?.to_owned()))
        })
        .collect();
    let mut chain = Chain {
        steps: chained.iter().map(|(union, _)| union.clone()).collect(),
        ..Chain::default()
    };
    let mut inputs = BTreeSet::new();
    for (union, member) in &chained {
        for step in variants(doc, union) {
            let input = doc.schema(&step).and_then(|step| property(step, member));
            inputs.extend(input.into_iter().flat_map(references));
            chain.holders.insert((step, member.clone()));
        }
    }
    chain.inputs = reach(doc, inputs, &chain);
    let elsewhere = reach(doc, used_elsewhere(doc, &chain), &chain);
    for name in chain.inputs.intersection(&elsewhere) {
        let has_members = doc
            .schema(name)
            .is_some_and(|schema| schema.get("properties").is_some());
        if has_members {
            let what = "is no input alone; its members take no reference";
            notes.guess("chaining", Pointer::schema(name), what);
        }
    }
    chain.inputs.retain(|name| !elsewhere.contains(name));
    mark(doc, &chain);
    Ok(())
}

/// What the document says about chaining.
#[derive(Default)]
struct Chain {
    /// The unions of steps, which no reference replaces.
    steps: BTreeSet<String>,
    /// Variant and member that hold an input.
    holders: BTreeSet<(String, String)>,
    /// The schemas that are inputs, or part of one.
    inputs: BTreeSet<String>,
}

fn variants(doc: &Document, union: &str) -> Vec<String> {
    let branches = doc
        .schema(union)
        .and_then(|union| union.get("oneOf")?.as_array());
    branches
        .into_iter()
        .flatten()
        .filter_map(referred)
        .collect()
}

fn property<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    schema.get("properties")?.get(name)
}

/// Everything that can be reached without going through a step or into an input.
fn reach(doc: &Document, from: BTreeSet<String>, chain: &Chain) -> BTreeSet<String> {
    let mut next: Vec<String> = from.into_iter().collect();
    let mut found = BTreeSet::new();
    while let Some(name) = next.pop() {
        let Some(schema) = doc.schema(&name).filter(|_| !chain.steps.contains(&name)) else {
            continue;
        };
        if found.insert(name) {
            next.extend(references(schema));
        }
    }
    found
}

/// What replies and parameters hold, what steps hold beside their inputs, and what nothing refers
/// to. Bodies are left out: a service that runs one step at once takes its input as the body.
fn used_elsewhere(doc: &Document, chain: &Chain) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, _, operation) in doc.operations() {
        look_at_replies(operation, &mut |schema| found.extend(referred(schema)));
    }
    for step in chain.holders.iter().map(|(step, _)| step) {
        let members = doc
            .schema(step)
            .and_then(|step| step.get("properties")?.as_object());
        for (member, schema) in members.into_iter().flatten() {
            if !chain.holders.contains(&(step.clone(), member.clone())) {
                found.extend(references(schema));
            }
        }
    }
    found
}

fn mark(doc: &mut Document, chain: &Chain) {
    let kinds: BTreeMap<String, Kind> = doc
        .schemas()
        .map(|(name, schema)| {
            // An object that is a reference itself, such as the source of a loop, stays as it is.
            let fixed = chain.steps.contains(name) || property(schema, "$ref").is_some();
            (
                name.clone(),
                if fixed { Kind::Fixed } else { own_kind(schema) },
            )
        })
        .collect();
    for (name, schema) in doc.schemas_mut() {
        let members = schema.get_mut("properties").and_then(Value::as_object_mut);
        let is_input = chain.inputs.contains(name) && kinds.get(name) != Some(&Kind::Fixed);
        for (member, schema) in members.into_iter().flatten() {
            let holds_input = chain.holders.contains(&(name.clone(), member.clone()));
            let bare_input = holds_input && referred(schema).is_none();
            if is_input || bare_input {
                member_of_input(schema, &kinds);
            }
        }
    }
}

/// What a value is to a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text, a number, a choice of words.
    Single,
    /// An object, a list or a map.
    Whole,
    /// Any JSON, a reference included.
    Any,
    /// A step, a tag, or something that is a reference of its own kind.
    Fixed,
}

/// The kind of a schema that refers to no other.
fn own_kind(schema: &Value) -> Kind {
    let of_any = schema.get("additionalProperties").is_some_and(|values| {
        values.is_object() && own_kind(values) == Kind::Any && referred(values).is_none()
    });
    let listed = schema.get("enum").and_then(Value::as_array);
    match schema.get("type").and_then(Value::as_str) {
        // A tag says what the input is, before anything is looked up.
        _ if listed.is_some_and(|values| values.len() == 1) => Kind::Fixed,
        Some("array") => Kind::Whole,
        Some("object") if of_any && schema.get("properties").is_none() => Kind::Any,
        Some("object") => Kind::Whole,
        Some(_) => Kind::Single,
        None if schema.get("oneOf").is_some() || schema.get("properties").is_some() => Kind::Whole,
        None => Kind::Any,
    }
}

/// Marks a member, and the single values of a list or map in it. Any JSON needs no mark.
fn member_of_input(schema: &mut Value, kinds: &BTreeMap<String, Kind>) {
    let kind = |schema: &Value| match referred(schema) {
        Some(name) => kinds.get(&name).copied().unwrap_or(Kind::Any),
        None => own_kind(schema),
    };
    let mut own = kind(schema);
    for inner in ["items", "additionalProperties"] {
        let inner = schema.get_mut(inner).filter(|inner| inner.is_object());
        match (inner.as_deref().map(kind), inner) {
            (Some(Kind::Single), Some(Value::Object(inner))) => {
                inner.insert(REFERABLE.to_owned(), json!(true));
            }
            (Some(Kind::Fixed), _) => own = Kind::Fixed,
            _ => {}
        }
    }
    if let (Kind::Single | Kind::Whole, Value::Object(schema)) = (own, schema) {
        schema.insert(REFERABLE.to_owned(), json!(true));
    }
}
