//! What tells objects apart: a tag that each fixes, or members that only one of them must have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::branch::{Branch, Members};
use crate::document::{Document, referred};
use crate::sign::Sign;

/// Above this many branches nobody tells them apart by their members.
const MOST: usize = 64;

/// The member that each branch fixes to values of its own, all of them texts, and where each value leads.
pub(super) fn common_tag(branches: &[Branch]) -> Option<(String, BTreeMap<String, Value>)> {
    if branches.len() < 2 {
        return None;
    }
    let fixed = |branch: &Branch| -> Option<BTreeMap<String, Vec<String>>> {
        branch.schema.get("$ref")?;
        let properties = branch.target.get("properties")?.as_object()?;
        let values = properties.iter().filter_map(|(name, member)| {
            let values = member.get("enum")?.as_array()?.iter();
            let texts: Option<Vec<String>> = values
                .map(|value| value.as_str().map(str::to_owned))
                .collect();
            Some((name.clone(), texts.filter(|texts| !texts.is_empty())?))
        });
        Some(values.collect())
    };
    let each: Vec<BTreeMap<String, Vec<String>>> =
        branches.iter().map(fixed).collect::<Option<_>>()?;
    each.first()?.keys().find_map(|name| {
        let mut mapping = BTreeMap::new();
        for (tags, branch) in each.iter().zip(branches) {
            for tag in tags.get(name)? {
                let target = Value::from(branch.schema.get("$ref")?.as_str()?);
                if mapping.insert(tag.clone(), target).is_some() {
                    return None;
                }
            }
        }
        Some((name.clone(), mapping))
    })
}

/// The place of an object among the branches, and the members by which it is known.
pub(super) type Known = (usize, Vec<(String, Sign)>);

/// Whether a discriminator without a mapping has one value for several branches.
pub(super) fn tags_clash(discriminator: &Value, branches: &[Branch], doc: &Document) -> bool {
    let tag = discriminator.get("propertyName").and_then(Value::as_str);
    let Some(tag) = tag.filter(|_| discriminator.get("mapping").is_none()) else {
        return false;
    };
    let mut known = BTreeSet::new();
    branches.iter().any(|branch| {
        let member = branch.target.get("properties").and_then(|all| all.get(tag));
        // What has several values has been lifted.
        let lifted = member.and_then(|member| doc.schema(&referred(member)?));
        let values = lifted.or(member);
        let values = values.and_then(|member| member.get("enum")?.as_array());
        let mut values = values.into_iter().flatten().filter_map(Value::as_str);
        values.any(|value| !known.insert(value.to_owned()))
    })
}

/// The order in which objects are tried, each with the signs by which it is known; nothing where two of
/// them cannot be told apart.
pub(super) fn by_members(branches: &[&Branch], doc: &Document) -> Option<Vec<Known>> {
    if branches.len() > MOST {
        return None;
    }
    let members: Vec<Members> = branches
        .iter()
        .map(|branch| branch.members(Some(doc)))
        .collect();
    let mut left: Vec<usize> = (0..branches.len()).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let is_known = |one: usize| {
            let mut others = left.iter().filter(|other| **other != one);
            others.all(|other| tells(&members[one], &members[*other]))
        };
        let found = left.iter().position(|one| is_known(*one))?;
        let one = left.remove(found);
        let signs = members[one].required.iter();
        let signs: Vec<(String, Sign)> = signs
            .map(|(name, sign)| (name.clone(), sign.clone()))
            .collect();
        order.push((one, signs));
    }
    Some(order)
}

/// Whether the signs of one object are never those of another.
fn tells(one: &Members, other: &Members) -> bool {
    one.required.iter().any(|(name, sign)| {
        match other.required.get(name).or_else(|| other.known.get(name)) {
            Some(theirs) => sign.excludes(theirs),
            None => !other.is_open,
        }
    })
}
