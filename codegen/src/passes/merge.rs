//! Several objects as one: what a type holds that stands for all of them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::alternatives::ABOUT;
use crate::marks::NULL;

/// The members of several objects.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// Member → its schema; an `anyOf` where the objects differ in it.
    pub properties: Map<String, Value>,
    /// The members that each of the objects must have.
    pub required: BTreeSet<String>,
    /// What members without a name hold, where one of the objects says so.
    pub rest: Option<Value>,
}

/// Merges objects that have no inheritance and no choice in them.
pub(super) fn objects<'a>(all: impl IntoIterator<Item = &'a Map<String, Value>>) -> Merged {
    let mut merged = Merged::default();
    for (index, one) in all.into_iter().enumerate() {
        let required: BTreeSet<String> = required(one).collect();
        if index == 0 {
            merged.required = required;
        } else {
            merged.required.retain(|name| required.contains(name));
        }
        let members = one.get("properties").and_then(Value::as_object);
        for (name, member) in members.into_iter().flatten() {
            let joined = match merged.properties.get(name) {
                Some(there) if there == member => continue,
                Some(there) => join(there, member),
                None => member.clone(),
            };
            merged.properties.insert(name.clone(), joined);
        }
        if let Some(rest) = one
            .get("additionalProperties")
            .filter(|rest| rest.is_object())
        {
            merged.rest = Some(match &merged.rest {
                Some(there) => join(there, rest),
                None => rest.clone(),
            });
        }
    }
    merged
}

/// The members that a schema lists as required.
pub(super) fn required(schema: &Map<String, Value>) -> impl Iterator<Item = String> {
    let listed = schema.get("required").and_then(Value::as_array);
    let listed = listed.into_iter().flatten();
    listed.filter_map(|name| name.as_str().map(str::to_owned))
}

/// One schema for what fits either of two: one of them where they are alike, else an `anyOf`.
pub(super) fn join(one: &Value, other: &Value) -> Value {
    if one == other {
        return one.clone();
    }
    let is_null = |schema: &Value| schema.get(NULL) == Some(&json!(true));
    if is_null(one) != is_null(other) {
        let mut joined = if is_null(one) { other } else { one }.clone();
        joined["nullable"] = json!(true);
        return joined;
    }
    let (bare, bare_other) = (bare(one), bare(other));
    if bare == bare_other {
        return one.clone();
    }
    // No statement at all: any JSON.
    if bare.is_empty() || bare_other.is_empty() {
        return json!({});
    }
    if let Some(joined) = plain(&bare, &bare_other) {
        return joined;
    }
    let mut branches = branches(one);
    for branch in self::branches(other) {
        if !branches.contains(&branch) {
            branches.push(branch);
        }
    }
    let mut joined = json!({ "anyOf": branches });
    if [one, other]
        .iter()
        .any(|schema| schema.get("nullable") == Some(&json!(true)))
    {
        joined["nullable"] = json!(true);
    }
    joined
}

/// The branches of what is nothing but an `anyOf`, or the schema itself.
fn branches(schema: &Value) -> Vec<Value> {
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(branches) => branches.clone(),
        None => vec![schema.clone()],
    }
}

/// Two texts, or two numbers, as one.
fn plain(one: &Map<String, Value>, other: &Map<String, Value>) -> Option<Value> {
    let kind = |schema: &Map<String, Value>| schema.get("type")?.as_str().map(str::to_owned);
    let mut joined = match (kind(one)?.as_str(), kind(other)?.as_str()) {
        ("string", "string") => {
            let mut text = json!({ "type": "string" });
            match (one.get("enum"), other.get("enum")) {
                (Some(Value::Array(one)), Some(Value::Array(other))) => {
                    let mut values = one.clone();
                    values.extend(other.iter().filter(|value| !one.contains(value)).cloned());
                    text["enum"] = values.into();
                }
                _ if one.get("format") == other.get("format") => {
                    if let Some(format) = one.get("format") {
                        text["format"] = format.clone();
                    }
                }
                _ => {}
            }
            text
        }
        ("integer", "integer") => json!({ "type": "integer" }),
        ("integer" | "number", "integer" | "number") => json!({ "type": "number" }),
        ("boolean", "boolean") => json!({ "type": "boolean" }),
        _ => return None,
    };
    if [one, other]
        .iter()
        .any(|schema| schema.get("nullable") == Some(&json!(true)))
    {
        joined["nullable"] = json!(true);
    }
    Some(joined)
}

/// A schema without words about it.
fn bare(schema: &Value) -> Map<String, Value> {
    let members = schema.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| !ABOUT.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
