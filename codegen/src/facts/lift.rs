//! Which type becomes which union by itself: everything that stands in a union once, at any depth.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Model;

/// A type and a union that it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lifted {
    /// The schema of the type.
    pub holds: String,
    /// The schema of the union.
    pub union: String,
    /// The union between them that holds the type; none where the union itself does.
    pub way: Option<String>,
}

/// Finds them all. A type that stands in a union in two places becomes none by itself.
pub(crate) fn lifted(model: &Model) -> Vec<Lifted> {
    let mut parents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, union) in model.unions() {
        for variant in &union.variants {
            parents.entry(&variant.schema).or_default().push(name);
        }
    }
    let mut found = Vec::new();
    for holds in parents.keys() {
        let mut ways: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
        for parent in &parents[holds] {
            ways.entry(parent).or_default().push(None);
            for (above, count) in above(parent, &parents, &mut BTreeSet::new()) {
                let known = ways.entry(above).or_default();
                known.extend(std::iter::repeat_n(Some(*parent), count));
            }
        }
        for (union, ways) in ways {
            // Not of itself: a union that holds itself becomes none by being one.
            if let ([way], true) = (ways.as_slice(), union != *holds) {
                found.push(Lifted {
                    holds: (*holds).to_owned(),
                    union: union.to_owned(),
                    way: way.map(str::to_owned),
                });
            }
        }
    }
    found
}

/// The unions above a union, with the number of ways to each.
fn above<'a>(
    name: &'a str,
    parents: &BTreeMap<&'a str, Vec<&'a str>>,
    open: &mut BTreeSet<&'a str>,
) -> BTreeMap<&'a str, usize> {
    let mut ways = BTreeMap::new();
    if !open.insert(name) {
        return ways;
    }
    for parent in parents.get(name).into_iter().flatten() {
        *ways.entry(*parent).or_default() += 1;
        for (union, count) in above(parent, parents, open) {
            *ways.entry(union).or_default() += count;
        }
    }
    open.remove(name);
    ways
}
