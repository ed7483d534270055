//! Conditions by regular expression, which take time in proportion to the text.

use regex::{Regex, RegexBuilder, escape};

use crate::expression::{Embedded, Expression, Scope, plain};

#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    Ready(Regex),
    /// With expressions in it, whose values are searched for as they are.
    Open(Embedded),
}

/// Largest compiled expression.
const LARGEST: usize = 1 << 20;

impl Pattern {
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let embedded = Embedded::parse(text);
        if embedded.expressions().next().is_some() {
            return Ok(Self::Open(embedded));
        }
        compile(text).map(Self::Ready)
    }

    pub(super) fn finds(&self, text: &str, scope: &dyn Scope) -> Result<bool, String> {
        match self {
            Self::Ready(regex) => Ok(regex.is_match(text)),
            Self::Open(embedded) => {
                let filled = embedded.fill_with(scope, |value, _, _| escape(&plain(value)));
                let filled = filled.map_err(|vague| format!("{} has no value", vague.0))?;
                Ok(compile(&filled)?.is_match(text))
            }
        }
    }

    pub(crate) fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Ready(_) => Vec::new(),
            Self::Open(embedded) => embedded.expressions().collect(),
        }
    }

    /// Returns whether it finds the status; `None` where that depends on more.
    pub(crate) fn admits(&self, status: u16) -> Option<bool> {
        match self {
            Self::Ready(regex) => Some(regex.is_match(&status.to_string())),
            Self::Open(_) => None,
        }
    }
}

fn compile(text: &str) -> Result<Regex, String> {
    let compiled = RegexBuilder::new(text).size_limit(LARGEST).build();
    compiled.map_err(|error| {
        let words = error.to_string();
        let last = words.lines().last().unwrap_or_default();
        let last = last.strip_prefix("error: ").unwrap_or(last);
        format!("not a regular expression of linear time: {last}")
    })
}
