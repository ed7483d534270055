//! All texts of a JSON value.

use serde_json::Value;

/// Replaces each text for which `change` gives another; names of members stay.
pub(super) fn change(value: &mut Value, change_one: &mut impl FnMut(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(changed) = change_one(text) {
                *text = changed;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| change(item, change_one)),
        Value::Object(members) => {
            for member in members.values_mut() {
                change(member, change_one);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
