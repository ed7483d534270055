//! Brings a schema from the one dialect of the passes back to JSON Schema 2020-12.

use regress::{Flags, Regex};
use serde_json::{Map, Value, json};

use crate::document::schema_reference;
use crate::marks::{REFERABLE, UNTAGGED};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk;

/// What speaks of a member and not of its values.
const ABOUT: [&str; 6] = [
    "default",
    "deprecated",
    "description",
    "readOnly",
    "title",
    "writeOnly",
];

/// Puts the branches of choices back that no Rust type could tell apart.
///
/// Objects are open, so that one may fit several branches: each choice is an `anyOf`.
pub(super) fn untagged(schema: &mut Value) {
    let Value::Object(schema) = schema else {
        return;
    };
    let Some(Value::Object(choices)) = schema.remove(UNTAGGED) else {
        return;
    };
    schema.remove("oneOf");
    for (_, mut branches) in choices {
        for branch in branches.as_array_mut().into_iter().flatten() {
            walk::below(&Pointer::root(), branch, &mut |_, inner| untagged(inner));
        }
        schema.insert("anyOf".to_owned(), branches);
    }
}

/// Writes one schema; those inside it are written already.
///
/// `reference` is the component that stands for a reference in place of a value.
pub(super) fn write(at: &Pointer, schema: &mut Value, reference: &str, notes: &mut Notes) {
    let Value::Object(object) = schema else {
        return;
    };
    pattern(at, object, notes);
    if object.get("additionalProperties") == Some(&json!(false)) {
        object.remove("additionalProperties");
    }
    let referable = object.remove(REFERABLE) == Some(json!(true));
    object.retain(|key, _| !key.starts_with("x-"));
    nulls(object);
    if referable {
        or(object, &json!({ "$ref": schema_reference(reference) }));
    }
}

/// A pattern in another language than JSON Schema's would make validators refuse the document.
fn pattern(at: &Pointer, schema: &mut Map<String, Value>, notes: &mut Notes) {
    let unicode = Flags {
        unicode: true,
        ..Flags::default()
    };
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && let Err(error) = Regex::with_flags(pattern, unicode)
    {
        let what = format!("the pattern is no regular expression of ECMA-262 ({error}); left out");
        notes.loss("normalised", at.child("pattern"), what);
        schema.remove("pattern");
        return;
    }
    if let Some(Value::String(pattern)) = schema.get_mut("pattern") {
        *pattern = without_names(pattern);
    }
}

/// The same pattern without names of groups, which not every language writes alike.
fn without_names(pattern: &str) -> String {
    let mut plain = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, group)) = rest.split_once("(?<") {
        plain += before;
        let name = group
            .split_once('>')
            .filter(|_| !group.starts_with(['=', '!']));
        rest = match name {
            Some((_, rest)) if !pattern.contains("\\k<") => {
                plain += "(";
                rest
            }
            _ => {
                plain += "(?<";
                group
            }
        };
    }
    plain + rest
}

/// `nullable` becomes one more type, or one more branch.
fn nulls(schema: &mut Map<String, Value>) {
    if schema.remove("nullable") != Some(json!(true)) {
        return;
    }
    let null = json!({ "type": "null" });
    if schema.contains_key("$ref") {
        return or(schema, &null);
    }
    if let Some(kind) = schema.remove("type") {
        schema.insert("type".to_owned(), json!([kind, "null"]));
    }
    for (key, value) in [
        ("oneOf", null.clone()),
        ("anyOf", null),
        ("enum", Value::Null),
    ] {
        if let Some(Value::Array(list)) = schema.get_mut(key) {
            list.push(value);
        }
    }
}

/// Lets a member be something else too.
fn or(schema: &mut Map<String, Value>, other: &Value) {
    let (about, values): (Map<_, _>, Map<_, _>) = std::mem::take(schema)
        .into_iter()
        .partition(|(key, _)| ABOUT.contains(&key.as_str()));
    *schema = about;
    schema.insert("anyOf".to_owned(), json!([values, other]));
}
