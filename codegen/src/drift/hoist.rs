//! Tells a difference in an inherited property once, at the base that declares it, instead of at
//! each of its children.

use std::collections::BTreeSet;

use super::detail::Detail;
use super::location::{Location, Subject};
use super::side::{Side, declares_property};

pub(super) fn run(
    ours: &Side,
    vendors: &Side,
    found: Vec<(Location, Detail)>,
) -> Vec<(Location, Detail)> {
    let keyed: BTreeSet<Key> = found
        .iter()
        .filter_map(|(at, detail)| key(at, detail))
        .collect();
    let mut out: Vec<(Location, Detail)> = Vec::new();
    for (at, mut detail) in found {
        let Some((name, rest)) = key(&at, &detail) else {
            out.push((at, detail));
            continue;
        };
        let home = ours.bases_of(&name).find(|base| {
            let declared = declares_property(&ours.written, base, &detail.members[0])
                || declares_property(&vendors.written, base, &detail.members[0]);
            let everywhere = || {
                // A child that only we have differs as a whole.
                let mut children = ours.children_of(base).into_iter();
                children.all(|child| {
                    !vendors.declares(child) || keyed.contains(&(child.clone(), rest.clone()))
                })
            };
            declared && vendors.declares(base) && everywhere()
        });
        let at = home.map_or(at, |base| Location::schema(base));
        let same = out.iter_mut().find(|(there, other)| {
            home.is_some()
                && *there == at
                && other.members == detail.members
                && other.message == detail.message
        });
        match same {
            // The children may travel in different ways; the stricter counts.
            Some((_, other)) => other.breaking |= detail.breaking,
            None => {
                detail.of_type = false;
                out.push((at, detail));
            }
        }
    }
    out
}

/// A schema, and a difference in one of its properties.
type Key = (String, (Vec<String>, String));

fn key(at: &Location, detail: &Detail) -> Option<Key> {
    match &at.subject {
        Subject::Schema(name) if !detail.members.is_empty() => Some((
            name.clone(),
            (detail.members.clone(), detail.message.clone()),
        )),
        _ => None,
    }
}
