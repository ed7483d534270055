//! Reading: one function for every type, by what a value lets be set.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use super::decode::join;
use super::encode::to_value;
use super::input::Reference;
use super::tree::{Tree, into_map};
use super::wire::{Edit, Holder, Mut, Named, Unfit};

/// Reads a value. What does not fit is given back, and the value is blank or holds what could be read.
pub(crate) fn read(value: Mut<'_>, tree: Tree<'_>) -> Result<(), Unfit> {
    match value.edit() {
        Edit::Object(object) => return super::object::read(object, tree),
        Edit::Tagged(union) => return super::tagged::read(union, tree),
        Edit::Option(option) => return optional(option, tree),
        Edit::List(list) => return items(list, tree),
        Edit::Map(map) => return entries(map, tree),
        Edit::Input(input) => match reference(&tree) {
            Some(reference) => input.put_reference(reference),
            None => return read(input.put_value(), tree),
        },
        Edit::Choice(choice) => {
            if let Some(held) = choice.put_kind_of(&tree) {
                // What fits in part is kept as it came: there is no member beside it to keep it.
                return read(held, tree).map_err(|unfit| {
                    choice.put_raw(unfit.raw.clone());
                    Unfit {
                        partly: true,
                        ..unfit
                    }
                });
            }
            choice.put_raw(tree.into_value());
        }
        Edit::Bool(truth) => match tree {
            Tree::Bool(value) => *truth = value,
            other => return Err(Unfit::new("a boolean", other)),
        },
        Edit::Int(number) => {
            let read = whole(&tree).is_some_and(|value| number.set_int(value));
            if !read {
                return Err(Unfit::new("a whole number that fits", tree));
            }
        }
        Edit::Float(number) =>
        {
            #[allow(
                clippy::cast_precision_loss,
                reason = "the contract asks for any number"
            )]
            match tree {
                Tree::Int(value) => *number = value as f64,
                Tree::UInt(value) => *number = value as f64,
                Tree::Float(value) => *number = value,
                other => return Err(Unfit::new("a number", other)),
            }
        }
        Edit::Text(text) => match tree {
            Tree::Text(value) => text.set_text(value),
            other => return Err(Unfit::new("a text", other)),
        },
        Edit::Date(point) => {
            let read = match &tree {
                Tree::Text(text) => date(text),
                _ => None,
            };
            match read {
                Some(date) => *point = date,
                None => return Err(Unfit::new("a point in time (RFC 3339)", tree)),
            }
        }
        Edit::RawObject(members) => match tree {
            Tree::Object(read) => *members = into_map(read),
            other => return Err(Unfit::new("an object", other)),
        },
        Edit::Raw(value) => *value = tree.into_value(),
        Edit::Own(value) => return value.read_itself(tree),
        Edit::Fixed => return Err(Unfit::new("a tag that its union writes", tree)),
    }
    Ok(())
}

/// Some services write `3.0` where they mean 3.
fn whole(tree: &Tree<'_>) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match tree {
        Tree::Int(value) => Some((*value).into()),
        Tree::UInt(value) => Some((*value).into()),
        #[allow(clippy::cast_possible_truncation, reason = "just looked at")]
        Tree::Float(value) if value.fract() == 0.0 && value.abs() <= EXACT => Some(*value as i128),
        _ => None,
    }
}

/// A time without an offset is one of UTC.
fn date(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(exact) = DateTime::parse_from_rfc3339(text) {
        return Some(exact.with_timezone(&Utc));
    }
    let bare = text.trim().trim_end_matches(['Z', 'z']);
    let forms = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
    ];
    let read = |form: &&str| NaiveDateTime::parse_from_str(bare, form).ok();
    forms.iter().find_map(read).map(|date| date.and_utc())
}

/// An object of a source and perhaps a path, and of nothing else.
fn reference(tree: &Tree<'_>) -> Option<Reference> {
    let Tree::Object(members) = tree else {
        return None;
    };
    let text = |name: &str| match tree.get(name) {
        Some(Tree::Text(text)) => Some(text.clone().into_owned()),
        _ => None,
    };
    let (source, path) = (text("$ref")?, text("path"));
    let known = 1 + usize::from(path.is_some());
    (members.len() == known).then_some(Reference { source, path })
}

fn optional(option: &mut dyn Holder, tree: Tree<'_>) -> Result<(), Unfit> {
    if matches!(tree, Tree::Null) {
        option.clear();
        return Ok(());
    }
    let result = read(option.put(), tree);
    if result.as_ref().is_err_and(|unfit| !unfit.partly) {
        option.clear();
    }
    result
}

/// An item that does not fit is blank; the others are read.
fn items(list: &mut dyn Holder, tree: Tree<'_>) -> Result<(), Unfit> {
    let Tree::List(items) = tree else {
        return Err(Unfit::new("a list", tree));
    };
    list.clear();
    // What came, from the first item on that does not fit: a long list is not kept twice before.
    let mut unfit: Option<(String, String, Vec<Value>)> = None;
    for (index, item) in items.into_iter().enumerate() {
        let slot = list.put();
        let found = read(slot, item).err();
        match (&mut unfit, found) {
            (None, None) => {}
            (None, Some(found)) => {
                let place = join(&format!("[{index}]"), &found.place);
                let mut raw = match to_value(list) {
                    Value::Array(raw) => raw,
                    _ => Vec::new(),
                };
                raw.truncate(index);
                raw.push(found.raw);
                unfit = Some((place, found.what, raw));
            }
            (Some((_, _, raw)), None) => raw.push(to_value(slot)),
            (Some((_, _, raw)), Some(found)) => raw.push(found.raw),
        }
    }
    match unfit {
        None => Ok(()),
        Some((place, what, raw)) => Err(Unfit {
            place,
            what,
            raw: Value::Array(raw),
            partly: true,
        }),
    }
}

/// An entry that does not fit is left out, unless a part of it does; the others are read.
fn entries(map: &mut dyn Named, tree: Tree<'_>) -> Result<(), Unfit> {
    let Tree::Object(members) = tree else {
        return Err(Unfit::new("an object", tree));
    };
    map.clear();
    let mut unfit = Vec::new();
    for (name, value) in members {
        if let Err(found) = put_entry(map, &name, value, true) {
            unfit.push((name, found));
        }
    }
    let Some((name, first)) = unfit.first() else {
        return Ok(());
    };
    let (place, what) = (join(name, &first.place), first.what.clone());
    let mut raw = to_value(map);
    if let Value::Object(raw) = &mut raw {
        raw.extend(
            unfit
                .into_iter()
                .map(|(name, unfit)| (name.into_owned(), unfit.raw)),
        );
    }
    Err(Unfit {
        place,
        what,
        raw,
        partly: true,
    })
}

/// Reads one entry of a map; `partly` says whether one that fits in part is put in.
pub(super) fn put_entry(
    map: &mut dyn Named,
    name: &str,
    tree: Tree<'_>,
    partly: bool,
) -> Result<(), Unfit> {
    let (mut tree, mut result) = (Some(tree), Ok(()));
    map.put(name, &mut |value| {
        result = tree.take().map_or(Ok(()), |tree| read(value, tree));
        match &result {
            Ok(()) => true,
            Err(unfit) => partly && unfit.partly,
        }
    });
    result
}
