//! Members and items that other keywords than `properties` and `items` bring.

use serde_json::{Map, Value, json};

use crate::document::as_object_mut;
use crate::notes::Notes;
use crate::pointer::Pointer;

/// Members by a pattern of their names are members without a name.
pub(super) fn patterns(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
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
pub(super) fn tuples(schema: &mut Map<String, Value>) {
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
pub(super) fn conditions(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
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
