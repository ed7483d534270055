//! Says plainly what only looks like a choice or hides among other keywords: null branches, lists of
//! `required`, branches of constants, members beside a reference, patterns of names, conditions.
//!
//! Afterwards a `oneOf` or `anyOf` has two branches at least, and none of them is null.

use serde_json::{Map, Value, json};

use crate::document::{Document, as_object_mut, member_mut};
use crate::error::Error;
use crate::marks::{NAMES, NULL};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk::each_schema;

/// Keywords that say something about a schema and nothing about its values.
pub(super) const ABOUT: [&str; 10] = [
    "title",
    "description",
    "deprecated",
    "default",
    "example",
    "examples",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "$comment",
];

/// Keywords that bring members of their own.
const STRUCTURE: [&str; 5] = ["properties", "patternProperties", "allOf", "oneOf", "anyOf"];

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    each_schema(doc, &mut |at, schema| {
        let Value::Object(schema) = schema else {
            return;
        };
        several_types(at, schema, notes);
        patterns(at, schema, notes);
        tuples(schema);
        conditions(at, schema, notes);
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = schema.remove(key) {
                choice(at, schema, key, branches, notes);
            }
        }
        names_of_numbers(schema);
        beside_reference(schema);
    });
    each_schema(doc, &mut |at, schema| lone_null(at, schema, notes));
    Ok(())
}

/// `type: [string, integer]` becomes a choice between the two, each with the keywords that are its own.
fn several_types(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
    let types = match schema.remove("type") {
        Some(Value::Array(types)) => types,
        None if !schema.contains_key("$ref") => types_listed(schema),
        Some(one) => {
            schema.insert("type".to_owned(), one);
            return;
        }
        None => return,
    };
    if types.is_empty() {
        return;
    }
    let mut branches: Vec<Map<String, Value>> = types
        .iter()
        .map(|name| Map::from_iter([("type".to_owned(), name.clone())]))
        .collect();
    for (key, kind) in KIND_OF {
        let branch = branches.iter_mut().find(|branch| {
            branch["type"] == kind || (kind == "number" && branch["type"] == "integer")
        });
        if let Some(branch) = branch
            && let Some(value) = schema.remove(key)
        {
            branch.insert(key.to_owned(), value);
        }
    }
    if schema.contains_key("oneOf") || schema.contains_key("anyOf") {
        return;
    }
    // Values that are listed tell the types by themselves.
    if let Some(Value::Array(values)) = schema.remove("enum") {
        for branch in &mut branches {
            let own: Vec<Value> = values
                .iter()
                .filter(|value| branch["type"] == type_of(value))
                .cloned()
                .collect();
            if !own.is_empty() {
                branch.insert("enum".to_owned(), own.into());
            }
        }
    }
    notes.conversion("alternatives", at.clone(), "several types are a choice");
    let branches = branches.into_iter().map(Value::Object).collect();
    schema.insert("anyOf".to_owned(), Value::Array(branches));
}

/// The types of values that are listed without one.
fn types_listed(schema: &Map<String, Value>) -> Vec<Value> {
    let mut types: Vec<Value> = Vec::new();
    let values = schema.get("enum").and_then(Value::as_array);
    for value in values.into_iter().flatten() {
        let kind = Value::from(type_of(value));
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    types
}

/// Which type a keyword speaks of.
const KIND_OF: [(&str, &str); 16] = [
    ("properties", "object"),
    ("required", "object"),
    ("additionalProperties", "object"),
    ("patternProperties", "object"),
    ("items", "array"),
    ("prefixItems", "array"),
    ("minItems", "array"),
    ("maxItems", "array"),
    ("uniqueItems", "array"),
    ("format", "string"),
    ("pattern", "string"),
    ("minLength", "string"),
    ("maxLength", "string"),
    ("minimum", "number"),
    ("maximum", "number"),
    ("multipleOf", "number"),
];

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Members by a pattern of their names are members without a name.
fn patterns(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
    let Some(Value::Object(patterns)) = schema.remove("patternProperties") else {
        return;
    };
    let has_members = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|members| !members.is_empty());
    schema.entry("type").or_insert_with(|| "object".into());
    let mut values: Vec<Value> = Vec::new();
    match schema.get("additionalProperties") {
        Some(Value::Bool(false)) => {}
        Some(rest @ Value::Object(keywords)) if !keywords.is_empty() => values.push(rest.clone()),
        // Any other member may hold anything.
        _ if has_members => {
            let what = "members by a pattern are kept among those that have no name";
            notes.conversion("alternatives", at.child("patternProperties"), what);
            return;
        }
        _ => {}
    }
    for value in patterns.into_iter().map(|(_, value)| value) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let rest = match values.len() {
        0 => return,
        1 => values.swap_remove(0),
        _ => json!({ "anyOf": values }),
    };
    notes.conversion(
        "alternatives",
        at.child("patternProperties"),
        "members by a pattern are a map; the pattern of their names is not checked",
    );
    schema.insert("additionalProperties".to_owned(), rest);
}

