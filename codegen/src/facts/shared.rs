//! What the variants of a union share, whichever it is.

use std::collections::BTreeSet;

use crate::model::{Content, Kind, Member, Model, Ty};

/// Names that a generated enum has methods of already.
const TAKEN: [&str; 5] = ["clone", "eq", "fmt", "from", "into"];

/// The members that every variant of a union has, of one type. What may refer to another step is part
/// of an input and different for each.
pub(crate) fn shared<'a>(model: &'a Model, union: &str) -> Vec<&'a Member> {
    if model
        .union(union)
        .is_none_or(|union| union.variants.len() < 2)
    {
        return Vec::new();
    }
    let mut members = common(model, union, &mut BTreeSet::new()).unwrap_or_default();
    members.retain(|member| !TAKEN.contains(&member.field.as_str()));
    members
}

/// The members of a schema, those that all variants have where it is a union; nothing where it leads
/// back to itself.
fn common<'a>(
    model: &'a Model,
    schema: &str,
    open: &mut BTreeSet<String>,
) -> Option<Vec<&'a Member>> {
    if !open.insert(schema.to_owned()) {
        return None;
    }
    let found = match model.kind(schema) {
        Some(Kind::Struct(structure)) => {
            let members = structure.members.iter();
            Some(
                members
                    .filter(|one| !one.is_tag && !refers(&one.content))
                    .collect(),
            )
        }
        Some(Kind::Union(union)) => {
            let mut sets = union
                .variants
                .iter()
                .filter_map(|variant| common(model, &variant.schema, open));
            let first = sets.next();
            first.map(|first| {
                sets.fold(first, |members, others| {
                    let is_there =
                        |member: &&Member| others.iter().any(|other| same(member, other));
                    members.into_iter().filter(is_there).collect()
                })
            })
        }
        _ => Some(Vec::new()),
    };
    open.remove(schema);
    found
}

fn refers(content: &Content) -> bool {
    content.referable
        || match &content.ty {
            Ty::List(inner) | Ty::Map(inner) => refers(inner),
            _ => false,
        }
}

fn same(one: &Member, other: &Member) -> bool {
    one.wire == other.wire && one.field == other.field && one.content.ty == other.content.ty
}
