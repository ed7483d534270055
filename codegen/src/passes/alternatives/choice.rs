//! What is no choice among the branches of one: null, checks, the only branch, constants.

use serde_json::{Map, Value, json};

use super::kinds::type_of;
use super::{ABOUT, STRUCTURE};
use crate::marks::NAMES;
use crate::notes::Notes;
use crate::pointer::Pointer;

/// Takes out of a choice what is none.
pub(super) fn choice(
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
