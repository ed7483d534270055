//! References between steps: how a handle is written into an input, and how all are found again.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value};

/// The source that stands for the arguments of the workflow.
pub(super) const ARGUMENTS: &str = "$arguments";
/// Stands between the name of a step and its identity until the workflow is made.
const BETWEEN: char = '\0';

/// Tells steps of one process apart, clones of a request included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct StepId(u64);

impl StepId {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Where a deferred value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A step that a handle stands for.
    Step(StepId, String),
    /// A step by its name.
    Named(String),
    /// The arguments of the workflow.
    Arguments,
}

impl Origin {
    /// The source of a reference as it stands in an input until the workflow is made. A handle's
    /// carries the identity of its step: two workflows may have steps of one name.
    pub(super) fn to_source(&self) -> String {
        match self {
            Self::Step(StepId(id), name) => format!("{name}{BETWEEN}{id}"),
            Self::Named(name) => name.clone(),
            Self::Arguments => ARGUMENTS.to_owned(),
        }
    }

    pub(super) fn from_source(source: &str) -> Self {
        let step = source.rsplit_once(BETWEEN);
        let step = step.and_then(|(name, id)| Some((name, id.parse().ok()?)));
        match step {
            Some((name, id)) => Self::Step(StepId(id), name.to_owned()),
            None if source == ARGUMENTS => Self::Arguments,
            None => Self::Named(source.to_owned()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Step(_, name) | Self::Named(name) => name,
            Self::Arguments => ARGUMENTS,
        })
    }
}

/// A reference that was found.
pub(super) struct Mention<'a> {
    /// The way to it.
    pub(super) field: &'a str,
    pub(super) source: &'a mut String,
    /// The path within the source.
    pub(super) path: &'a str,
    /// The names of the items of all loops around it.
    pub(super) items: &'a [String],
}

/// Calls with each reference below a value, but for those to the item of a loop around it.
pub(super) fn each(value: &mut Value, path: &str, look: &mut impl FnMut(Mention<'_>)) {
    walk(value, path, &mut Vec::new(), look);
}

fn walk(
    value: &mut Value,
    path: &str,
    items: &mut Vec<String>,
    look: &mut impl FnMut(Mention<'_>),
) {
    match value {
        Value::Object(object) if is_reference(object) => {
            let within = object.get("path").and_then(Value::as_str);
            let within = within.unwrap_or_default().to_owned();
            if let Some(Value::String(source)) = object.get_mut("$ref")
                && !items.contains(source)
            {
                look(Mention {
                    field: path,
                    source,
                    path: &within,
                    items,
                });
            }
        }
        Value::Object(object) => {
            let item = object.get("for").and_then(|list| list.get("as"));
            let item = item.and_then(Value::as_str).map(str::to_owned);
            for (name, value) in object {
                let inside = item.clone().filter(|_| name == "template");
                items.extend(inside.clone());
                walk(value, &format!("{path}.{name}"), items, look);
                items.truncate(items.len() - usize::from(inside.is_some()));
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter_mut().enumerate() {
                walk(value, &format!("{path}[{index}]"), items, look);
            }
        }
        _ => {}
    }
}

/// A JSON schema inside an input refers, too, but to its own places, by `#/…`. The list of a loop
/// also says what an item is called.
fn is_reference(object: &Map<String, Value>) -> bool {
    let source = object.get("$ref").and_then(Value::as_str);
    source.is_some_and(|source| !source.starts_with('#'))
        && object
            .keys()
            .all(|key| matches!(key.as_str(), "$ref" | "path" | "as"))
}
