//! The branches of a choice, seen through references and through choices inside.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::{Document, referred};
use crate::marks::UNTAGGED;
use crate::shape::JsonKind;
use crate::sign::Sign;

/// One branch.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    /// As it stands in the choice: a reference, or a schema without members.
    pub schema: Value,
    /// What it means.
    pub target: Map<String, Value>,
    /// The name of its component, or its title.
    pub name: String,
}

/// More branches than this in each other are a circle.
const DEPTH: usize = 16;

/// Returns the branches of a choice, those of choices inside in the place of them, each once; and whether
/// one of them may be null.
pub(super) fn expand(branches: &[Value], doc: &Document) -> (Vec<Branch>, bool) {
    let mut expanded = Expanded::default();
    for branch in branches {
        expanded.add(branch, doc, 0);
    }
    (expanded.all, expanded.nullable)
}

/// What was found of the branches of a choice.
#[derive(Default)]
struct Expanded {
    all: Vec<Branch>,
    /// What each of them means, as text.
    known: BTreeSet<String>,
    nullable: bool,
}

impl Expanded {
    fn add(&mut self, branch: &Value, doc: &Document, depth: usize) {
        let (mut target, mut name) = (branch, title(branch));
        for _ in 0..DEPTH {
            self.nullable |= target.get("nullable") == Some(&json!(true));
            let Some(behind) = referred(target) else {
                break;
            };
            name.clone_from(&behind);
            match doc.schema(&behind) {
                Some(schema) => target = schema,
                None => break,
            }
        }
        self.nullable |= target.get("nullable") == Some(&json!(true));
        let inner = ["oneOf", "anyOf"].iter().find_map(|key| {
            let kept = target.get(UNTAGGED).and_then(|kept| kept.get(*key));
            kept.or_else(|| target.get(*key))?.as_array()
        });
        if let Some(inner) = inner
            && target.get("discriminator").is_none()
            && target.get("properties").is_none()
            && depth < DEPTH
        {
            inner
                .iter()
                .for_each(|branch| self.add(branch, doc, depth + 1));
            return;
        }
        let Value::Object(members) = target else {
            return;
        };
        let mut schema = branch.clone();
        if let Value::Object(schema) = &mut schema {
            schema.remove("nullable");
        }
        if self.known.insert(target.to_string()) {
            let target = members.clone();
            self.all.push(Branch {
                schema,
                target,
                name,
            });
        }
    }
}

fn title(schema: &Value) -> String {
    let title = schema.get("title").and_then(Value::as_str);
    title.unwrap_or_default().to_owned()
}

impl Branch {
    /// What JSON it is; nothing where it may be several.
    pub(super) fn kind(&self) -> Option<JsonKind> {
        JsonKind::of(&Value::Object(self.target.clone()))
    }

    /// What is known of its members.
    pub(super) fn members(&self, doc: Option<&Document>) -> Members {
        let mut members = Members::default();
        let declared = self.target.get("properties").and_then(Value::as_object);
        for (name, member) in declared.into_iter().flatten() {
            members.known.insert(name.clone(), sign(member, doc));
        }
        let must = self.target.get("required").and_then(Value::as_array);
        for name in must.into_iter().flatten().filter_map(Value::as_str) {
            let sign = members.known.get(name).cloned().unwrap_or(Sign::There);
            members.known.entry(name.to_owned()).or_insert(Sign::There);
            members.required.insert(name.to_owned(), sign);
        }
        if let Some(discriminator) = self.target.get("discriminator") {
            let tag = discriminator.get("propertyName").and_then(Value::as_str);
            let mapping = discriminator.get("mapping").and_then(Value::as_object);
            let sign = mapping.map_or(Sign::There, |mapping| {
                Sign::Is(mapping.keys().map(|tag| tag.as_str().into()).collect())
            });
            let tag = tag.unwrap_or_default().to_owned();
            members.known.insert(tag.clone(), sign.clone());
            members.required.insert(tag, sign);
            members.is_open = declared.is_none();
        }
        members.is_open |= self
            .target
            .get("additionalProperties")
            .is_some_and(Value::is_object)
            || (declared.is_none() && members.required.is_empty());
        members
    }

    /// Whether it is an object whose members are listed.
    pub(super) fn is_struct(&self) -> bool {
        self.kind() == Some(JsonKind::Object) && !self.target.contains_key("discriminator")
    }
}

/// The members of an object by what they are.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub required: BTreeMap<String, Sign>,
    pub known: BTreeMap<String, Sign>,
    /// Whether members of any name belong to it.
    pub is_open: bool,
}

/// What a member of this schema tells.
fn sign(member: &Value, doc: Option<&Document>) -> Sign {
    if member.get("nullable") == Some(&json!(true)) {
        return Sign::There;
    }
    let mut target = member;
    for _ in 0..DEPTH {
        match referred(target).and_then(|name| doc?.schema(&name)) {
            Some(schema) => target = schema,
            None => break,
        }
    }
    match target.get("enum").and_then(Value::as_array) {
        Some(values) if !values.is_empty() => Sign::Is(values.clone()),
        _ if target.get("nullable") == Some(&json!(true)) => Sign::There,
        _ => JsonKind::of(target).map_or(Sign::There, Sign::Kind),
    }
}
