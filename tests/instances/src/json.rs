//! JSON compared by what it says, and written in an order of members that is awkward to read.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Where two values differ first; numbers are compared by value.
pub fn difference(one: &Value, other: &Value, at: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            keys.into_iter()
                .find_map(|key| match (one.get(key), other.get(key)) {
                    (Some(one), Some(other)) => difference(one, other, &format!("{at}.{key}")),
                    (one, other) => Some(format!("{at}.{key}: {one:?} became {other:?}")),
                })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs
                .find_map(|(index, (one, other))| difference(one, other, &format!("{at}[{index}]")))
        }
        // An integer where a number is allowed comes back as a number.
        (Value::Number(one), Value::Number(other)) if one.is_f64() != other.is_f64() => {
            (one.as_f64() != other.as_f64()).then(|| format!("{at}: {one} became {other}"))
        }
        _ => (one != other).then(|| format!("{at}: {one} became {other}")),
    }
}

/// Whether no object of a compact text has a member twice. A value keeps one of them, so it is
/// shorter than such a text.
pub fn written_once(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|value| value.to_string().len() == text.len())
}

/// Writes a value with the members of each object in a random order and the tags at its end.
pub fn write_tags_last(
    value: &Value,
    tags: &BTreeSet<String>,
    random: &mut fastrand::Rng,
) -> String {
    match value {
        Value::Object(members) => {
            let inner = ordered(members, tags, random)
                .into_iter()
                .map(|(key, value)| {
                    let name = Value::from(key.as_str());
                    format!("{name}: {}", write_tags_last(value, tags, random))
                });
            format!("{{ {} }}", inner.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let inner = items.iter().map(|item| write_tags_last(item, tags, random));
            format!("[{}]", inner.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn ordered<'a>(
    members: &'a Map<String, Value>,
    tags: &BTreeSet<String>,
    random: &mut fastrand::Rng,
) -> Vec<(&'a String, &'a Value)> {
    let mut all: Vec<_> = members.iter().collect();
    random.shuffle(&mut all);
    all.sort_by_key(|(key, _)| tags.contains(*key));
    all
}
