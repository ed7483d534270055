//! Reads the fields of objects, and tells of those that are missing, wrong or unknown.

use serde_json::{Map, Value};

use crate::finding::{Findings, Rule};
use crate::pointer::Pointer;

/// Reads one document.
pub(super) struct Reader<'a> {
    pub(super) root: &'a Value,
    /// The second number of the version: 0 or 1.
    pub(super) minor: u32,
    pub(super) findings: Findings,
}

/// An object and its place.
#[derive(Clone)]
pub(super) struct Fields<'a> {
    pub(super) members: &'a Map<String, Value>,
    pub(super) at: Pointer,
}

impl<'a> Fields<'a> {
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.members.get(key)
    }

    pub(super) fn place(&self, key: &str) -> Pointer {
        self.at.child(key)
    }
}

impl<'a> Reader<'a> {
    pub(super) fn wrong(&mut self, at: &Pointer, message: impl Into<String>) {
        self.findings.add(Rule::Structure, at, message);
    }

    /// Reads an object; members that are not listed and do not begin with `x-` are told.
    pub(super) fn object(
        &mut self,
        value: &'a Value,
        at: &Pointer,
        known: &[&str],
    ) -> Option<Fields<'a>> {
        let Some(members) = value.as_object() else {
            self.wrong(at, "an object belongs here");
            return None;
        };
        for key in members.keys() {
            if !known.contains(&key.as_str()) && !key.starts_with("x-") {
                let message = format!("the specification has no field `{key}` here");
                self.findings
                    .add(Rule::UnknownField, &at.child(key), message);
            }
        }
        Some(Fields {
            members,
            at: at.clone(),
        })
    }

    /// Reads a text, if it is there.
    pub(super) fn optional(&mut self, fields: &Fields<'a>, key: &str) -> Option<&'a str> {
        let value = fields.get(key)?;
        let text = value.as_str();
        if text.is_none() {
            self.wrong(&fields.place(key), format!("`{key}` must be a text"));
        }
        text
    }

    /// Reads a text that must be there.
    pub(super) fn text(&mut self, fields: &Fields<'a>, key: &str) -> Option<&'a str> {
        if fields.get(key).is_none() {
            self.wrong(&fields.at, format!("`{key}` is missing"));
        }
        self.optional(fields, key)
    }

    /// Reads a list, if it is there.
    pub(super) fn list(&mut self, fields: &Fields<'a>, key: &str) -> Option<&'a [Value]> {
        let value = fields.get(key)?;
        let list = value.as_array().map(Vec::as_slice);
        if list.is_none() {
            self.wrong(&fields.place(key), format!("`{key}` must be a list"));
        }
        list
    }

    /// Reads a list that must be there with at least one item.
    pub(super) fn some(&mut self, fields: &Fields<'a>, key: &str) -> &'a [Value] {
        let list = self.list(fields, key);
        match list {
            Some([]) => self.wrong(&fields.place(key), format!("`{key}` must not be empty")),
            None if fields.get(key).is_none() => {
                self.wrong(&fields.at, format!("`{key}` is missing"));
            }
            _ => {}
        }
        list.unwrap_or_default()
    }

    /// Reads each item of a list by `read`, with its place.
    pub(super) fn each<T>(
        &mut self,
        fields: &Fields<'a>,
        key: &str,
        mut read: impl FnMut(&mut Self, &'a Value, Pointer) -> Option<T>,
    ) -> Option<Vec<T>> {
        let list = self.list(fields, key)?;
        let at = fields.place(key);
        let each = list.iter().enumerate();
        Some(
            each.filter_map(|(index, item)| read(self, item, at.item(index)))
                .collect(),
        )
    }

    /// Tells of a name that expressions cannot refer to.
    pub(super) fn check_name(&mut self, name: &str, at: &Pointer, dots: bool) {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c) || (dots && c == '.');
        if name.is_empty() || !name.chars().all(fits) {
            let signs = if dots {
                "`.`, `_` and `-`"
            } else {
                "`_` and `-`"
            };
            let message = format!("the name `{name}` should have letters, digits, {signs} alone");
            self.findings.add(Rule::Name, at, message);
        }
    }

    /// Returns the component that a reusable object refers to, and its place.
    pub(super) fn component(
        &mut self,
        reference: &str,
        kind: &str,
        at: &Pointer,
    ) -> Option<(&'a Value, Pointer)> {
        let name = reference.strip_prefix(&format!("$components.{kind}."));
        let found = name.and_then(|name| {
            let value = self.root.get("components")?.get(kind)?.get(name)?;
            Some((
                value,
                Pointer::root().child("components").child(kind).child(name),
            ))
        });
        if found.is_none() {
            let message = format!("`{reference}` is not among the {kind} of the components");
            self.findings.add(Rule::UnknownComponent, at, message);
        }
        found
    }
}
