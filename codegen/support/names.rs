//! The names that a contract has for members, and those that it does not have.

use super::decode::join;
use super::object::Object;
use super::tagged::Tagged;
use super::wire::{Ref, View};

/// The names of the members of a value, sorted; none where members may have any name.
pub(super) fn of(value: Ref<'_>) -> Vec<&'static str> {
    let mut names = match value.view() {
        View::Object(object) => of_object(object),
        View::Tagged(union) => of_union(union),
        _ => Vec::new(),
    };
    names.sort_unstable();
    names.dedup();
    names
}

fn of_object(object: &dyn Object) -> Vec<&'static str> {
    let names = object.shape().1.iter().map(|member| member.wire);
    names.filter(|name| !name.is_empty()).collect()
}

fn of_union(union: &dyn Tagged) -> Vec<&'static str> {
    let (tag, variant) = union.variant();
    let mut names = vec![union.tag().0];
    if tag.is_some() {
        names.extend(of(variant));
    }
    names
}

/// Finds the members below a value that the contract does not name: the path of each, and the names that
/// its object has.
pub(super) fn strangers(value: Ref<'_>) -> Vec<(String, Vec<&'static str>)> {
    let mut found = Vec::new();
    look(value, "", &[], &mut found);
    found
}

/// `tags` are the names that the unions around an object have taken out of it.
fn look(
    value: Ref<'_>,
    at: &str,
    tags: &[&'static str],
    found: &mut Vec<(String, Vec<&'static str>)>,
) {
    match value.view() {
        View::List(items) => {
            let mut index = 0;
            items.each(&mut |item| {
                look(item, &format!("{at}[{index}]"), &[], found);
                index += 1;
            });
        }
        View::Object(object) => {
            let (_, table) = object.shape();
            let takes_any = table.iter().any(|member| member.wire.is_empty());
            let mut names = [of_object(object).as_slice(), tags].concat();
            names.sort_unstable();
            let strange = object.extra().iter().map(|(name, _)| name);
            for name in strange.filter(|name| !takes_any && !names.contains(name)) {
                found.push((join(at, name), names.clone()));
            }
            object.fields(&mut |fields| {
                for (member, field) in table.iter().zip(fields) {
                    look(*field, &join(at, member.wire), &[], found);
                }
            });
        }
        View::Tagged(union) => {
            if let (Some(_), variant) = union.variant() {
                let tags = [tags, &[union.tag().0]].concat();
                look(variant, at, &tags, found);
            }
        }
        View::Map(map) => map.each(&mut |name, value| look(value, &join(at, name), &[], found)),
        _ => {}
    }
}
