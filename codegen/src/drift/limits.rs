//! Compares what narrows a type: limits, formats and enum values.

use serde_json::Value;

use super::detail::{Detail, Way};
use super::values::{same, same_option, text, word};
use crate::extension;

/// Each limit, with whether a larger value, a smaller value or any other one narrows it.
const LIMITS: [(&str, Narrower); 13] = [
    ("minimum", Narrower::Larger),
    ("maximum", Narrower::Smaller),
    ("exclusiveMinimum", Narrower::Larger),
    ("exclusiveMaximum", Narrower::Smaller),
    ("minLength", Narrower::Larger),
    ("maxLength", Narrower::Smaller),
    ("minItems", Narrower::Larger),
    ("maxItems", Narrower::Smaller),
    ("minProperties", Narrower::Larger),
    ("maxProperties", Narrower::Smaller),
    ("multipleOf", Narrower::Other),
    ("pattern", Narrower::Other),
    ("uniqueItems", Narrower::Other),
];

#[derive(Clone, Copy)]
enum Narrower {
    Larger,
    Smaller,
    Other,
}

/// Formats of which the first is part of the second.
const PARTS: [(&str, &str); 2] = [("int32", "int64"), ("float", "double")];

pub(super) fn compare(ours: &Value, vendors: &Value, way: Way) -> Vec<Detail> {
    let mut details = Vec::new();
    for (key, narrower) in LIMITS {
        let (before, after) = (limit(ours, key), limit(vendors, key));
        if !same_option(before, after) {
            let breaking = way.breaks(narrows(narrower, before, after), false);
            details.push(Detail::changed(
                key,
                before.map(text),
                after.map(text),
                breaking,
            ));
        }
    }
    let (before, after) = (word(ours, "format"), word(vendors, "format"));
    if before != after {
        let breaking = way.breaks(!is_part(before, after), !is_part(after, before));
        let (before, after) = (before.map(str::to_owned), after.map(str::to_owned));
        details.push(Detail::changed("format", before, after, breaking));
    }
    details.extend(values(ours, vendors, way));
    details
}

/// A limit that excludes something.
fn limit<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    let idle = |value: &Value| match value {
        Value::Bool(on) => !on,
        Value::Number(least) => {
            matches!(key, "minLength" | "minItems" | "minProperties") && least.as_f64() == Some(0.0)
        }
        _ => false,
    };
    schema.get(key).filter(|value| !idle(value))
}

fn narrows(narrower: Narrower, before: Option<&Value>, after: Option<&Value>) -> bool {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    match (narrower, number(before), number(after)) {
        (Narrower::Larger, Some(before), Some(after)) => after > before,
        (Narrower::Smaller, Some(before), Some(after)) => after < before,
        _ => after.is_some(),
    }
}

/// Whether every value of one format is one of the other.
fn is_part(part: Option<&str>, whole: Option<&str>) -> bool {
    match (part, whole) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(part), Some(whole)) => PARTS.contains(&(part, whole)),
    }
}

fn values(schema: &Value, vendors: &Value, way: Way) -> Vec<Detail> {
    let list = |schema: &Value| schema.get("enum").and_then(Value::as_array).cloned();
    let (ours, vendors) = match (list(schema), list(vendors)) {
        (Some(ours), Some(vendors)) => (ours, vendors),
        (None, None) => return Vec::new(),
        (ours, vendors) => {
            let say = |list: Option<Vec<Value>>| {
                let list = list.map(|list| list.iter().map(text).collect::<Vec<_>>().join(", "));
                Some(list.unwrap_or_else(|| "any".to_owned()))
            };
            let breaking = way.breaks(vendors.is_some(), false);
            return vec![Detail::changed("values", say(ours), say(vendors), breaking)];
        }
    };
    let lacks = |list: &[Value], value: &Value| !list.iter().any(|other| same(other, value));
    let what = |value: &Value| format!("value {}", text(value));
    let extra = ours.iter().filter(|value| lacks(&vendors, value));
    let missing = vendors.iter().filter(|value| lacks(&ours, value));
    extra
        .map(|value| {
            let source = extension::source_of_value(schema, value);
            Detail::extra(&what(value), way.request).known(source)
        })
        .chain(missing.map(|value| Detail::missing(&what(value), false)))
        .collect()
}
