//! Puts components that are no types of their own (text, lists, maps, any JSON) where they are
//! used, and leaves them in the document as aliases.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, referred};
use crate::error::Error;
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::shape::{Shape, shape};
use crate::walk::{self, each_schema};

/// Aliases of aliases are followed this far; a longer chain is a type that contains itself.
const DEPTH: usize = 32;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let mut aliases: BTreeMap<String, Value> = doc
        .schemas()
        .filter(|(_, schema)| matches!(shape(schema), Shape::Alias))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    // Aliases first refer to each other; settle that before anything else takes them.
    for _ in 0..DEPTH {
        let known = aliases.clone();
        let mut changed = false;
        for (name, schema) in &mut aliases {
            walk::below(&Pointer::schema(name), schema, &mut |_, inner| {
                changed |= replace(inner, &known);
            });
        }
        if !changed {
            break;
        }
    }
    let mut circular = Vec::new();
    for (name, schema) in &mut aliases {
        let names: Vec<String> = known_aliases(schema, doc);
        if !names.is_empty() {
            circular.push(name.clone());
            *schema = json!({});
        }
    }
    for name in circular {
        notes.push(
            "aliases",
            Pointer::schema(&name),
            "contains itself without a type of its own; read as any JSON",
        );
    }
    each_schema(doc, &mut |_, schema| {
        replace(schema, &aliases);
    });
    doc.schemas_mut().extend(aliases);
    Ok(())
}

/// The aliases that a settled alias still refers to.
fn known_aliases(schema: &mut Value, doc: &Document) -> Vec<String> {
    let mut found = Vec::new();
    walk::below(&Pointer::root(), schema, &mut |_, inner| {
        let target = referred(inner).filter(|name| {
            doc.schema(name)
                .is_some_and(|schema| matches!(shape(schema), Shape::Alias))
        });
        found.extend(target);
    });
    found
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
