//! Documentation text: the contract's words, made fit for rustdoc, and the facts that the types do
//! not show (limits, defaults, who sets a member).

use std::fmt::Write as _;

use serde_json::Value;

use crate::model::{About, Content, Kind, Member, Method, Model, Operation, Ty, Type};

/// The documentation of a type.
pub(crate) fn of_type(schema: &str, found: &Type) -> String {
    let mut text =
        words(&found.about).unwrap_or_else(|| format!("The schema `{schema}` of the contract."));
    if found.about.deprecated {
        text.push_str("\n\nDeprecated by the service.");
    }
    for sentence in &found.about.known {
        let _infallible = write!(text, "\n\n{sentence}");
    }
    if let Kind::Union(union) = &found.kind {
        let _infallible = write!(text, "\n\nThe member `{}` names the variant.", union.tag);
        if let Some(default) = &union.default {
            let _infallible = write!(text, " Default: `{default}`.");
        }
    }
    text
}

/// The documentation of a member; nothing where its name says it all.
pub(crate) fn of_member(model: &Model, member: &Member) -> String {
    let of_type = || match &member.content.ty {
        Ty::Named(name) => model.types.get(name).and_then(|found| words(&found.about)),
        _ => None,
    };
    let mut parts: Vec<String> = words(&member.content.about)
        .or_else(of_type)
        .into_iter()
        .collect();
    match &member.fixed {
        Some(value) => parts.push(format!(
            "Always `{value}`, which is sent where nothing is set."
        )),
        None => parts.extend(facts(&member.content)),
    }
    if member.clearable {
        parts.push("Null clears it; what is not set stays as it is.".to_owned());
    }
    parts.join(" ")
}

/// The documentation of a parameter.
pub(crate) fn of_content(content: &Content) -> String {
    let mut parts: Vec<String> = words(&content.about).into_iter().collect();
    parts.extend(facts(content));
    parts.join(" ").replace('\n', " ")
}

/// The documentation of an operation's method; `listed` are the arguments that it takes one by one.
pub(crate) fn of_operation(
    operation: &Operation,
    way: &Method,
    listed: &dyn Fn(&str) -> bool,
) -> String {
    let mut parts: Vec<String> = operation.summary.iter().map(|text| rustdoc(text)).collect();
    parts.extend(words(&operation.about));
    parts.retain(|text| !text.is_empty());
    parts.extend(operation.about.known.iter().cloned());
    let method = operation.method.to_uppercase();
    let mut sends = format!("Sends `{method} {}`", operation.path);
    if let Some(body) = operation.bodies.get(way.body).filter(|_| way.body > 0) {
        let _infallible = write!(sends, " with a body of `{}`", body.media);
    }
    if let Some(reply) = operation.replies.get(way.reply).filter(|_| way.reply > 0) {
        let _infallible = write!(sends, " and asks for `{}`", reply.media);
    }
    parts.push(sends + ".");
    let mut list = String::new();
    for parameter in operation.parameters.iter().filter(|one| listed(&one.rust)) {
        let text = of_content(&parameter.content);
        if !text.trim().is_empty() {
            let name = &parameter.rust;
            let _infallible = writeln!(list, "- `{name}`: {}", text.trim());
        }
    }
    if !list.is_empty() {
        parts.push(format!("# Arguments\n\n{}", list.trim_end()));
    }
    let mut errors = String::from(
        "# Errors\n\nAny reply that is no success, with its problem document; a reply that cannot be read.",
    );
    for (index, (status, text)) in operation.errors.iter().enumerate() {
        let status = if status == "default" { "other" } else { status };
        let text = rustdoc(text).replace('\n', " ");
        let before = if index == 0 { "\n\n" } else { "\n" };
        let _infallible = write!(errors, "{before}- {status}: {text}");
    }
    parts.push(errors);
    parts.join("\n\n")
}

/// One line about an operation.
pub(crate) fn line(operation: &Operation) -> String {
    let text = operation
        .summary
        .clone()
        .or_else(|| operation.about.text.clone());
    let text = text.as_deref().map(rustdoc).unwrap_or_default();
    let line = text
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let sends = format!("`{} {}`", operation.method.to_uppercase(), operation.path);
    if line.is_empty() {
        format!("{sends}.")
    } else {
        format!("{line}: {sends}.")
    }
}

/// A text in one line.
pub(crate) fn one_line(text: &str) -> String {
    rustdoc(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn words(about: &About) -> Option<String> {
    about
        .text
        .as_deref()
        .map(rustdoc)
        .filter(|text| !text.is_empty())
}

/// Limits and the like, a sentence each.
fn facts(content: &Content) -> Vec<String> {
    let mut facts = Vec::new();
    let bound = |key: &str| {
        let found = content.bounds.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| *value)
    };
    match (bound("minimum"), bound("maximum")) {
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
        facts.extend(bound(key).map(|value| format!("{words} {value}.")));
    }
    let unit = if matches!(content.ty, Ty::List(_)) {
        "items"
    } else {
        "characters"
    };
    match content.counts {
        (0, None) => {}
        (0, Some(most)) => facts.push(format!("At most {most} {unit}.")),
        (least, None) => facts.push(format!("At least {least} {unit}.")),
        (least, Some(most)) => facts.push(format!("From {least} to {most} {unit}.")),
    }
    if !content.listed.is_empty() {
        let values = content
            .listed
            .iter()
            .map(|value| format!("`{}`", bare(value)));
        let values: Vec<String> = values.collect();
        let words = if values.len() == 1 {
            "Always"
        } else {
            "One of"
        };
        facts.push(format!("{words} {}.", values.join(", ")));
    }
    if let Some(default) = &content.default {
        facts.push(format!("Default: `{}`.", bare(default)));
    }
    if content.optional {
        facts.push("The service fills it in, although its description requires it.".to_owned());
    }
    if content.read_only {
        facts.push("Set by the service.".to_owned());
    }
    facts.extend(content.about.known.iter().cloned());
    facts
}

fn bare(value: &Value) -> String {
    value.to_string().trim_matches('"').to_owned()
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
