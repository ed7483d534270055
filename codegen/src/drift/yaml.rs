//! Writes a value as YAML in the layout of the contracts: blocks, and short leaves on one line.

use serde_json::{Map, Value};

/// Keywords in the order of the contracts; other members come behind, by name.
const ORDER: [&str; 26] = [
    "description",
    "name",
    "in",
    "$ref",
    "type",
    "readOnly",
    "format",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "default",
    "required",
    "discriminator",
    "propertyName",
    "items",
    "additionalProperties",
    "parameters",
    "requestBody",
    "properties",
    "allOf",
];

/// What fits on one line.
const SHORT: usize = 80;

/// Writes a member and its value, indented; ends with a line break.
pub(super) fn member(out: &mut String, indent: usize, name: &str, value: &Value) {
    out.push_str(&" ".repeat(indent));
    out.push_str(&scalar(name));
    out.push(':');
    let line = flow(value);
    match value {
        _ if is_leaf(value) && indent + name.len() + line.len() <= SHORT => {
            out.push_str(&format!(" {line}\n"));
        }
        Value::Object(object) if !object.is_empty() => {
            out.push('\n');
            for (name, value) in ordered(object) {
                member(out, indent + 2, name, value);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            out.push('\n');
            for item in list {
                out.push_str(&" ".repeat(indent + 2));
                let mut block = String::new();
                match item {
                    Value::Object(object) if !is_leaf(item) => {
                        for (name, value) in ordered(object) {
                            member(&mut block, indent + 4, name, value);
                        }
                    }
                    _ => block = format!("{}\n", flow(item)),
                }
                out.push_str(&format!("- {}", block.trim_start()));
            }
        }
        _ => out.push_str(&format!(" {line}\n")),
    }
}

fn ordered(object: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = object.iter().collect();
    let rank = |name: &str| ORDER.iter().position(|known| *known == name);
    members.sort_by_key(|(name, _)| rank(name).unwrap_or(ORDER.len()));
    members
}

/// Whether a value reads well on one line: nothing in it has words or members of its own.
fn is_leaf(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            let deep = ["description", "properties", "discriminator", "responses"];
            !deep.iter().any(|key| object.contains_key(*key)) && object.values().all(is_leaf)
        }
        Value::Array(list) => list.iter().all(is_leaf),
        _ => true,
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let members = ordered(object).into_iter();
            let members = members.map(|(name, value)| format!("{}: {}", scalar(name), flow(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// Text, in quotes where YAML would read it as something else.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '$')
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "$_-/.#".contains(letter))
        && !matches!(
            text,
            "true" | "false" | "null" | "yes" | "no" | "on" | "off"
        );
    if plain || text.contains(".yaml#/") {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}
