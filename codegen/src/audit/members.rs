//! The members of an object: those a schema declares, whatever combines them, and those a type has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::{Document, referred};
use crate::model::{Content, Kind, Model, Ty};
use crate::pointer::Pointer;

/// Member → where it is declared, and how.
pub(super) type Declared<'a> = BTreeMap<&'a str, Vec<(Pointer, &'a Value)>>;

/// Reads the members that an instance of a schema may have, through `allOf`, choices and references.
pub(super) fn declared<'a>(doc: &'a Document, at: &Pointer, schema: &'a Value) -> Declared<'a> {
    let mut found = Declared::new();
    read(doc, at, schema, &mut BTreeSet::new(), &mut found);
    found
}

fn read<'a>(
    doc: &'a Document,
    at: &Pointer,
    schema: &'a Value,
    seen: &mut BTreeSet<String>,
    found: &mut Declared<'a>,
) {
    if let Some(name) = referred(schema)
        && seen.insert(name.clone())
        && let Some(target) = doc.schema(&name)
    {
        read(doc, &Pointer::schema(&name), target, seen, found);
    }
    let own = schema.get("properties").and_then(Value::as_object);
    for (name, property) in own.into_iter().flatten() {
        let at = at.child("properties").child(name);
        found.entry(name).or_default().push((at, property));
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let parts = schema.get(key).and_then(Value::as_array);
        for (index, part) in parts.into_iter().flatten().enumerate() {
            read(doc, &at.child(key).index(index), part, seen, found);
        }
    }
}

/// What a type has, seen from outside.
#[derive(Default)]
pub(super) struct Held<'a> {
    /// Member → what each variant that has it holds there.
    pub members: BTreeMap<&'a str, Vec<&'a Content>>,
    /// What every other member holds.
    pub rest: Vec<&'a Content>,
    /// What the items hold, where it is or may be a list.
    pub items: Vec<&'a Content>,
    /// Whether it is or may be any JSON.
    pub any: bool,
}

/// Reads what stands at a place of the model, through aliases, unions and choices.
pub(super) fn held<'a>(model: &'a Model, content: &'a Content) -> Held<'a> {
    let mut found = Held::default();
    look(model, content, &mut BTreeSet::new(), &mut found);
    found
}

fn look<'a>(
    model: &'a Model,
    content: &'a Content,
    seen: &mut BTreeSet<&'a str>,
    found: &mut Held<'a>,
) {
    match &content.ty {
        Ty::Any => found.any = true,
        Ty::List(item) => found.items.push(item),
        Ty::Map(entry) => found.rest.push(entry),
        Ty::Named(name) => named(model, name, seen, found),
        _ => {}
    }
}

fn named<'a>(model: &'a Model, name: &'a str, seen: &mut BTreeSet<&'a str>, found: &mut Held<'a>) {
    if !seen.insert(name) {
        return;
    }
    match model.kind(name) {
        Some(Kind::Struct(made)) => {
            for member in &made.members {
                let there = found.members.entry(&member.wire).or_default();
                there.push(&member.content);
            }
            found.rest.extend(&made.rest);
        }
        Some(Kind::Union(union)) => {
            for variant in &union.variants {
                named(model, &variant.schema, seen, found);
            }
        }
        Some(Kind::Choice(choice)) => {
            for branch in &choice.branches {
                look(model, &branch.content, seen, found);
            }
        }
        Some(Kind::Alias(content)) => look(model, content, seen, found),
        Some(Kind::Enum(_) | Kind::Numbers(_)) | None => {}
    }
}
