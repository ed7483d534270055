//! Documentation text: the contract's words, made fit for rustdoc, and the facts that the types do
//! not show (limits, defaults, who sets a member).

use std::fmt::Write as _;

use serde_json::Value;

use crate::extension;

/// The documentation of a type.
pub(super) fn type_docs(name: &str, schema: &Value) -> String {
    let mut text =
        described(schema).unwrap_or_else(|| format!("The schema `{name}` of the contract."));
    if schema.get("deprecated") == Some(&Value::Bool(true)) {
        text.push_str("\n\nDeprecated by the service.");
    }
    if let Some(sentence) = extension::sentence(schema) {
        let _infallible = write!(text, "\n\n{sentence}");
    }
    text
}

/// The documentation of a struct's field.
pub(super) fn member_docs(wire: &str, schema: &Value) -> String {
    let mut text = described(schema).unwrap_or_else(|| format!("The member `{wire}`."));
    let facts = facts(schema);
    if !facts.is_empty() {
        let _infallible = write!(text, "\n\n{}", facts.join(" "));
    }
    text
}

/// The documentation of an operation.
pub(super) fn operation_docs(path: &str, method: &str, operation: &Value) -> String {
    let words = |key: &str| {
        operation
            .get(key)
            .and_then(Value::as_str)
            .map(rustdoc)
            .filter(|text| !text.is_empty())
    };
    let mut parts: Vec<String> = [words("summary"), words("description")]
        .into_iter()
        .flatten()
        .collect();
    parts.extend(extension::sentence(operation));
    parts.push(format!("Sends `{} {path}`.", method.to_uppercase()));
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let mut list = String::new();
    for parameter in parameters.into_iter().flatten() {
        let name = parameter
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut text = described(parameter).unwrap_or_default().replace('\n', " ");
        let facts = parameter.get("schema").map(facts).unwrap_or_default();
        for fact in facts.into_iter().chain(extension::sentence(parameter)) {
            text = format!("{text} {fact}");
        }
        if !text.trim().is_empty() {
            let _infallible = writeln!(list, "- `{}`: {}", crate::names::snake(name), text.trim());
        }
    }
    if !list.is_empty() {
        parts.push(format!("# Arguments\n\n{}", list.trim_end()));
    }
    let declared = operation
        .get(crate::passes::ERRORS)
        .and_then(Value::as_object);
    let mut errors = String::new();
    for (status, text) in declared.into_iter().flatten() {
        let text = rustdoc(text.as_str().unwrap_or_default()).replace('\n', " ");
        let status = if status == "default" { "other" } else { status };
        let _infallible = write!(errors, "\n- {status}: {text}");
    }
    parts.push("# Errors\n\nAny reply that is no success, with its problem document; a reply that cannot be read.".to_owned());
    if !errors.is_empty() {
        parts.push(errors.trim_start().to_owned());
    }
    parts.join("\n\n")
}

fn described(schema: &Value) -> Option<String> {
    let text = schema
        .get("description")
        .or_else(|| schema.get("title"))?
        .as_str()?;
    Some(rustdoc(text)).filter(|text| !text.is_empty())
}

/// Limits and the like, a sentence each.
fn facts(schema: &Value) -> Vec<String> {
    let mut facts = Vec::new();
    let number = |key: &str| schema.get(key).filter(|value| value.is_number());
    match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => facts.push(format!("From {least} to {most}.")),
        (Some(least), None) => facts.push(format!("At least {least}.")),
        (None, Some(most)) => facts.push(format!("At most {most}.")),
        (None, None) => {}
    }
    for (key, words) in [
        ("exclusiveMinimum", "Above"),
        ("exclusiveMaximum", "Below"),
        ("multipleOf", "A multiple of"),
    ] {
        facts.extend(number(key).map(|value| format!("{words} {value}.")));
    }
    for (least, most, unit) in [
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "items"),
    ] {
        facts.extend(
            number(least)
                .filter(|n| n.as_u64() != Some(0))
                .map(|n| format!("At least {n} {unit}.")),
        );
        facts.extend(number(most).map(|n| format!("At most {n} {unit}.")));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", value.to_string().trim_matches('"')))
            .collect();
        let words = if values.len() == 1 {
            "Always"
        } else {
            "One of"
        };
        facts.push(format!("{words} {}.", values.join(", ")));
    }
    if let Some(default) = schema.get("default").filter(|value| !value.is_null()) {
        facts.push(format!("The service takes `{default}` where it is absent."));
    }
    if schema.get("readOnly") == Some(&Value::Bool(true)) {
        facts.push("Set by the service.".to_owned());
    }
    facts.extend(extension::sentence(schema));
    facts
}

/// Makes text fit for rustdoc: no stray links, tags or addresses outside code spans.
fn rustdoc(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let parts = text.trim().split('`').enumerate();
    let parts: Vec<String> = parts
        .map(|(index, part)| {
            if index % 2 == 1 {
                part.to_owned()
            } else {
                escape(part)
            }
        })
        .collect();
    parts.join("`")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let bare = word.trim_end_matches(['.', ',', ')', ';']);
        if bare.starts_with("https://") || bare.starts_with("http://") {
            let _infallible = write!(out, "<{bare}>{}", &word[bare.len()..]);
        } else {
            out.push_str(
                &word
                    .replace('[', "\\[")
                    .replace(']', "\\]")
                    .replace('<', "\\<"),
            );
        }
    }
    out
}
