//! Conditions of criteria: simple ones, regular expressions and JSONPath.

use serde_json::Value;

pub(crate) use compare::Operator;
pub(crate) use query::Query;
pub(crate) use simple::{Operand, Simple};

use crate::expression::{Expression, Scope};
use pattern::Pattern;

mod compare;
mod lexer;
mod parser;
mod pattern;
mod query;
mod simple;

/// A condition as it is evaluated.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Simple(Simple),
    Regex(Pattern),
    Path(Query),
    /// Written as JSONPath and no query; read as the comparison that its author means.
    Meant(Simple),
    /// Cannot be read, and why.
    Broken(String),
    /// Of a kind that is not supported, and which.
    Unsupported(String),
}

/// How a condition is read where its author may mean something else than it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reading {
    /// By the specifications: RFC 9535 for JSONPath, and what is no query is refused.
    #[default]
    Strict,
    /// As authors mean it: a comparison under `type: jsonpath` is a comparison, a filter at the root of
    /// an object tests the object, and an expression without braces in a text is an expression.
    Meant,
}

/// What came of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) held: bool,
    /// Why it does not hold, where that is not plain from the values.
    pub(crate) note: Option<String>,
}

impl Condition {
    pub(crate) fn simple(text: &str) -> Self {
        parser::parse(text, false).map_or_else(Self::Broken, Self::Simple)
    }

    pub(crate) fn regex(text: &str) -> Self {
        Pattern::new(text).map_or_else(Self::Broken, Self::Regex)
    }

    pub(crate) fn path(text: &str) -> Self {
        match Query::new(text) {
            Ok(query) => Self::Path(query),
            Err(error) => match parser::parse(text, true) {
                Ok(meant) if meant.has_comparison() => Self::Meant(meant),
                _ => Self::Broken(error),
            },
        }
    }

    pub(crate) fn judge(
        &self,
        context: Option<&Expression>,
        scope: &dyn Scope,
        reading: Reading,
    ) -> Judged {
        let value = context.and_then(|context| context.value(scope));
        let no_context = || {
            format!(
                "{} has no value",
                context.map_or("the context", |c| &c.text)
            )
        };
        let held = match self {
            Self::Simple(simple) => Ok(simple.holds(scope, None)),
            Self::Meant(simple) if reading == Reading::Meant => {
                Ok(simple.holds(scope, value.as_ref()))
            }
            Self::Meant(_) => Err("the condition is no JSONPath query".to_owned()),
            Self::Broken(why) | Self::Unsupported(why) => Err(why.clone()),
            Self::Regex(pattern) => match whole_text(context, value, scope) {
                Some(text) => pattern.finds(&text, scope),
                None => Err(no_context()),
            },
            Self::Path(query) => match &value {
                Some(value) => query.finds(value, scope, reading),
                None => Err(no_context()),
            },
        };
        match held {
            Ok(held) => Judged { held, note: None },
            Err(note) => Judged {
                held: false,
                note: Some(note),
            },
        }
    }
}

/// The text that a regular expression searches; a body is searched as it came.
fn whole_text(
    context: Option<&Expression>,
    value: Option<Value>,
    scope: &dyn Scope,
) -> Option<String> {
    if context.is_some_and(|context| context.text == "$response.body") {
        let raw = scope.body_text();
        if raw.is_some() {
            return raw;
        }
    }
    value.map(|value| crate::expression::plain(&value))
}

#[cfg(test)]
mod tests;
