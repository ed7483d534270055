//! What is asked in many places is written once: in the union of the variants that ask it, or, for the
//! values of an enum that one member has, where that member is.

use std::collections::{BTreeMap, BTreeSet};

use super::find::Finder;
use super::{Limited, Limits, LimitsKind, Rule};

/// Schema → the first union that it is a variant of, without circles.
pub(super) fn bases(finder: &Finder<'_>) -> BTreeMap<String, String> {
    let mut bases: BTreeMap<String, String> = BTreeMap::new();
    for union in &finder.limited {
        let found = finder.model.union(union);
        for variant in found.into_iter().flat_map(|found| &found.variants) {
            let target = &variant.schema;
            let mut above = std::iter::successors(Some(union), |name| bases.get(*name));
            let circle = above.any(|name| name == target);
            if !circle && finder.limited.contains(target) {
                bases.entry(target.clone()).or_insert_with(|| union.clone());
            }
        }
    }
    bases
}

/// Moves what all variants of a union ask into the union, innermost unions first: most of a family
/// of variants is the same, and is written once.
pub(super) fn share<'a>(
    finder: &'a Finder<'_>,
    bases: &BTreeMap<String, String>,
    members: &mut BTreeMap<&'a str, Vec<Limited>>,
) {
    let depth = |name: &String| std::iter::successors(Some(name), |name| bases.get(*name)).count();
    let mut unions: BTreeSet<(std::cmp::Reverse<usize>, &String)> = BTreeSet::new();
    unions.extend(
        bases
            .values()
            .map(|union| (std::cmp::Reverse(depth(union)), union)),
    );
    for (_, union) in unions {
        let own = |name: &&String| bases.get(*name) == Some(union);
        let variants: Vec<&'a String> = finder.limited.iter().filter(own).collect();
        let mut common: Option<Vec<Limited>> = None;
        for variant in &variants {
            let theirs = members.get(variant.as_str()).cloned().unwrap_or_default();
            common = Some(match common {
                None => theirs,
                Some(common) => common
                    .into_iter()
                    .filter(|one| theirs.contains(one))
                    .collect(),
            });
        }
        let common = common.unwrap_or_default();
        for variant in variants {
            if let Some(theirs) = members.get_mut(variant.as_str()) {
                theirs.retain(|member| !common.contains(member));
            }
        }
        if let Some(name) = finder.limited.get(union) {
            members.insert(name, common);
        }
    }
}

/// The nearest union above a schema that asks something of all its variants.
pub(super) fn shared_base<'a>(
    name: &String,
    bases: &'a BTreeMap<String, String>,
    members: &BTreeMap<&str, Vec<Limited>>,
) -> Option<&'a str> {
    let asks = |base: &&str| members.get(base).is_some_and(|members| !members.is_empty());
    std::iter::successors(bases.get(name), |name| bases.get(*name))
        .map(String::as_str)
        .find(asks)
}

/// Writes the values of an enum that one member has where that member is.
pub(super) fn inline(plans: &mut BTreeMap<String, Limits>) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    each_enum(plans, &mut |rule| {
        if let Rule::Enum(name) = rule {
            *uses.entry(name.clone()).or_default() += 1;
        }
    });
    let mut once = BTreeMap::new();
    plans.retain(|name, plan| match &plan.kind {
        LimitsKind::Values(values) if uses.get(name).is_none_or(|uses| *uses < 2) => {
            once.insert(name.clone(), values.clone());
            false
        }
        _ => true,
    });
    each_enum(plans, &mut |rule| {
        if let Rule::Enum(name) = rule
            && let Some(values) = once.remove(name)
        {
            *rule = Rule::Values(values);
        }
    });
}

/// Calls `visit` for every rule that names an enum.
fn each_enum(plans: &mut BTreeMap<String, Limits>, visit: &mut dyn FnMut(&mut Rule)) {
    for plan in plans.values_mut() {
        if let LimitsKind::Object { members, .. } = &mut plan.kind {
            for member in members {
                let mut rule = &mut member.rule;
                while let Rule::List { item, .. } | Rule::Map(item) = rule {
                    rule = item;
                }
                visit(rule);
            }
        }
    }
}
