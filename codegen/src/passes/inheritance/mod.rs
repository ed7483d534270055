//! Flattens `allOf`: a child gets all members of its bases, the nearest declaration wins, and no
//! schema is closed, since a base and a child that are both closed admit no instance at all.

mod choices;
mod redeclared;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::{Document, referred};
use crate::error::Error;
use crate::marks::BASES;
use crate::names::NameScope;
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let names: Vec<String> = doc.schemas().map(|(name, _)| name.clone()).collect();
    let components: BTreeSet<Pointer> = names.iter().map(|name| Pointer::schema(name)).collect();
    let bases: BTreeSet<String> = names
        .iter()
        .filter(|name| doc.schema(name).is_some_and(is_base))
        .cloned()
        .collect();
    walk::each_schema(doc, &mut |at, schema| {
        // A component that adds nothing to a base is a child all the same, not its other name.
        let base = schema.pointer("/allOf/0").and_then(referred);
        let child = components.contains(at) && base.is_some_and(|base| bases.contains(&base));
        if !child {
            wrapper(schema, components.contains(at));
        }
    });
    let mut flattener = Flattener {
        doc,
        scope: NameScope::with_reserved(names.iter().map(String::as_str)),
        pairs: BTreeMap::new(),
        done: BTreeMap::new(),
        open: Vec::new(),
        notes,
    };
    for name in &names {
        flattener.component(name)?;
    }
    let done = flattener.done;
    doc.schemas_mut().extend(done);
    Ok(())
}

/// Whether a schema has members to inherit.
fn is_base(schema: &Value) -> bool {
    ["properties", "discriminator", "allOf"]
        .iter()
        .any(|key| schema.get(*key).is_some())
}

/// `allOf: [X]` with nothing that adds a member is X, with what stands beside it. Where it is no type of
/// its own, members that it requires of X are checked by the service alone.
fn wrapper(schema: &mut Value, is_component: bool) {
    let Value::Object(object) = schema else {
        return;
    };
    let adds = ["properties", "discriminator"]
        .iter()
        .any(|key| object.contains_key(*key))
        || (is_component && object.contains_key("required"));
    let single = object
        .get("allOf")
        .and_then(Value::as_array)
        .filter(|parts| parts.len() == 1 && !adds);
    let Some(only) = single.and_then(|parts| parts[0].as_object()).cloned() else {
        return;
    };
    object.remove("allOf");
    if only.contains_key("$ref") {
        object.remove("type");
    }
    for (key, value) in only {
        object.entry(key).or_insert(value);
    }
}

struct Flattener<'a> {
    doc: &'a Document,
    /// The names of components, those that are made here among them.
    scope: NameScope,
    /// Two components → the one with the members of both.
    pairs: BTreeMap<(String, String), String>,
    done: BTreeMap<String, Value>,
    /// The components being flattened, outermost first.
    open: Vec<String>,
    notes: &'a mut Notes,
}

impl Flattener<'_> {
    fn component(&mut self, name: &str) -> Result<(), Error> {
        if self.done.contains_key(name) {
            return Ok(());
        }
        let at = Pointer::schema(name);
        if self.open.iter().any(|open| open == name) {
            return Err(self
                .doc
                .error(&at, format!("`{name}` is its own base, by `allOf`")));
        }
        let schema = self.doc.schema(name).cloned().unwrap_or_else(|| json!({}));
        self.open.push(name.to_owned());
        let flat = self.flat(schema, &at)?;
        self.open.pop();
        self.done.insert(name.to_owned(), flat);
        Ok(())
    }

    /// A component without inheritance, be it the other name of another.
    fn behind(&mut self, name: &str) -> Result<Value, Error> {
        let mut name = name.to_owned();
        loop {
            self.component(&name)?;
            let flat = self.done.get(&name);
            // The pass `references` has refused circles.
            match flat.and_then(referred) {
                Some(other) => name = other,
                None => return Ok(flat.cloned().unwrap_or_else(|| json!({}))),
            }
        }
    }

    fn flat(&mut self, schema: Value, at: &Pointer) -> Result<Value, Error> {
        let Value::Object(mut own) = schema else {
            return Ok(schema);
        };
        let parts = match own.remove("allOf") {
            Some(Value::Array(parts)) => parts,
            _ if self.is_plain(&own) => {
                open(&mut own);
                return Ok(Value::Object(own));
            }
            _ => Vec::new(),
        };
        let mut all = Map::new();
        let (mut bases, mut choices) = (Vec::new(), Vec::new());
        for (index, part) in parts.into_iter().enumerate() {
            let part_at = at.child("allOf").index(index);
            let base = referred(&part);
            let mut flat = match &base {
                Some(base) => self.behind(base)?,
                None => self.flat(part, &part_at)?,
            };
            if let Value::Object(flat) = &mut flat {
                // A child inherits members, never the choice between its siblings. A discriminator in
                // a part that is no base is the child's own.
                if base.is_some() || !flat.contains_key("discriminator") {
                    choices.extend(self.choices_of(flat, base.as_deref()));
                }
                if base.is_some() {
                    for key in ["description", "title", "deprecated"] {
                        flat.remove(key);
                    }
                }
            }
            bases.extend(base.map(|base| json!(base)));
            self.merge(&mut all, flat, &part_at)?;
        }
        open(&mut own);
        choices.extend(if own.contains_key("discriminator") {
            self.beside_tagged(&mut own)
        } else {
            self.choices_of(&mut own, None)
        });
        self.merge(&mut all, Value::Object(own), at)?;
        if let Some(Value::Array(inherited)) = all.remove(BASES) {
            bases.extend(inherited);
        }
        if !bases.is_empty() {
            all.insert(BASES.to_owned(), Value::Array(bases));
        }
        self.beside_choices(&mut all, choices, at)?;
        Ok(Value::Object(all))
    }

    /// Adds the members of `from`, which is nearer to the child than what is there.
    fn merge(
        &mut self,
        into: &mut Map<String, Value>,
        from: Value,
        at: &Pointer,
    ) -> Result<(), Error> {
        let Value::Object(from) = from else {
            return Ok(());
        };
        for (key, value) in from {
            match (key.as_str(), into.get_mut(&key), value) {
                ("properties", Some(Value::Object(there)), Value::Object(new)) => {
                    for (name, property) in new {
                        self.redeclare(there, &name, property, at)?;
                    }
                }
                ("required" | BASES, Some(Value::Array(there)), Value::Array(new)) => {
                    let known: BTreeSet<String> = there.iter().map(Value::to_string).collect();
                    there.extend(
                        new.into_iter()
                            .filter(|item| !known.contains(&item.to_string())),
                    );
                }
                (_, _, value) => {
                    into.insert(key, value);
                }
            }
        }
        Ok(())
    }
}

/// Takes closedness away: a server may add a member any day.
fn open(schema: &mut Map<String, Value>) {
    let has_members = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|map| !map.is_empty());
    let closed = matches!(schema.get("additionalProperties"), Some(Value::Bool(_)));
    if closed && (has_members || schema.get("additionalProperties") == Some(&json!(true))) {
        schema.remove("additionalProperties");
    }
}
