//! Equality and text of JSON values, where `1` and `1.0` are one number.

use serde_json::Value;

/// Whether two values mean the same.
pub(super) fn same(ours: &Value, vendors: &Value) -> bool {
    match (ours, vendors) {
        (Value::Number(one), Value::Number(two)) => {
            one == two || (one.is_f64() || two.is_f64()) && one.as_f64() == two.as_f64()
        }
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .all(|(key, one)| two.get(key).is_some_and(|two| same(one, two)))
        }
        _ => ours == vendors,
    }
}

/// Whether two optional values mean the same.
pub(super) fn same_option(ours: Option<&Value>, vendors: Option<&Value>) -> bool {
    match (ours, vendors) {
        (Some(ours), Some(vendors)) => same(ours, vendors),
        (ours, vendors) => ours.is_none() && vendors.is_none(),
    }
}

/// A value in a message.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => other.to_string(),
    }
}

/// Whether a member is there and true.
pub(super) fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool) == Some(true)
}

/// A member that is text.
pub(super) fn word<'a>(schema: &'a Value, key: &str) -> Option<&'a str> {
    schema.get(key).and_then(Value::as_str)
}
