//! Where a word goes: the member that means it, and the form that its value has there.

use serde_json::{Map, Value, json};

use super::Meant;
use crate::tables::meanings::MEANINGS;

/// Sets a member of an object; dots lead into objects below, which are made where they are missing.
pub(super) fn put(object: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((first, rest)) = path.split_once('.') else {
        object.insert(path.to_owned(), value);
        return;
    };
    let below = object.entry(first).or_insert_with(|| json!({}));
    if !below.is_object() {
        *below = json!({});
    }
    if let Value::Object(below) = below {
        put(below, rest, value);
    }
}

/// The value at such a path.
pub(super) fn at<'a>(object: &'a mut Map<String, Value>, path: &str) -> Option<&'a mut Value> {
    match path.split_once('.') {
        None => object.get_mut(path),
        Some((first, rest)) => at(object.get_mut(first)?.as_object_mut()?, rest),
    }
}

impl Meant {
    /// What it is called in a message.
    pub(super) fn label(&self) -> String {
        match self {
            Self::One("ModelAir", _) => "model".to_owned(),
            Self::One(meaning, _) => members(meaning)
                .first()
                .copied()
                .unwrap_or_default()
                .to_owned(),
            Self::Size(..) => "size".to_owned(),
            Self::Images(_) => "image".to_owned(),
            Self::Lora(..) => "lora".to_owned(),
        }
    }

    /// Puts the value into an input that has these members, or gives back that it has none for it. A member
    /// that was set by its name stays as it is.
    pub(super) fn place(
        &self,
        input: &mut Map<String, Value>,
        names: &[&'static str],
        tags: &[&'static str],
    ) -> Placed {
        let has = |name: &&'static str| names.contains(name) && !tags.contains(name);
        let mut set = |name: &str, value: Value| {
            input.entry(name).or_insert(value);
            Placed::Done
        };
        match self {
            Self::One(meaning, value) => match members(meaning).iter().copied().find(has) {
                Some(name) => set(name, value.clone()),
                None => Placed::Nowhere,
            },
            Self::Size(width, height) => {
                if !members("Size").iter().all(has) {
                    return Placed::Nowhere;
                }
                for (name, side) in members("Size").iter().zip([width, height]) {
                    set(name, json!(side));
                }
                Placed::Done
            }
            Self::Images(images) => {
                let one = || members("SourceImage").iter().copied().find(has);
                match (members("Images").iter().copied().find(has), &images[..]) {
                    (Some(list), _) => set(list, json!(images)),
                    (None, [image]) => {
                        one().map_or(Placed::Nowhere, |name| set(name, image.clone()))
                    }
                    (None, _) => Placed::Nowhere,
                }
            }
            Self::Lora(..) => match members("Loras").iter().copied().find(has) {
                Some(name) => Placed::InForms(name),
                None => Placed::Nowhere,
            },
        }
    }

    /// Adds the resource to a member in one of the forms that contracts have for such.
    pub(super) fn weigh(&self, member: &mut Value, form: Form) {
        let Self::Lora(air, strength) = self else {
            return;
        };
        let air = air.to_string();
        match (form, member) {
            (Form::Numbers, Value::Object(all)) => {
                all.insert(air, json!(strength));
            }
            (Form::Objects, Value::Object(all)) => {
                all.insert(air, json!({ "strength": strength }));
            }
            (Form::List, Value::Array(all)) => {
                all.push(json!({ "air": air, "strength": strength }));
            }
            _ => {}
        }
    }
}

/// What became of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    Done,
    /// It goes into this member, in a form that is to be tried.
    InForms(&'static str),
    Nowhere,
}

/// The forms of resources with a strength each.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// Strengths by their AIRs.
    Numbers,
    /// Objects by their AIRs.
    Objects,
    /// Objects that name their AIR.
    List,
}

impl Form {
    pub(super) const ALL: [Self; 3] = [Self::Numbers, Self::Objects, Self::List];

    pub(super) fn empty(self) -> Value {
        match self {
            Self::Numbers | Self::Objects => json!({}),
            Self::List => json!([]),
        }
    }
}

fn members(meaning: &str) -> &'static [&'static str] {
    let found = MEANINGS.iter().find(|(name, _)| *name == meaning);
    found.map_or(&[], |(_, members)| members)
}
