//! Turns every discriminator into a tagged `oneOf`, nested where the contract nests them.
//!
//! The documents of .NET services put the discriminator on a base class and leave its children to
//! be found through the mapping. Afterwards a union is `{oneOf, discriminator: {propertyName,
//! mapping}}` with one entry for each tag, and a default for an absent tag stands under
//! `x-default-tag`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::{
    Document, as_object_mut, member_mut, referred, schema_name, schema_reference,
};
use crate::error::{Error, Faults};
use crate::marks::{BASES, CHAINED, DEFAULT_TAG};
use crate::names::NameScope;
use crate::notes::Notes;
use crate::pointer::Pointer;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let names: Vec<String> = doc.schemas().map(|(name, _)| name.clone()).collect();
    let mut scope = NameScope::with_reserved(names.iter().map(String::as_str));
    let children = children_by_base(doc);
    let mut faults = Faults::default();
    for name in &names {
        let at = Pointer::schema(name);
        let Some(schema) = doc
            .schema(name)
            .filter(|schema| schema.get("discriminator").is_some())
            .cloned()
        else {
            continue;
        };
        let Some(tag) = schema
            .pointer("/discriminator/propertyName")
            .and_then(Value::as_str)
        else {
            faults.push(
                doc.locate(&at),
                "a discriminator must have a `propertyName`",
            );
            continue;
        };
        let mut mapping = mapping(doc, &schema, tag, children.get(name), &mut |name| {
            let what =
                format!("no value of `{tag}` is left for `{name}`; its name is taken for one");
            notes.fault("unions", at.clone(), what);
        });
        if mapping.is_empty() {
            notes.fault(
                "unions",
                at,
                "a discriminator with no variant is not carried over",
            );
            if let Some(schema) = doc
                .schemas_mut()
                .get_mut(name)
                .and_then(Value::as_object_mut)
            {
                schema.remove("discriminator");
            }
            continue;
        }
        variants_without_members(doc, &mut scope, name, &mut mapping, notes);
        // A base that is one of its own variants keeps its members under a name of its own.
        if mapping.values().any(|target| target == name) {
            let own = scope.claim(&format!("{name}Base"));
            notes.conversion(
                "unions",
                at.clone(),
                format!("is one of its own variants, as `{own}`"),
            );
            let mut base = schema.clone();
            if let Value::Object(base) = &mut base {
                base.remove("discriminator");
                base.remove("oneOf");
            }
            doc.schemas_mut().insert(own.clone(), base);
            for target in mapping.values_mut().filter(|target| *target == name) {
                target.clone_from(&own);
            }
        }
        let listed = schema.get("oneOf").or(schema.get("anyOf")).is_some();
        if listed && with_members_beside(doc, &mut scope, name, &schema, tag, &mut mapping) {
            let what =
                "has members beside its choice; its variants have them in types of their own";
            notes.conversion("unions", at.clone(), what);
        }
        let union = tagged(&schema, tag, &mapping);
        doc.schemas_mut().insert(name.clone(), union);
    }
    faults.into_result()
}

/// Tag → schema name: from the mapping, the branches (by the values that they fix the tag to, else by
/// their names), or the schemas that extend the base. A branch whose values are all those of others is
/// told, and known by its name.
fn mapping(
    doc: &Document,
    schema: &Value,
    tag: &str,
    children: Option<&BTreeSet<String>>,
    without_tag: &mut dyn FnMut(&str),
) -> BTreeMap<String, String> {
    let declared = schema.pointer("/discriminator/mapping");
    let declared = declared.and_then(Value::as_object).into_iter().flatten();
    let mut mapping: BTreeMap<String, String> = declared
        .filter_map(|(tag, target)| Some((tag.clone(), schema_name(target.as_str()?)?)))
        .collect();
    let listed = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|key| schema.get(*key)?.as_array())
        .flatten();
    let mut names: Vec<String> = listed.filter_map(referred).collect();
    if names.is_empty() && mapping.is_empty() {
        names.extend(children.into_iter().flatten().cloned());
    }
    names.retain(|name| !mapping.values().any(|target| target == name));
    for name in names {
        let fixed = fixed(doc, &name, tag);
        let tags = if fixed.is_empty() {
            vec![name.clone()]
        } else {
            fixed
        };
        for tag in tags {
            mapping.entry(tag).or_insert_with(|| name.clone());
        }
        if !mapping.values().any(|target| *target == name) {
            without_tag(&name);
            mapping.entry(name.clone()).or_insert(name);
        }
    }
    mapping
}

