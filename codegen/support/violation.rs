//! What is wrong with a value, and the walk that finds all of it.

use std::collections::HashSet;
use std::fmt;

use serde_json::{Map, Value};

use super::limits::{Limits, Rule};
use super::range::Count;

/// A value that its contract does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: String,
    kind: ViolationKind,
    what: String,
}

/// What kind of limit a value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ViolationKind {
    /// A member that must be there is absent or null.
    Missing,
    /// A value of another type than one that the limit is about.
    Type,
    /// A number outside its range.
    Range,
    /// Text that is too short or too long.
    Length,
    /// A list with too few or too many items.
    Count,
    /// An item that is there twice.
    Repeated,
    /// A value or a tag that the contract does not list. The service may know it all the same.
    Unlisted,
    /// A value nested so deeply that it was not looked at.
    Depth,
}

impl Violation {
    /// Returns the path of the value, such as `items[0].size.width`; `.` is the whole value.
    pub fn path(&self) -> &str {
        if self.path.is_empty() {
            "."
        } else {
            &self.path
        }
    }

    /// Returns what kind of limit it breaks.
    pub fn kind(&self) -> ViolationKind {
        self.kind
    }

    /// Returns what is wrong, such as `must be from 64 to 2048; it is 9000`.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path(), self.what)
    }
}

impl Limits {
    /// Checks a value, objects and lists inside it included, and returns all that is wrong.
    ///
    /// A member that is null counts as absent. Members that the contract does not name are let
    /// through, and so is a reference to a value elsewhere, `{"$ref": …, "path": …}`, in the place of
    /// any value. Listed values and tags are a kind of their own, since a service may
    /// know more of them: see [`Violation::kind`].
    pub fn check(&self, value: &Value) -> Vec<Violation> {
        let mut walk = Walk::default();
        walk.limits(self, value);
        walk.found
    }
}

impl Rule {
    /// Checks a value as [`Limits::check`] does.
    pub fn check(&self, value: &Value) -> Vec<Violation> {
        let mut walk = Walk::default();
        walk.rule(self, value);
        walk.found
    }
}

/// Values may nest this deep: as deep as JSON text may before `serde_json` refuses it.
const DEEPEST: usize = 128;
/// As much of a value as a message repeats, in characters.
const SHOWN: usize = 40;

/// A walk through a value.
#[derive(Default)]
struct Walk {
    path: String,
    depth: usize,
    found: Vec<Violation>,
}

impl Walk {
    /// Checks an object against the limits of its schema.
    pub(super) fn limits(&mut self, limits: &Limits, value: &Value) {
        let Value::Object(object) = value else {
            return self.wrong_type("an object", value);
        };
        if is_reference(object) && limits.member("$ref").is_none() {
            return;
        }
        if let Some(limits) = self.variant(limits, object) {
            self.members(limits, object);
        }
    }

    /// Checks a value against one rule.
    pub(super) fn rule(&mut self, rule: &Rule, value: &Value) {
        if let Rule::Object(limits) = rule {
            return self.limits(limits, value);
        }
        if value.as_object().is_some_and(is_reference) {
            return;
        }
        match (rule, value) {
            (Rule::Any | Rule::Object(_), _) | (Rule::Flag, Value::Bool(_)) => {}
            (Rule::Number(range), Value::Number(number)) => {
                let given = number.as_f64().unwrap_or(f64::NAN);
                if range.is_integer() && given.fract() != 0.0 {
                    let what = format!("must be a whole number; it is {number}");
                    self.found(ViolationKind::Range, what);
                } else if !range.contains(given) {
                    let what = format!("must be {range}; it is {number}");
                    self.found(ViolationKind::Range, what);
                }
            }
            (Rule::Text(count), Value::String(text)) => {
                self.count(ViolationKind::Length, *count, text.chars().count());
            }
            (Rule::Listed(values), Value::String(text)) => self.listed(values, text),
            (Rule::Numbers(values), Value::Number(number)) => {
                if !values.iter().any(|listed| Some(*listed) == number.as_f64()) {
                    let list: Vec<String> = values.iter().map(f64::to_string).collect();
                    let what = format!("must be one of {}; it is {number}", list.join(", "));
                    self.found(ViolationKind::Unlisted, what);
                }
            }
            (
                Rule::List {
                    count,
                    unique,
                    item,
                },
                Value::Array(items),
            ) => {
                self.count(ViolationKind::Count, *count, items.len());
                self.items(item, *unique, items);
            }
            (Rule::Map(rule), Value::Object(entries)) => {
                for (name, value) in entries {
                    self.at(&format!(".{name}"), |walk| walk.rule(rule, value));
                }
            }
            (Rule::Number(_) | Rule::Numbers(_), _) => self.wrong_type("a number", value),
            (Rule::Flag, _) => self.wrong_type("true or false", value),
            (Rule::Text(_) | Rule::Listed(_), _) => self.wrong_type("text", value),
            (Rule::List { .. }, _) => self.wrong_type("a list", value),
            (Rule::Map(_), _) => self.wrong_type("an object", value),
        }
    }