/// The places of a tuple become the items of a list, one of which may be any of them.
fn tuples(schema: &mut Map<String, Value>) {
    let Some(Value::Array(places)) = schema.remove("prefixItems") else {
        return;
    };
    let mut items: Vec<Value> = Vec::new();
    let rest = schema.remove("items").filter(Value::is_object);
    for item in places.into_iter().chain(rest) {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    let items = match items.len() {
        0 => return,
        1 => items.swap_remove(0),
        _ => json!({ "anyOf": items }),
    };
    schema.entry("type").or_insert_with(|| "array".into());
    schema.insert("items".to_owned(), items);
}

/// Members that a condition brings may be there; the condition itself only checks.
fn conditions(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
    let mut parts = Vec::new();
    for key in [
        "if",
        "not",
        "contains",
        "propertyNames",
        "unevaluatedProperties",
    ] {
        if schema.remove(key).is_some_and(|value| value.is_object()) {
            notes.conversion(
                "alternatives",
                at.child(key),
                "only checks values; it is not carried over",
            );
        }
    }
    for key in ["then", "else"] {
        parts.extend(schema.remove(key));
    }
    if let Some(Value::Object(dependent)) = schema.remove("dependentSchemas") {
        parts.extend(dependent.into_iter().map(|(_, part)| part));
    }
    for part in parts {
        let Some(Value::Object(members)) = part.get("properties") else {
            continue;
        };
        let own = schema.entry("properties").or_insert_with(|| json!({}));
        for (name, member) in members {
            as_object_mut(own)
                .entry(name)
                .or_insert_with(|| member.clone());
        }
        notes.conversion(
            "alternatives",
            at.clone(),
            "members that come under a condition are optional",
        );
    }
}

/// Takes out of a choice what is none.
fn choice(
    at: &Pointer,
    schema: &mut Map<String, Value>,
    key: &str,
    mut branches: Vec<Value>,
    notes: &mut Notes,
) {
    let all = branches.len();
    branches.retain(|branch| !is_null(branch));
    if branches.len() < all {
        schema.insert("nullable".to_owned(), true.into());
    }
    let tagged = schema.contains_key("discriminator");
    if branches.is_empty() {
        return;
    }
    if branches.iter().all(only_checks) {
        let what = "the alternatives only say which members must be there together";
        notes.conversion("alternatives", at.child(key), what);
        return;
    }
    if branches.len() == 1 && !tagged {
        let only = branches.swap_remove(0);
        return one(schema, only);
    }
    if !tagged && let Some(listed) = constants(&branches) {
        return schema.extend(listed);
    }
    schema.insert(key.to_owned(), Value::Array(branches));
}

/// A choice of one is that one, with what stands beside it.
fn one(schema: &mut Map<String, Value>, only: Value) {
    let brings = |map: &Map<String, Value>| STRUCTURE.iter().any(|key| map.contains_key(*key));
    let Value::Object(branch) = only else { return };
    if brings(schema) && (brings(&branch) || branch.contains_key("$ref")) {
        let parts = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(parts) = parts {
            parts.push(Value::Object(branch));
        }
        return;
    }
    if branch.contains_key("$ref") {
        schema.remove("type");
    }
    for (name, value) in branch {
        schema.entry(name).or_insert(value);
    }
}

/// Whether a branch is null and nothing else, however it says so.
fn is_null(branch: &Value) -> bool {
    let Value::Object(branch) = branch else {
        return false;
    };
    let nothing_listed = matches!(branch.get("enum"), Some(Value::Array(values)) if values.iter().all(Value::is_null));
    let says_more = branch
        .keys()
        .any(|key| key != "nullable" && !ABOUT.contains(&key.as_str()) && !key.starts_with("x-"));
    branch.get("type") == Some(&json!("null"))
        || (branch.get("nullable") == Some(&json!(true)) && (nothing_listed || !says_more))
}

/// Whether a branch only says which of the members beside it must be there.
fn only_checks(branch: &Value) -> bool {
    let Value::Object(branch) = branch else {
        return false;
    };
    let checks = |key: &str| {
        [
            "required",
            "not",
            "dependentRequired",
            "minProperties",
            "maxProperties",
        ]
        .contains(&key)
    };
    let has = branch.keys().any(|key| checks(key));
    has && branch.iter().all(|(key, value)| {
        let empty_members = || {
            let members = value.as_object().into_iter().flatten();
            members.into_iter().all(|(_, member)| member == &json!({}))
        };
        checks(key)
            || ABOUT.contains(&key.as_str())
            || (key == "type" && value == "object")
            || (key == "properties" && empty_members())
    })
}

/// The values of branches that each list some of one type: together they are one list.
fn constants(branches: &[Value]) -> Option<Map<String, Value>> {
    let (mut values, mut names) = (Vec::new(), Map::new());
    for branch in branches {
        let branch = branch.as_object()?;
        let listed = branch.get("enum")?.as_array()?;
        let plain = |key: &str| {
            ["enum", "type", "format"].contains(&key)
                || ABOUT.contains(&key)
                || key.starts_with("x-")
        };
        if listed.is_empty() || !branch.keys().all(|key| plain(key)) {
            return None;
        }
        if let ([value], Some(Value::String(title))) = (listed.as_slice(), branch.get("title")) {
            names.insert(value.to_string(), title.clone().into());
        }
        for value in listed {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
    }
    let kind = type_of(values.first()?);
    let one = ["string", "integer", "boolean"].contains(&kind)
        && values.iter().all(|value| type_of(value) == kind);
    let mut listed = Map::new();
    listed.insert("type".to_owned(), kind.into());
    if kind != "boolean" {
        listed.insert("enum".to_owned(), values.into());
    }
    if kind == "integer" && !names.is_empty() {
        listed.insert(NAMES.to_owned(), names.into());
    }
    one.then_some(listed)
}

/// A .NET `object`: the generator of such documents writes `null` where it knows no type.
fn lone_null(at: &Pointer, schema: &mut Value, notes: &mut Notes) {
    if let Value::Object(schema) = schema
        && schema.get("type").and_then(Value::as_str) == Some("null")
    {
        notes.guess(
            "alternatives",
            at.clone(),
            "`type: null` alone is read as any JSON",
        );
        for key in ["type", "anyOf", "oneOf"] {
            schema.remove(key);
        }
        schema.insert(NULL.to_owned(), true.into());
    }
}

/// Names of listed numbers, as several generators of documents write them.
fn names_of_numbers(schema: &mut Map<String, Value>) {
    let keys = ["x-enum-varnames", "x-enumNames", "x-enum-names"];
    let found = keys.iter().find_map(|key| schema.get(*key)?.as_array());
    let (Some(found), Some(Value::Array(values))) = (found, schema.get("enum")) else {
        return;
    };
    if schema.get("type") != Some(&json!("integer")) || found.len() != values.len() {
        return;
    }
    let names: Map<String, Value> = values
        .iter()
        .zip(found)
        .map(|(value, name)| (value.to_string(), name.clone()))
        .collect();
    schema.insert(NAMES.to_owned(), names.into());
}

/// Members beside a reference belong to the schema as much as those behind it.
fn beside_reference(schema: &mut Map<String, Value>) {
    let brings = STRUCTURE.iter().any(|key| schema.contains_key(*key))
        || schema
            .get("additionalProperties")
            .is_some_and(Value::is_object);
    if !brings {
        return;
    }
    if let Some(reference) = schema.remove("$ref") {
        let mut parts = vec![json!({ "$ref": reference })];
        if let Some(Value::Array(more)) = schema.remove("allOf") {
            parts.extend(more);
        }
        schema.insert("allOf".to_owned(), parts.into());
        schema.entry("type").or_insert_with(|| "object".into());
        // A reference may lead to a choice, which then stands beside members as any other.
        let _all = member_mut(schema, "properties");
    }
}
