//! Files in the output of a step: what they are, and how they are found.
//!
//! A blob says its kind only where its place takes any kind, so that the place has to tell. The
//! generated table of places holds for step types too whose types this build leaves out.

use serde_json::Value;

use crate::FileKind;

/// A member of an output that holds files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The way to it, such as `epochs[].samples[]`.
    pub(crate) path: &'static str,
    pub(crate) holds: Holds,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// A blob of this kind.
    Blob(FileKind),
    /// A blob that says its kind itself.
    AnyBlob,
    /// A link to a file of this kind, without a blob around it.
    Link(FileKind),
}

pub(crate) const fn blob(path: &'static str, kind: FileKind) -> Place {
    let holds = Holds::Blob(kind);
    Place { path, holds }
}

pub(crate) const fn any(path: &'static str) -> Place {
    let holds = Holds::AnyBlob;
    Place { path, holds }
}

pub(crate) const fn link(path: &'static str, kind: FileKind) -> Place {
    let holds = Holds::Link(kind);
    Place { path, holds }
}

/// Calls `found` with everything that stands at a path, and the way there with its numbers and keys:
/// `[]` stands for each item of a list, `{}` for each value of a map.
pub(crate) fn each<'a>(
    output: &'a Value,
    path: &str,
    at: &str,
    found: &mut dyn FnMut(&'a Value, String),
) {
    let (member, rest) = path.split_once('.').unwrap_or((path, ""));
    let name = member.trim_end_matches(['[', ']', '{', '}']);
    let many = &member[name.len()..];
    let Some(value) = output.get(name).filter(|value| !value.is_null()) else {
        return;
    };
    let here = match at {
        "" => name.to_owned(),
        _ => format!("{at}.{name}"),
    };
    let mut go_on = |value: &'a Value, here: String| match rest {
        "" => found(value, here),
        _ => each(value, rest, &here, found),
    };
    match (many, value) {
        ("", value) => go_on(value, here),
        ("[]", Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                go_on(item, format!("{here}[{index}]"));
            }
        }
        ("{}", Value::Object(values)) => {
            for (key, value) in values {
                go_on(value, format!("{here}.{key}"));
            }
        }
        _ => {}
    }
}
