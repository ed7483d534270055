//! Which tags the leaves of unions can carry themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::objects::{Uses, is_map};
use crate::document::{Document, schema_name};
use crate::marks::DEFAULT_TAG;

/// A union as the document has it.
pub(super) struct Union {
    pub(super) tag: String,
    default: Option<String>,
    /// Each variant with its tags, in the order of the mapping.
    pub(super) variants: Vec<(String, BTreeSet<String>)>,
}

pub(super) type Unions = BTreeMap<String, Union>;

/// What a union asks of the tag of a leaf: which values it may have, and whether it may be absent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    pub(super) values: BTreeSet<String>,
    pub(super) may_be_absent: bool,
}

impl Union {
    pub(super) fn of(schema: &Value) -> Option<Self> {
        let discriminator = schema.get("discriminator")?;
        let tag = discriminator.get("propertyName")?.as_str()?;
        let mapping = discriminator.get("mapping")?.as_object()?;
        let mut variants: Vec<(String, BTreeSet<String>)> = Vec::new();
        for (value, target) in mapping {
            let target = schema_name(target.as_str()?)?;
            match variants.iter_mut().find(|(known, _)| *known == target) {
                Some((_, values)) => {
                    values.insert(value.clone());
                }
                None => variants.push((target, BTreeSet::from([value.clone()]))),
            }
        }
        let default = schema.get(DEFAULT_TAG).and_then(Value::as_str);
        Some(Self {
            tag: tag.to_owned(),
            default: default.map(ToOwned::to_owned),
            variants,
        })
    }

    /// What is asked of the tag of a variant. An absent tag, and one that is null, means the default; the
    /// other variants ask for theirs, so that a message fits one branch at most.
    pub(super) fn asks(&self, variant: &str) -> Asked {
        let found = self.variants.iter().find(|(name, _)| name == variant);
        let values = found.map(|(_, values)| values.clone()).unwrap_or_default();
        let default = self.default.as_ref();
        Asked {
            may_be_absent: default.is_some_and(|default| values.contains(default)),
            values,
        }
    }
}

/// The tags that leaves carry themselves: those that every way to a leaf writes, and alike.
pub(super) fn carried(
    unions: &Unions,
    doc: &Document,
    uses: &Uses,
) -> BTreeMap<(String, String), Asked> {
    // Which ways lead to the tag of a leaf, and what each asks.
    let mut ways: BTreeMap<(String, String), Vec<(&str, Asked)>> = BTreeMap::new();
    for (name, union) in unions {
        for (variant, _) in &union.variants {
            for leaf in leaves(variant, unions, uses).unwrap_or_default() {
                let way = (name.as_str(), union.asks(variant));
                ways.entry((leaf, union.tag.clone())).or_default().push(way);
            }
        }
    }
    let alone = ways.into_iter().filter_map(|((leaf, tag), ways)| {
        let (_, asked) = ways.first()?.clone();
        let origins: BTreeSet<&str> = ways.iter().map(|(union, _)| *union).collect();
        let is_alike = ways.iter().all(|(_, other)| *other == asked);
        let is_always = uses
            .written
            .get(&leaf)
            .is_some_and(|tags| tags.contains(&tag));
        let is_map = doc.schema(&leaf).is_some_and(is_map);
        let is_carried = is_alike && is_always && !is_map && origins.len() == ways.len();
        is_carried.then_some(((leaf, tag), asked))
    });
    alone.collect()
}

/// The leaves below a variant; nothing where one of them, or what leads to it, is used on its own.
pub(super) fn leaves(variant: &str, unions: &Unions, uses: &Uses) -> Option<BTreeSet<String>> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![variant];
    while let Some(name) = open.pop() {
        if uses.direct.contains(name) {
            return None;
        }
        if !seen.insert(name) {
            continue;
        }
        match unions.get(name) {
            Some(union) => open.extend(union.variants.iter().map(|(name, _)| name.as_str())),
            None => {
                found.insert(name.to_owned());
            }
        }
    }
    Some(found)
}

/// The way from a variant through unions of one variant, which tools take for no choice; it begins with the
/// variant, and goes on while what lies ahead says its tag itself.
pub(super) fn singles<'a>(
    variant: &'a str,
    unions: &'a Unions,
    says_itself: &impl Fn(&Union, &str) -> bool,
) -> Vec<&'a str> {
    let below = |name: &&'a str| {
        let union = unions.get(*name)?;
        match union.variants.as_slice() {
            [(variant, _)] if says_itself(union, variant) => Some(variant.as_str()),
            _ => None,
        }
    };
    let mut seen = BTreeSet::new();
    let way = std::iter::successors(Some(variant), below);
    way.take_while(|name| seen.insert(*name)).collect()
}
