//! Puts components that are no types of their own (text, lists, maps, any JSON) where they are
//! used, and leaves them in the document as aliases.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::{Document, referred};
use crate::error::Error;
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::shape::{Shape, shape};
use crate::walk::{self, each_schema};

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let mut aliases: BTreeMap<String, Value> = doc
        .schemas()
        .filter(|(_, schema)| shape(schema) == Shape::Alias)
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    for name in circular(&aliases) {
        let what = "contains itself without a type of its own; read as any JSON";
        notes.loss("aliases", Pointer::schema(&name), what);
        aliases.insert(name, json!({}));
    }
    // Aliases first refer to each other; without circles, each round settles one more level.
    for _ in 0..aliases.len() {
        let known = aliases.clone();
        let mut changed = false;
        for schema in aliases.values_mut() {
            walk::below(&Pointer::root(), schema, &mut |_, inner| {
                changed |= replace(inner, &known);
            });
        }
        if !changed {
            break;
        }
    }
    each_schema(doc, &mut |_, schema| {
        replace(schema, &aliases);
    });
    doc.schemas_mut().extend(aliases);
    Ok(())
}

/// The aliases that lead back to themselves.
fn circular(aliases: &BTreeMap<String, Value>) -> Vec<String> {
    let mut leads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, schema) in aliases {
        let targets = leads.entry(name.clone()).or_default();
        walk::look(schema, &mut |inner| targets.extend(referred(inner)));
    }
    let leads_back = |name: &String| {
        let (mut next, mut seen) = (vec![name], BTreeSet::new());
        while let Some(from) = next.pop() {
            for target in leads
                .get(from)
                .into_iter()
                .flatten()
                .filter(|to| leads.contains_key(*to))
            {
                if target == name {
                    return true;
                }
                if seen.insert(target) {
                    next.push(target);
                }
            }
        }
        false
    };
    aliases
        .keys()
        .filter(|name| leads_back(name))
        .cloned()
        .collect()
}

/// Puts what an alias stands for in place of a reference to it.
fn replace(schema: &mut Value, aliases: &BTreeMap<String, Value>) -> bool {
    let Some(target) = referred(schema).and_then(|name| aliases.get(&name)) else {
        return false;
    };
    let Value::Object(beside) = schema else {
        return false;
    };
    let mut all: Map<String, Value> = target.as_object().cloned().unwrap_or_default();
    beside.remove("$ref");
    all.extend(std::mem::take(beside));
    *schema = Value::Object(all);
    true
}