/// The values that a schema fixes its tag to.
fn fixed(doc: &Document, name: &str, tag: &str) -> Vec<String> {
    let member = doc
        .schema(name)
        .and_then(|schema| schema.get("properties")?.get(tag));
    let target = member.and_then(|member| doc.schema(&referred(member)?));
    let values = target
        .or(member)
        .and_then(|member| member.get("enum")?.as_array());
    let texts = values.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// Makes an object of each variant that may be anything or is a map, since it holds a tag; one that is no
/// object cannot hold any, and is left to what is read raw.
fn variants_without_members(
    doc: &mut Document,
    scope: &mut NameScope,
    name: &str,
    mapping: &mut BTreeMap<String, String>,
    notes: &mut Notes,
) {
    let at = Pointer::schema(name);
    mapping.retain(|tag, target| {
        let Some(Value::Object(variant)) = doc.schema(target) else {
            return true;
        };
        let has = |key: &str| variant.contains_key(key);
        let holds = [
            "properties",
            "allOf",
            "oneOf",
            "anyOf",
            "$ref",
            "discriminator",
        ];
        let is_object = variant.get("type").is_none_or(|kind| kind == "object");
        if holds.into_iter().any(has) || (is_object && has("type") && !has("additionalProperties"))
        {
            return true;
        }
        if !is_object {
            let what = format!("`{target}` is no object and cannot hold the tag `{tag}`");
            notes.fault("unions", at.clone(), what);
            return false;
        }
        let mut object = Map::from_iter([("type".to_owned(), json!("object"))]);
        object.extend(
            variant
                .get("description")
                .map(|text| ("description".to_owned(), text.clone())),
        );
        let own = scope.claim(&format!("{name}{}", crate::names::pascal(target)));
        let what = format!("`{target}` names no members; as a variant it is the object `{own}`");
        notes.conversion("unions", at.clone(), what);
        doc.schemas_mut().insert(own.clone(), Value::Object(object));
        *target = own;
        true
    });
}

/// Gives each variant the members that stand beside the choice, in a component of its own where it does
/// not have them.
fn with_members_beside(
    doc: &mut Document,
    scope: &mut NameScope,
    name: &str,
    schema: &Value,
    tag: &str,
    mapping: &mut BTreeMap<String, String>,
) -> bool {
    let members = schema.get("properties").and_then(Value::as_object);
    let mut beside: Map<String, Value> = members.cloned().unwrap_or_default();
    beside.remove(tag);
    let mut made: BTreeMap<String, String> = BTreeMap::new();
    for target in mapping.values_mut() {
        let Some(Value::Object(variant)) = doc.schema(target) else {
            continue;
        };
        let own = variant.get("properties").and_then(Value::as_object);
        let has = |member: &String| own.is_some_and(|own| own.contains_key(member));
        if variant.contains_key("discriminator") || beside.keys().all(has) {
            continue;
        }
        let mut full = Value::Object(variant.clone());
        let copy = made
            .entry(target.clone())
            .or_insert_with(|| scope.claim(&format!("{name}{}", crate::names::pascal(target))));
        let properties = member_mut(as_object_mut(&mut full), "properties");
        for (member, schema) in &beside {
            properties.entry(member).or_insert_with(|| schema.clone());
        }
        if let Some(Value::Array(must)) = schema.get("required") {
            let listed = full["required"].as_array_mut().map(std::mem::take);
            let mut listed = listed.unwrap_or_default();
            listed.extend(must.iter().filter(|one| *one != tag).cloned());
            full["required"] = listed.into();
        }
        doc.schemas_mut().insert(copy.clone(), full);
        target.clone_from(copy);
    }
    !made.is_empty()
}

fn tagged(schema: &Value, tag: &str, mapping: &BTreeMap<String, String>) -> Value {
    let mut union = Map::new();
    for key in [
        "description",
        "title",
        "nullable",
        "deprecated",
        BASES,
        CHAINED,
    ] {
        union.extend(schema.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    let targets: BTreeSet<&String> = mapping.values().collect();
    let branches: Vec<Value> = targets
        .into_iter()
        .map(|name| json!({ "$ref": schema_reference(name) }))
        .collect();
    let mapping: BTreeMap<&String, String> = mapping
        .iter()
        .map(|(tag, name)| (tag, schema_reference(name)))
        .collect();
    union.insert("oneOf".to_owned(), Value::Array(branches));
    union.insert(
        "discriminator".to_owned(),
        json!({ "propertyName": tag, "mapping": mapping }),
    );
    let declared = schema
        .get("properties")
        .and_then(|properties| properties.get(tag));
    if let Some(default) = declared
        .and_then(|property| property.get("default"))
        .filter(|value| value.is_string())
    {
        union.insert(DEFAULT_TAG.to_owned(), default.clone());
    }
    Value::Object(union)
}

/// Base → every schema whose nearest named base it is.
fn children_by_base(doc: &Document) -> BTreeMap<String, BTreeSet<String>> {
    let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, schema) in doc.schemas() {
        let bases = schema.get(BASES).and_then(Value::as_array);
        if let Some(base) = bases
            .and_then(|bases| bases.first())
            .and_then(Value::as_str)
        {
            children
                .entry(base.to_owned())
                .or_default()
                .insert(name.clone());
        }
    }
    children
}
