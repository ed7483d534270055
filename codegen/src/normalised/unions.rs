//! Writes the unions of the normal form as plain tagged `oneOf`.
//!
//! A branch is a reference to its variant alone wherever it can be, since many tools read no other, and the
//! variant says which tags it has. A variant that is used on its own as well, or under several tags, gets
//! another component beside it that fixes the tag.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::objects::Uses;
use super::tags::{Asked, Union, Unions, carried, leaves, singles};
use crate::document::{Document, as_object_mut, schema_name, schema_reference};
use crate::names::NameScope;

pub(super) fn run(doc: &mut Document, uses: &Uses) {
    let found = doc.schemas().filter_map(|(name, schema)| {
        let union = Union::of(schema)?;
        Some((name.clone(), union))
    });
    let unions: Unions = found.collect();
    let carried = carried(&unions, doc, uses);
    for ((leaf, tag), asked) in &carried {
        if let Some(schema) = doc.schemas_mut().get_mut(leaf) {
            carry(as_object_mut(schema), tag, asked);
        }
    }
    let says_itself = |union: &Union, variant: &str| {
        let asked = union.asks(variant);
        leaves(variant, &unions, uses).is_some_and(|leaves| {
            let place = |leaf| carried.get(&(leaf, union.tag.clone()));
            leaves.into_iter().all(|leaf| place(leaf) == Some(&asked))
        })
    };
    let names: Vec<String> = doc.schemas().map(|(name, _)| name.clone()).collect();
    let mut scope = NameScope::with_reserved(names.iter().map(String::as_str));
    let mut passed = BTreeSet::new();
    for (name, union) in &unions {
        // Which component stands for each variant.
        let mut branches: Vec<(&str, String)> = Vec::new();
        for (variant, _) in &union.variants {
            let component = if says_itself(union, variant) {
                let way = singles(variant, &unions, &says_itself);
                let end = way.last().map_or(variant.as_str(), |end| *end);
                passed.extend(way.iter().copied().filter(|name| *name != end));
                end.to_owned()
            } else {
                let tagged = scope.claim(&format!("{variant}Of{name}"));
                let schema = with_tag(variant, name, &union.tag, &union.asks(variant));
                doc.schemas_mut().insert(tagged.clone(), schema);
                tagged
            };
            branches.push((variant, component));
        }
        if let Some(Value::Object(schema)) = doc.schemas_mut().get_mut(name) {
            write(schema, &branches);
        }
    }
    drop_unused(doc, &passed);
}

/// Drops what was passed over, where nothing leads to it any more.
fn drop_unused(doc: &mut Document, passed: &BTreeSet<&str>) {
    let mut used = BTreeSet::new();
    each_text(&doc.root, &mut |text| {
        used.extend(schema_name(text));
    });
    doc.schemas_mut()
        .retain(|name, _| !passed.contains(name.as_str()) || used.contains(name));
}

/// All texts of a value; a reference stands in a `$ref` or in a mapping.
fn each_text(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, visit)),
        Value::Object(members) => members.values().for_each(|value| each_text(value, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Writes the branches, and lets the mapping lead to them.
fn write(schema: &mut Map<String, Value>, branches: &[(&str, String)]) {
    let references = branches
        .iter()
        .map(|(_, component)| json!({ "$ref": schema_reference(component) }));
    let references: Vec<Value> = references.collect();
    schema.insert("oneOf".to_owned(), references.into());
    if branches.len() > 1 {
        // Tools that mend what a mapping leads to want to see that it is an object.
        schema.insert("type".to_owned(), "object".into());
    }
    let mapping = schema
        .get_mut("discriminator")
        .and_then(|discriminator| discriminator.get_mut("mapping"));
    for target in mapping
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|mapping| mapping.values_mut())
    {
        let name = target.as_str().and_then(schema_name);
        let found = branches
            .iter()
            .find(|(variant, _)| name.as_deref() == Some(variant));
        if let Some((_, component)) = found {
            *target = schema_reference(component).into();
        }
    }
}

/// A variant with the tag that a union wants of it.
fn with_tag(variant: &str, union: &str, tag: &str, asked: &Asked) -> Value {
    let mut fixed = Map::from_iter([("type".to_owned(), "object".into())]);
    carry(&mut fixed, tag, asked);
    // The variant lists its tag already, and tools put a list and a list together alone.
    let fixed_tag = fixed
        .get_mut("properties")
        .and_then(|members| members.get_mut(tag));
    if let Some(fixed_tag) = fixed_tag
        && let Some(value) = fixed_tag.get("const")
    {
        *fixed_tag = json!({ "type": "string", "enum": [value] });
    }
    json!({
        "description": format!("`{variant}` with the `{tag}` by which `{union}` knows it."),
        "allOf": [{ "$ref": schema_reference(variant) }, fixed],
    })
}

/// Lets an object fix a tag.
fn carry(object: &mut Map<String, Value>, tag: &str, asked: &Asked) {
    let mut values: Vec<Value> = asked.values.iter().cloned().map(Value::from).collect();
    let fixed = match (values.as_slice(), asked.may_be_absent) {
        ([value], false) => json!({ "const": value }),
        (_, false) => json!({ "enum": values }),
        (_, true) => {
            values.push(Value::Null);
            json!({ "enum": values })
        }
    };
    let properties = object.entry("properties").or_insert_with(|| json!({}));
    as_object_mut(properties).insert(tag.to_owned(), fixed);
    if asked.may_be_absent {
        return;
    }
    let required = object.entry("required").or_insert_with(|| json!([]));
    if let Value::Array(required) = required
        && !required.iter().any(|member| member == tag)
    {
        required.push(tag.into());
    }
}
