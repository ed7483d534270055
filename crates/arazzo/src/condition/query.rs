//! Conditions by JSONPath, RFC 9535.

use serde_json::Value;
use serde_json_path::JsonPath;

use super::Reading;
use crate::expression::{Embedded, Expression, Scope, plain};

/// A query; its condition holds where it finds at least one node.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Ready(Box<JsonPath>),
    /// With expressions in it, whose values become literals.
    Open(Embedded),
}

impl Query {
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let embedded = Embedded::parse(text);
        let kind = if embedded.expressions().next().is_some() {
            // Whatever the values are, the query must be one.
            let sample = embedded.fill_with(&Nothing, |_, before, _| literal(&Value::Null, before));
            parse(&sample.unwrap_or_default())?;
            Kind::Open(embedded)
        } else {
            Kind::Ready(Box::new(parse(text)?))
        };
        Ok(Self {
            text: text.to_owned(),
            kind,
        })
    }

    pub(super) fn finds(
        &self,
        value: &Value,
        scope: &dyn Scope,
        reading: Reading,
    ) -> Result<bool, String> {
        let filled;
        let path = match &self.kind {
            Kind::Ready(path) => path,
            Kind::Open(embedded) => {
                let text = embedded.fill_with(scope, |value, before, _| literal(value, before));
                let text = text.map_err(|vague| format!("{} has no value", vague.0))?;
                filled = Box::new(parse(&text)?);
                &filled
            }
        };
        let wrapped;
        let value = if reading == Reading::Meant && value.is_object() && self.filters_root() {
            wrapped = Value::Array(vec![value.clone()]);
            &wrapped
        } else {
            value
        };
        Ok(!path.query(value).is_empty())
    }

    /// Returns whether it begins with a filter, which tests the members of an object.
    pub(crate) fn filters_root(&self) -> bool {
        let text: String = self.text.chars().filter(|c| !c.is_whitespace()).collect();
        // One that asks for `$` itself says what it means.
        text.strip_prefix("$[?")
            .is_some_and(|filter| !filter.contains('$'))
    }

    pub(crate) fn expressions(&self) -> Vec<&Expression> {
        match &self.kind {
            Kind::Ready(_) => Vec::new(),
            Kind::Open(embedded) => embedded.expressions().collect(),
        }
    }

    /// Returns the names and indexes that it goes through before its first filter or choice.
    pub(crate) fn plain_start(&self) -> Vec<String> {
        Self::start_of(&self.text)
    }

    /// The same of a query as text.
    pub(crate) fn start_of(text: &str) -> Vec<String> {
        let mut keys = Vec::new();
        let mut rest = text.trim().strip_prefix('$').unwrap_or_default();
        loop {
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let name = &after[..end];
                if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                    return keys;
                }
                keys.push(name.to_owned());
                rest = &after[end..];
            } else if let Some((inside, after)) =
                rest.strip_prefix('[').and_then(|r| r.split_once(']'))
            {
                let name = inside.trim_matches(['\'', '"']);
                let index = name.len() == inside.len() && inside.parse::<usize>().is_err();
                if index || name.contains(['\'', '"', '?', '*']) {
                    return keys;
                }
                keys.push(name.to_owned());
                rest = after;
            } else {
                return keys;
            }
        }
    }
}

fn parse(text: &str) -> Result<JsonPath, String> {
    JsonPath::parse(text).map_err(|error| format!("not a query of RFC 9535: {error}"))
}

/// Writes a value so that it stays one literal, whatever is in it: between quotes that the query has,
/// or with its own.
fn literal(value: &Value, before: Option<char>) -> String {
    let escaped = |quote: char| {
        let mut text = String::new();
        for c in plain(value).chars() {
            match c {
                '\\' => text.push_str("\\\\"),
                c if c == quote => text.extend(['\\', c]),
                c if c.is_control() => text.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => text.push(c),
            }
        }
        text
    };
    match (before, value) {
        (Some(quote @ ('\'' | '"')), _) => escaped(quote),
        (_, Value::Null | Value::Bool(_) | Value::Number(_)) => value.to_string(),
        _ => format!("'{}'", escaped('\'')),
    }
}

/// Gives every expression the value null.
struct Nothing;

impl Scope for Nothing {
    fn root(&self, _: &crate::expression::Root) -> Option<Value> {
        Some(Value::Null)
    }
}
