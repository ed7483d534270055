//! The branches of a choice by what JSON they are, and each kind as one type or as variants.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::branch::Branch;
use super::{Chooser, Found, Piece, apart, name_of};
use crate::names::NameScope;
use crate::passes::merge;
use crate::shape::JsonKind;

/// The one plain type that all branches are, be it under several formats or lists of values.
pub(super) fn plain(branches: &[Branch]) -> Option<Map<String, Value>> {
    let kind = branches.first()?.kind()?;
    let all: Vec<&Branch> = branches.iter().collect();
    (all.iter().all(|branch| branch.kind() == Some(kind)))
        .then(|| scalar(kind, &all))
        .flatten()
}

/// One text, number or truth for several.
fn scalar(kind: JsonKind, branches: &[&Branch]) -> Option<Map<String, Value>> {
    let said = |key: &str| -> Vec<Option<&Value>> {
        branches
            .iter()
            .map(|branch| branch.target.get(key))
            .collect()
    };
    let mut made = Map::new();
    let name = match kind {
        JsonKind::Bool => "boolean",
        JsonKind::Number => {
            let whole = said("type")
                .iter()
                .all(|one| *one == Some(&json!("integer")));
            if whole { "integer" } else { "number" }
        }
        JsonKind::Text => "string",
        JsonKind::List | JsonKind::Object => return None,
    };
    made.insert("type".to_owned(), name.into());
    let formats = said("format");
    if let Some(Some(format)) = formats.first()
        && formats.iter().all(|one| *one == Some(format))
    {
        made.insert("format".to_owned(), (*format).clone());
    }
    // An enum is open: with the listed values, any other text is one of it.
    let is_text = kind == JsonKind::Text && formats.iter().all(Option::is_none);
    if is_text
        && branches
            .iter()
            .any(|branch| branch.target.contains_key("enum"))
    {
        let mut values: Vec<Value> = Vec::new();
        let listed = said("enum").into_iter().flatten();
        for value in listed.filter_map(Value::as_array).flatten() {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        made.insert("enum".to_owned(), values.into());
    }
    Some(made)
}

impl Chooser<'_> {
    /// What the branches of a choice are together.
    pub(super) fn found(&mut self, name: &str, branches: &[Branch]) -> Found {
        if branches.is_empty() {
            return Found::Any("it has no branch that could be followed".to_owned());
        }
        let mut groups: BTreeMap<JsonKind, Vec<&Branch>> = BTreeMap::new();
        for branch in branches {
            match branch.kind() {
                Some(kind) => groups.entry(kind).or_default().push(branch),
                None => return Found::Any(any(branch)),
            }
        }
        let alone = groups.len() == 1;
        let mut pieces = Vec::new();
        for (kind, group) in groups {
            match self.group(name, kind, &group, alone) {
                Found::Merged(merged) if alone => return Found::Merged(merged),
                Found::Merged(merged) => {
                    let mut schema = Value::Object(merged);
                    if schema.get("enum").is_some() || schema.get("properties").is_some() {
                        schema = self.lift(&format!("{name}{}", kind.variant()), schema);
                    }
                    pieces.push(Piece::plain(kind, schema));
                }
                Found::Pieces(more) => pieces.extend(more),
                Found::Any(why) => return Found::Any(why),
            }
        }
        Found::Pieces(pieces)
    }

    /// What the branches of one kind are together.
    fn group(&mut self, name: &str, kind: JsonKind, group: &[&Branch], alone: bool) -> Found {
        if let [only] = group {
            return if alone {
                Found::Merged(as_object(only.schema.clone()))
            } else {
                Found::Pieces(vec![Piece::plain(kind, only.schema.clone())])
            };
        }
        match kind {
            JsonKind::List => Found::Merged(self.list(name, group)),
            JsonKind::Object => self.objects(name, group, alone),
            _ => scalar(kind, group).map_or_else(
                || Found::Any("its branches have no type in common".to_owned()),
                Found::Merged,
            ),
        }
    }

    /// One list for several: its items are any of theirs.
    fn list(&mut self, name: &str, group: &[&Branch]) -> Map<String, Value> {
        let items = group.iter().map(|branch| branch.target.get("items"));
        let items: Vec<Value> = items
            .map(|items| items.cloned().unwrap_or_else(|| json!({})))
            .collect();
        let mut joined = items[0].clone();
        for item in &items[1..] {
            joined = merge::join(&joined, item);
        }
        let mut list = Map::from_iter([("type".to_owned(), json!("array"))]);
        if joined.get("anyOf").is_some() || joined.get("enum").is_some() {
            joined = self.lift(&format!("{name}Item"), joined);
        }
        list.insert("items".to_owned(), joined);
        list
    }

    /// Several objects: variants by a tag or by their members, else one struct with the members of all.
    fn objects(&mut self, name: &str, group: &[&Branch], alone: bool) -> Found {
        let owned: Vec<Branch> = group.iter().map(|branch| (*branch).clone()).collect();
        if !alone && apart::common_tag(&owned).is_some() {
            let schemas: Vec<Value> = owned.into_iter().map(|branch| branch.schema).collect();
            let lifted = self.lift(&format!("{name}Object"), json!({ "oneOf": schemas }));
            return Found::Pieces(vec![Piece::plain(JsonKind::Object, lifted)]);
        }
        if let Some(order) = apart::by_members(group, self.doc) {
            let mut scope = NameScope::with_reserved(["Bool", "List", "Number", "Raw", "Text"]);
            let names: Vec<String> = group
                .iter()
                .enumerate()
                .map(|(index, branch)| {
                    let own = name_of(branch, name);
                    let number = || format!("Object{}", index + 1);
                    scope.claim(&if own.is_empty() { number() } else { own })
                })
                .collect();
            let pieces = order.into_iter().map(|(index, signs)| Piece {
                name: names[index].clone(),
                kind: JsonKind::Object,
                signs,
                schema: group[index].schema.clone(),
            });
            return Found::Pieces(pieces.collect());
        }
        if !group.iter().all(|branch| branch.is_struct()) {
            let what = "nothing tells its objects apart, and one of them is a choice itself";
            return Found::Any(what.to_owned());
        }
        Found::Merged(self.merged(name, group))
    }

    /// One struct with the members of several.
    fn merged(&mut self, name: &str, group: &[&Branch]) -> Map<String, Value> {
        let merged = merge::objects(group.iter().map(|branch| &branch.target));
        let mut properties = merged.properties;
        for (member, schema) in &mut properties {
            if schema.get("anyOf").is_some() {
                let wanted = format!("{name}{}", crate::names::pascal(member));
                *schema = self.lift(&wanted, schema.clone());
            }
        }
        let mut made = Map::from_iter([("type".to_owned(), json!("object"))]);
        if !properties.is_empty() {
            made.insert("properties".to_owned(), properties.into());
        }
        if !merged.required.is_empty() {
            let required: Vec<Value> = merged.required.into_iter().map(Value::from).collect();
            made.insert("required".to_owned(), required.into());
        }
        made.extend(
            merged
                .rest
                .map(|rest| ("additionalProperties".to_owned(), rest)),
        );
        made
    }
}

impl Piece {
    /// A variant that its kind alone tells.
    fn plain(kind: JsonKind, schema: Value) -> Self {
        Self {
            name: kind.variant().to_owned(),
            kind,
            signs: Vec::new(),
            schema,
        }
    }
}

/// Why a branch has no kind.
fn any(branch: &Branch) -> String {
    if branch.name.is_empty() {
        return "one of its branches may be anything".to_owned();
    }
    format!("its branch `{}` may be anything", branch.name)
}

fn as_object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
