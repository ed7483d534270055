//! Choices beside members: `allOf` over a choice, or a `oneOf` next to `properties`. A type that has both
//! gets the members of every branch.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::super::merge::{self, Merged};
use super::Flattener;
use crate::document::{as_object_mut, referred, schema_name, schema_reference};
use crate::error::Error;
use crate::marks::{BASES, INLINE, UNTAGGED};
use crate::names::pascal;
use crate::pointer::Pointer;

/// A choice that was found in a part of a type.
pub(super) struct Choice {
    /// `oneOf` or `anyOf`.
    key: &'static str,
    branches: Vec<Value>,
    /// Its discriminator, and the component that it is from.
    discriminator: Option<Value>,
}

impl Flattener<'_> {
    /// Whether a schema has no choice that stands beside members or beside another choice.
    pub(super) fn is_plain(&self, schema: &Map<String, Value>) -> bool {
        let (one, any) = (schema.contains_key("oneOf"), schema.contains_key("anyOf"));
        let is_alone = schema.contains_key("discriminator") || !has_members(schema);
        !(one && any) && (!(one || any) || is_alone)
    }

    /// Takes the choices out of a part. A base that chooses between its children says nothing to them.
    pub(super) fn choices_of(
        &self,
        part: &mut Map<String, Value>,
        base: Option<&str>,
    ) -> Vec<Choice> {
        let mut discriminator = part.remove("discriminator");
        let mut found = Vec::new();
        for key in ["oneOf", "anyOf"] {
            let Some(Value::Array(branches)) = part.remove(key) else {
                continue;
            };
            let discriminator = discriminator.take();
            let mapping = discriminator.iter().filter_map(|one| one.get("mapping"));
            let mapped = mapping
                .filter_map(Value::as_object)
                .flatten()
                .filter_map(|(_, target)| schema_name(target.as_str()?));
            let mut leads = branches.iter().filter_map(referred).chain(mapped);
            let is_sibling = |name: String| self.is_open(&name) || Some(name.as_str()) == base;
            if !leads.any(is_sibling) {
                found.push(Choice {
                    key,
                    branches,
                    discriminator,
                });
            }
        }
        found
    }

    /// Takes the choice out of a schema that stands there beside a tagged one.
    pub(super) fn beside_tagged(&self, schema: &mut Map<String, Value>) -> Vec<Choice> {
        let listed = |key: &str| schema.get(key).and_then(Value::as_array);
        let (Some(tagged), Some(second)) = (listed("oneOf"), listed("anyOf")) else {
            return Vec::new();
        };
        let is_said = second.iter().all(|branch| tagged.contains(branch));
        let mut second = Map::from_iter(schema.remove_entry("anyOf"));
        if is_said {
            return Vec::new();
        }
        self.choices_of(&mut second, None)
    }

    /// Puts the only choice of a type without members back, and gives any other type the members of all
    /// branches. Of two choices that are both among other things than objects, the second narrows the first.
    pub(super) fn beside_choices(
        &mut self,
        all: &mut Map<String, Value>,
        mut choices: Vec<Choice>,
        at: &Pointer,
    ) -> Result<(), Error> {
        let is_bare = !has_members(all) && !all.contains_key("discriminator");
        if choices.len() > 1 && is_bare && self.are_plain(&choices, at)? {
            let what = "a second choice only narrows the first, among values that are no objects";
            self.notes.conversion("inheritance", at.clone(), what);
            choices.truncate(1);
        }
        if choices.len() == 1
            && is_bare
            && let Some(only) = choices.pop()
        {
            all.insert(only.key.to_owned(), only.branches.into());
            all.extend(
                only.discriminator
                    .map(|one| ("discriminator".to_owned(), one)),
            );
            return Ok(());
        }
        let alone = choices.len() == 1 && !all.contains_key("discriminator");
        for choice in choices {
            let mut branches = Vec::new();
            let mut are_objects = true;
            for branch in &choice.branches {
                are_objects &= self.objects(branch, at, &mut branches, 0)?;
            }
            if are_objects && alone && has_tag(&branches) {
                return self.distribute(all, branches, at);
            }
            if are_objects {
                let merged = merge::objects(branches.iter().map(|(_, branch)| branch));
                self.bring(all, merged, at);
            } else {
                let what = "a choice beside members that is not among objects; what is no member of \
                            the type is kept as it came";
                self.notes.loss("inheritance", at.clone(), what);
            }
            let kept = all.entry(UNTAGGED).or_insert_with(|| json!({}));
            as_object_mut(kept).insert(choice.key.to_owned(), choice.branches.into());
        }
        Ok(())
    }

    /// Whether no choice is among objects.
    fn are_plain(&mut self, choices: &[Choice], at: &Pointer) -> Result<bool, Error> {
        let mut found = Vec::new();
        for branch in choices.iter().flat_map(|choice| &choice.branches) {
            self.objects(branch, at, &mut found, 0)?;
        }
        Ok(found.is_empty())
    }

    /// Adds the objects that a branch may be; whether it is nothing else.
    fn objects(
        &mut self,
        branch: &Value,
        at: &Pointer,
        found: &mut Vec<(String, Map<String, Value>)>,
        depth: usize,
    ) -> Result<bool, Error> {
        let title = branch
            .get("title")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let name = referred(branch).or(title).unwrap_or_default();
        let flat = match referred(branch) {
            Some(name) if self.is_open(&name) || depth > 16 => return Ok(true),
            Some(name) => self.behind(&name)?,
            None => self.flat(branch.clone(), at)?,
        };
        let Value::Object(flat) = flat else {
            return Ok(false);
        };
        for key in ["oneOf", "anyOf"] {
            let inner = flat.get(key).and_then(Value::as_array);
            for branch in inner.into_iter().flatten() {
                if !self.objects(branch, at, found, depth + 1)? {
                    return Ok(false);
                }
            }
        }
        let is_object = has_members(&flat) || flat.get("type") == Some(&json!("object"));
        let is_choice = flat.contains_key("oneOf") || flat.contains_key("anyOf");
        if is_object {
            found.push((name, flat));
        }
        Ok(is_object || is_choice)
    }

    /// Makes a choice of types that each have the members of one branch and those beside the choice; the
    /// pass `choices` finds the tag.
    fn distribute(
        &mut self,
        all: &mut Map<String, Value>,
        branches: Vec<(String, Map<String, Value>)>,
        at: &Pointer,
    ) -> Result<(), Error> {
        let parent = self.open.last().cloned().unwrap_or_default();
        let mut beside = Map::new();
        for key in [
            "type",
            "properties",
            "required",
            "additionalProperties",
            BASES,
        ] {
            beside.extend(all.remove(key).map(|value| (key.to_owned(), value)));
        }
        let mut variants = Vec::new();
        for (index, (name, branch)) in branches.into_iter().enumerate() {
            let own = pascal(&name);
            let own = own.strip_prefix(pascal(&parent).as_str()).unwrap_or(&own);
            let wanted = if name.is_empty() {
                format!("{parent}Choice{}", index + 1)
            } else {
                format!("{parent}{own}")
            };
            let made = self.scope.claim(&wanted);
            let mut full = beside.clone();
            full.insert(INLINE.to_owned(), true.into());
            self.merge(&mut full, Value::Object(branch), at)?;
            full.insert("type".to_owned(), json!("object"));
            variants.push(json!({ "$ref": schema_reference(&made) }));
            self.done.insert(made, Value::Object(full));
        }
        all.insert("oneOf".to_owned(), variants.into());
        let what = "a choice beside members: each branch has them in a type of its own";
        self.notes.conversion("inheritance", at.clone(), what);
        Ok(())
    }

    /// Adds the members of all branches; what only some of them require is optional.
    fn bring(&mut self, all: &mut Map<String, Value>, merged: Merged, at: &Pointer) {
        let parent = self.open.last().cloned().unwrap_or_default();
        let mut lifted = BTreeMap::new();
        let own = all.entry("properties").or_insert_with(|| json!({}));
        for (name, mut member) in merged.properties {
            if as_object_mut(own).contains_key(&name) {
                continue;
            }
            if member.get("anyOf").is_some() {
                let made = self.scope.claim(&format!("{parent}{}", pascal(&name)));
                let reference = json!({ "$ref": schema_reference(&made) });
                lifted.insert(made, std::mem::replace(&mut member, reference));
            }
            as_object_mut(own).insert(name, member);
        }
        self.done.extend(lifted);
        let listed = all.entry("required").or_insert_with(|| json!([]));
        if let Value::Array(listed) = listed {
            for name in merged.required {
                if !listed.iter().any(|known| *known == *name) {
                    listed.push(name.into());
                }
            }
            if listed.is_empty() {
                all.remove("required");
            }
        }
        if let Some(rest) = merged.rest {
            all.entry("additionalProperties").or_insert(rest);
        }
        all.insert("type".to_owned(), json!("object"));
        let what = "a choice beside members: those of all branches are members, optional where only \
                    some branches have them";
        self.notes.guess("inheritance", at.clone(), what);
    }
}

/// Whether each object fixes one member to texts that are its own.
fn has_tag(branches: &[(String, Map<String, Value>)]) -> bool {
    let texts = |branch: &Map<String, Value>, name: &str| -> Option<Vec<String>> {
        let values = branch
            .get("properties")?
            .get(name)?
            .get("enum")?
            .as_array()?;
        let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
        texts.collect()
    };
    let names = branches
        .first()
        .and_then(|(_, branch)| branch.get("properties")?.as_object());
    let mut names = names.into_iter().flatten().map(|(name, _)| name);
    branches.len() > 1
        && names.any(|name| {
            let mut known = BTreeSet::new();
            branches.iter().all(|(_, branch)| {
                let texts = texts(branch, name).unwrap_or_default();
                !texts.is_empty() && texts.into_iter().all(|text| known.insert(text))
            })
        })
}

/// Whether a schema has members of its own.
fn has_members(schema: &Map<String, Value>) -> bool {
    let named = schema.get("properties").and_then(Value::as_object);
    named.is_some_and(|members| !members.is_empty())
        || schema
            .get("additionalProperties")
            .is_some_and(Value::is_object)
}