    /// Follows the tags of nested unions to the limits of one variant; without any, there is
    /// nothing more to look at.
    fn variant<'a>(
        &mut self,
        mut limits: &'a Limits,
        object: &Map<String, Value>,
    ) -> Option<&'a Limits> {
        for _ in 0..DEEPEST {
            let Some(tag) = limits.tag() else {
                return Some(limits);
            };
            let given = match object.get(tag) {
                None | Some(Value::Null) => limits.default_tag(),
                Some(Value::String(given)) => Some(given.as_str()),
                Some(Value::Object(given)) if is_reference(given) => return None,
                Some(other) => {
                    self.at(&format!(".{tag}"), |walk| walk.wrong_type("text", other));
                    return None;
                }
            };
            let Some(given) = given else {
                self.at(&format!(".{tag}"), Self::missing);
                return None;
            };
            let variants = limits.variants();
            let Some((_, variant)) = variants.iter().find(|(listed, _)| *listed == given) else {
                let tags: Vec<&str> = variants.iter().map(|(tag, _)| *tag).collect();
                self.at(&format!(".{tag}"), |walk| walk.listed(&tags, given));
                return None;
            };
            limits = variant;
        }
        None
    }

    fn members(&mut self, limits: &Limits, object: &Map<String, Value>) {
        for member in limits.members() {
            let value = object.get(member.name()).filter(|value| !value.is_null());
            self.at(&format!(".{}", member.name()), |walk| match value {
                Some(value) => walk.rule(&member.rule(), value),
                None if member.is_required() => walk.missing(),
                None => {}
            });
        }
    }

    fn items(&mut self, rule: &Rule, unique: bool, items: &[Value]) {
        let mut seen = HashSet::new();
        for (index, item) in items.iter().enumerate() {
            self.at(&format!("[{index}]"), |walk| {
                if unique && !seen.insert(item.to_string()) {
                    walk.found(ViolationKind::Repeated, "is there twice".to_owned());
                }
                walk.rule(rule, item);
            });
        }
    }

    fn count(&mut self, kind: ViolationKind, allowed: Count, count: usize) {
        if !allowed.contains(count) {
            let unit = if kind == ViolationKind::Length {
                "characters"
            } else {
                "items"
            };
            self.found(kind, format!("must have {allowed} {unit}; it has {count}"));
        }
    }

    fn listed(&mut self, values: &[&str], text: &str) {
        if !values.contains(&text) {
            let list = values.join("`, `");
            let what = format!("must be one of `{list}`; it is `{}`", shown(text));
            self.found(ViolationKind::Unlisted, what);
        }
    }

    fn missing(&mut self) {
        self.found(ViolationKind::Missing, "is required".to_owned());
    }

    fn wrong_type(&mut self, wanted: &str, value: &Value) {
        let is = match value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.found(ViolationKind::Type, format!("must be {wanted}; it is {is}"));
    }

    fn found(&mut self, kind: ViolationKind, what: String) {
        let path = self.path.strip_prefix('.').unwrap_or(&self.path);
        let path = path.to_owned();
        self.found.push(Violation { path, kind, what });
    }

    /// Works on a value inside the present one.
    fn at(&mut self, segment: &str, work: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(segment);
        if self.depth == DEEPEST {
            let what = format!("is nested more than {DEEPEST} levels deep");
            self.found(ViolationKind::Depth, what);
        } else {
            self.depth += 1;
            work(self);
            self.depth -= 1;
        }
        self.path.truncate(length);
    }
}

/// Whether an object stands for a value elsewhere.
fn is_reference(object: &Map<String, Value>) -> bool {
    let text = |name: &str| object.get(name).is_some_and(Value::is_string);
    text("$ref") && text("path")
}

/// The beginning of a long text.
fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
