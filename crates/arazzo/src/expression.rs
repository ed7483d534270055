//! Runtime expressions: what they name, and their value.

use std::fmt;

use serde_json::Value;

pub(crate) use braces::unbraced;
pub(crate) use navigation::{Move, navigate};
#[cfg(test)]
pub(crate) use template::Vague;
pub(crate) use template::{Embedded, Piece, Selector, SelectorQuery, Template};

use crate::pointer::look_up;

mod braces;
mod navigation;
mod parse;
mod template;

/// A runtime expression, such as `$steps.submit.outputs.id`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression {
    /// As it is written.
    pub(crate) text: String,
    pub(crate) root: Root,
    /// The JSON Pointer behind `#`.
    pub(crate) pointer: Option<String>,
    /// What follows where a pointer is not meant: legal in simple conditions only.
    pub(crate) moves: Vec<Move>,
    /// How far the text is from the grammar.
    pub(crate) lapse: Option<Lapse>,
}

/// What an expression begins with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Root {
    Url,
    Method,
    StatusCode,
    /// The address of the document itself.
    Document,
    Request(Part),
    Response(Part),
    /// All inputs, as the context of a selector.
    Inputs,
    Input(String),
    /// An output of the workflow that a step has called.
    Output(String),
    Step {
        step: String,
        output: String,
    },
    Workflow {
        workflow: String,
        side: Side,
        name: String,
    },
    Source {
        source: String,
        field: String,
    },
    Component {
        kind: String,
        name: String,
    },
    Message,
}

/// A part of a request or reply.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// The name is in lower case.
    Header(String),
    Query(String),
    Path(String),
    Body,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Inputs,
    Outputs,
}

/// How a text that is taken for an expression departs from the grammar of 1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lapse {
    /// `$steps.a.b` in place of `$steps.a.outputs.b`.
    NoOutputs,
    /// A name with blanks or other signs that names do not have.
    LooseName,
}

/// Where the values of expressions come from.
pub(crate) trait Scope {
    /// Returns the value of the root; `None` where there is none, which is not the same as null.
    fn root(&self, root: &Root) -> Option<Value>;

    /// Returns the reply's body as it came, for conditions on its text.
    fn body_text(&self) -> Option<String> {
        None
    }
}

impl Expression {
    /// Reads a whole text as an expression.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        parse::whole(text)
    }

    /// Returns the value; `None` where there is none.
    pub(crate) fn value(&self, scope: &dyn Scope) -> Option<Value> {
        let root = scope.root(&self.root)?;
        let value = match &self.pointer {
            Some(pointer) => look_up(&root, pointer)?,
            None => &root,
        };
        navigate(value, &self.moves).cloned()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The text of a value where it becomes part of another text: scalars as they are, the rest as JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A map of names to values, in which a name may be followed by a path with dots.
pub(crate) fn named<'a>(name: &str, get: impl Fn(&str) -> Option<&'a Value>) -> Option<&'a Value> {
    if let Some(value) = get(name) {
        return Some(value);
    }
    // Names may hold dots, so the longest one that is there counts.
    let mut end = name.len();
    while let Some(dot) = name[..end].rfind('.') {
        if let Some(value) = get(&name[..dot]) {
            return navigate(value, &navigation::moves(&name[dot..])?);
        }
        end = dot;
    }
    None
}

#[cfg(test)]
mod tests;
