//! Deals with `oneOf` and `anyOf` that name no discriminator: finds the tag where the branches have
//! one, merges what is one type, and reads the rest as any JSON, saying so.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, member_mut, referred};
use crate::error::Error;
use crate::marks::{CHOICE, UNTAGGED};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::shape::JsonKind;
use crate::walk::each_schema;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let components = doc.clone();
    each_schema(doc, &mut |at, schema| {
        let Value::Object(schema) = schema else {
            return;
        };
        if schema.contains_key("discriminator") {
            return;
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = schema.remove(key) {
                choose(at, schema, key, branches, &components, notes);
            }
        }
        // Only ever validation, or a construct no Rust type can say.
        for key in [
            "not",
            "if",
            "then",
            "else",
            "patternProperties",
            "prefixItems",
            "contains",
        ] {
            if schema.remove(key).is_some() {
                notes.loss(
                    "choices",
                    at.clone(),
                    format!("`{key}` is not carried over"),
                );
            }
        }
    });
    Ok(())
}

fn choose(
    at: &Pointer,
    schema: &mut Map<String, Value>,
    key: &str,
    branches: Vec<Value>,
    components: &Document,
    notes: &mut Notes,
) {
    if let Some((property, mapping)) = common_tag(&branches, components) {
        notes.conversion(
            "choices",
            at.clone(),
            format!("tagged by `{property}`, which every branch fixes"),
        );
        let tags = json!({ "propertyName": property, "mapping": mapping });
        schema.insert("oneOf".to_owned(), Value::Array(branches));
        schema.insert("discriminator".to_owned(), tags);
        return;
    }
    if is_component(at) && told_apart(&branches, components) {
        let what = "a choice that no tag tells apart, but the kind of JSON";
        notes.conversion("choices", at.clone(), what);
        schema.insert("oneOf".to_owned(), Value::Array(branches));
        schema.insert(CHOICE.to_owned(), true.into());
        for key in [
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
        ] {
            schema.remove(key);
        }
        return;
    }
    let kind = common_type(&branches, components);
    let names: Vec<String> = branches
        .iter()
        .map(|branch| {
            referred(branch).unwrap_or_else(|| branch["type"].as_str().unwrap_or("any").to_owned())
        })
        .collect();
    member_mut(schema, UNTAGGED).insert(key.to_owned(), Value::Array(branches));
    if let Some(kind) = kind {
        notes.guess(
            "choices",
            at.clone(),
            format!("several kinds of {kind} are read as one"),
        );
        schema.insert("type".to_owned(), kind.into());
        return;
    }
    let what = format!(
        "a choice that nothing tags ({}) is read as any JSON",
        names.join(", ")
    );
    notes.loss("choices", at.clone(), what);
    for key in [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
    ] {
        schema.remove(key);
    }
}

/// Whether a schema is a type of its own.
fn is_component(at: &Pointer) -> bool {
    let name = at.as_str().strip_prefix("/components/schemas/");
    name.is_some_and(|name| !name.contains('/'))
}

/// Whether each branch is another kind of JSON.
fn told_apart(branches: &[Value], components: &Document) -> bool {
    let kind = |branch: &Value| -> Option<JsonKind> {
        let target = referred(branch).map(|name| components.schema(&name).cloned());
        match target {
            Some(target) => JsonKind::of(&target?),
            None => JsonKind::of(branch),
        }
    };
    let kinds: Option<Vec<JsonKind>> = branches.iter().map(kind).collect();
    kinds.is_some_and(|mut kinds| {
        kinds.sort_unstable();
        kinds.windows(2).all(|pair| pair[0] != pair[1])
    })
}

/// The property that each branch fixes to a value of its own.
fn common_tag(
    branches: &[Value],
    components: &Document,
) -> Option<(String, BTreeMap<String, Value>)> {
    let fixed = |branch: &Value| -> Option<BTreeMap<String, String>> {
        let schema = components.schema(&referred(branch)?)?;
        let properties = schema.get("properties")?.as_object()?;
        let values = properties.iter().filter_map(|(name, property)| {
            match property.get("enum")?.as_array()?.as_slice() {
                [Value::String(value)] => Some((name.clone(), value.clone())),
                _ => None,
            }
        });
        Some(values.collect())
    };
    let each: Vec<BTreeMap<String, String>> = branches.iter().map(fixed).collect::<Option<_>>()?;
    let candidates = each.first()?.keys();
    candidates.into_iter().find_map(|name| {
        let pairs = each
            .iter()
            .zip(branches)
            .map(|(tags, branch)| Some((tags.get(name)?.clone(), branch.get("$ref")?.clone())));
        let mapping: BTreeMap<String, Value> = pairs.collect::<Option<_>>()?;
        (mapping.len() == branches.len() && branches.len() > 1).then(|| (name.clone(), mapping))
    })
}

/// The plain type that all branches are, be it under several formats or enums.
fn common_type(branches: &[Value], components: &Document) -> Option<String> {
    let kind = |branch: &Value| -> Option<String> {
        let target = referred(branch).and_then(|name| components.schema(&name).cloned());
        let schema = target.as_ref().unwrap_or(branch);
        let plain = schema.get("type")?.as_str()?;
        ["string", "integer", "number", "boolean"]
            .contains(&plain)
            .then(|| plain.to_owned())
    };
    let kinds: Vec<String> = branches.iter().map(kind).collect::<Option<_>>()?;
    match kinds.first()?.as_str() {
        first if kinds.iter().all(|kind| kind == first) => Some(first.to_owned()),
        "integer" | "number"
            if kinds
                .iter()
                .all(|kind| kind == "integer" || kind == "number") =>
        {
            Some("number".to_owned())
        }
        _ => None,
    }
}
