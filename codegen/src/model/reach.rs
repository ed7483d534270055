//! Which type leads to which: what a request may hold, who writes a tag, what holds its like.

use std::collections::{BTreeMap, BTreeSet};

use super::types::Kind;
use super::{Model, Ty};
use crate::notes::Notes;
use crate::pointer::Pointer;

impl Model {
    /// Calls `visit` with every schema that a schema refers to, the variants of a union among them.
    pub(crate) fn each_reference<'a>(&'a self, schema: &str, visit: &mut dyn FnMut(&'a str)) {
        match self.kind(schema) {
            Some(Kind::Struct(structure)) => {
                for member in &structure.members {
                    member.content.each_name(visit);
                }
                if let Some(rest) = &structure.rest {
                    rest.each_name(visit);
                }
            }
            Some(Kind::Union(union)) => union.variants.iter().for_each(|one| visit(&one.schema)),
            Some(Kind::Choice(choice)) => {
                choice
                    .branches
                    .iter()
                    .for_each(|branch| branch.content.each_name(visit));
            }
            Some(Kind::Alias(content)) => content.each_name(visit),
            Some(Kind::Enum(_) | Kind::Numbers(_)) | None => {}
        }
    }

    /// Returns everything that can be reached from some schemas, those included.
    pub(crate) fn reach<'a>(&'a self, from: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
        let mut next: Vec<&str> = from.into_iter().collect();
        let mut found = BTreeSet::new();
        while let Some(name) = next.pop() {
            if self.types.contains_key(name) && found.insert(name.to_owned()) {
                self.each_reference(name, &mut |other| next.push(other));
            }
        }
        found
    }
}

/// The schemas that a request's body may hold, at any depth.
pub(super) fn sent(model: &Model) -> BTreeSet<String> {
    let mut roots = Vec::new();
    for body in model.operations.iter().flat_map(|one| &one.bodies) {
        body.each_name(&mut |name| roots.push(name));
    }
    model.reach(roots)
}

/// The schemas that a reply may hold, at any depth.
pub(super) fn received(model: &Model) -> BTreeSet<String> {
    let mut roots = Vec::new();
    for reply in model.operations.iter().flat_map(|one| &one.replies) {
        reply.content.each_name(&mut |name| roots.push(name));
    }
    model.reach(roots)
}

/// In the body of a change, null clears a member and leaving it out keeps it. Such a body is one that is
/// sent by `PATCH`, and what it holds, as far as nothing else sends it.
pub(super) fn clear_by_null(model: &mut Model) {
    let names = |patches: bool| {
        let mut roots = Vec::new();
        let operations = model.operations.iter();
        let operations = operations.filter(|one| (one.method == "patch") == patches);
        for body in operations.flat_map(|one| &one.bodies) {
            body.each_name(&mut |name| roots.push(name));
        }
        model.reach(roots)
    };
    let (patched, otherwise) = (names(true), names(false));
    for name in patched.difference(&otherwise) {
        if let Some(Kind::Struct(made)) = model.types.get_mut(name).map(|found| &mut found.kind) {
            for member in &mut made.members {
                member.clearable =
                    member.content.nullable && !member.required && member.content.ty != Ty::Any;
            }
        }
    }
}

/// Schema → the members that the unions around it write, where every way to the schema goes through a
/// union that writes them.
pub(crate) fn written_tags(model: &Model) -> BTreeMap<String, BTreeSet<String>> {
    let mut parents: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (name, union) in model.unions() {
        for variant in &union.variants {
            let above = parents.entry(&variant.schema).or_default();
            above.push((name, &union.tag));
        }
    }
    let mut found = BTreeMap::new();
    for name in parents.keys() {
        let tags = written(name, &parents, &mut BTreeSet::new());
        found.insert((*name).to_owned(), tags);
    }
    found
}

fn written<'a>(
    name: &'a str,
    parents: &BTreeMap<&'a str, Vec<(&'a str, &'a str)>>,
    open: &mut BTreeSet<&'a str>,
) -> BTreeSet<String> {
    if !open.insert(name) {
        return BTreeSet::new();
    }
    let ways = parents.get(name).into_iter().flatten().map(|(union, tag)| {
        let mut tags = written(union, parents, open);
        tags.insert((*tag).to_owned());
        tags
    });
    let common = ways.reduce(|one, other| one.intersection(&other).cloned().collect());
    open.remove(name);
    common.unwrap_or_default()
}

/// Takes the tags that unions write out of the structs below them. Where something other than a union
/// leads to a struct as well, the tag may be on the wire or not, so that it stays as an option.
pub(super) fn drop_tags(model: &mut Model) {
    let tags = written_tags(model);
    let direct = direct(model);
    for (name, found) in &mut model.types {
        let (Kind::Struct(structure), Some(tags)) = (&mut found.kind, tags.get(name)) else {
            continue;
        };
        if !direct.contains(name) {
            structure
                .members
                .retain(|member| !tags.contains(&member.wire));
        }
        for member in &mut structure.members {
            if tags.contains(&member.wire) {
                member.required = false;
                member.content.referable = false;
                member.is_tag = true;
            }
        }
    }
}

/// The schemas that something other than a union refers to.
pub(crate) fn direct(model: &Model) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, other) in &model.types {
        if !matches!(other.kind, Kind::Union(_)) {
            model.each_reference(name, &mut |name| {
                found.insert(name.to_owned());
            });
        }
    }
    for operation in &model.operations {
        operation.each_name(&mut |name| {
            found.insert(name.to_owned());
        });
    }
    for event in &model.events {
        event.content.each_name(&mut |name| {
            found.insert(name.to_owned());
        });
    }
    found
}

/// A struct that holds its like is held at the end of a pointer; one that would have to hold it for ever
/// may do without.
pub(super) fn open_circles(model: &mut Model, notes: &mut Notes) {
    let leads: BTreeMap<String, Vec<String>> = model
        .types
        .keys()
        .map(|name| (name.clone(), held(model, name)))
        .collect();
    for (name, found) in &mut model.types {
        let Kind::Struct(structure) = &mut found.kind else {
            continue;
        };
        for member in &mut structure.members {
            let Ty::Named(target) = &member.content.ty else {
                continue;
            };
            if !comes_back(target, name, &leads) {
                continue;
            }
            member.boxed = true;
            if member.required && !member.content.nullable {
                member.required = false;
                let at = Pointer::schema(name)
                    .child("properties")
                    .child(&member.wire);
                notes.guess("circles", at, "holds its like for ever; it may be left out");
            }
        }
    }
}

/// The structs that a struct holds in its own memory.
fn held(model: &Model, name: &str) -> Vec<String> {
    let members = model.structure(name).map(|found| found.members.as_slice());
    let members = members.unwrap_or_default().iter();
    members
        .filter_map(|member| match &member.content.ty {
            Ty::Named(target) if model.structure(target).is_some() => Some(target.clone()),
            _ => None,
        })
        .collect()
}

fn comes_back(from: &str, to: &str, leads: &BTreeMap<String, Vec<String>>) -> bool {
    let (mut next, mut seen) = (vec![from], BTreeSet::new());
    while let Some(name) = next.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            next.extend(leads.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}
