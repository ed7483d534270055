//! What a request must keep to: for every schema that one may hold, which members must be there,
//! and their types, ranges, lengths, counts and listed values.

mod find;
mod sharing;

use std::collections::BTreeMap;

use find::Finder;
use sharing::{bases, inline, share, shared_base};

use crate::model::{Kind, Model};

/// Finds the limits of everything that is sent, by the names of their statics.
pub(crate) fn limits(model: &Model) -> BTreeMap<String, Limits> {
    let mut finder = Finder::new(model);
    finder.find_limited();
    let mut members: BTreeMap<&str, Vec<Limited>> = finder
        .limited
        .iter()
        .map(|name| (name.as_str(), finder.members(name)))
        .collect();
    let bases = bases(&finder);
    share(&finder, &bases, &mut members);
    let mut plans = BTreeMap::new();
    for name in &finder.limited {
        let Some(found) = model.types.get(name) else {
            continue;
        };
        let base = shared_base(name, &bases, &members);
        let kind = match &found.kind {
            Kind::Enum(listed) => {
                let values = listed.variants.iter().map(|(value, _)| value.clone());
                LimitsKind::Values(values.collect())
            }
            kind => LimitsKind::Object {
                base: base.and_then(|base| finder.names.get(base).cloned()),
                members: members.get(name.as_str()).cloned().unwrap_or_default(),
                tag: match kind {
                    Kind::Union(union) => Some(finder.tag(union)),
                    _ => None,
                },
            },
        };
        let plan = Limits {
            schema: name.clone(),
            area: found.area.clone(),
            kind,
        };
        plans.insert(finder.names[name.as_str()].clone(), plan);
    }
    inline(&mut plans);
    plans
}

/// The limits of one schema that a request may hold.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// The schema's name in the contract.
    pub schema: String,
    /// The module it goes to.
    pub area: String,
    /// What they are.
    pub kind: LimitsKind,
}

/// What limits are made of.
#[derive(Clone, Debug)]
pub(crate) enum LimitsKind {
    /// The values of an enum.
    Values(Vec<String>),
    /// The members of an object, or those that all variants of a union share.
    Object {
        /// The static of the union whose members it has besides.
        base: Option<String>,
        /// The members that have a type or must be there.
        members: Vec<Limited>,
        /// The tag of a union.
        tag: Option<TagLimits>,
    },
}

/// One member that something is asked of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limited {
    /// The name on the wire.
    pub wire: String,
    /// Whether it must be there.
    pub required: bool,
    /// What is asked of its value.
    pub rule: Rule,
}

/// The tag of a union.
#[derive(Clone, Debug)]
pub(crate) struct TagLimits {
    /// The property that holds it.
    pub name: String,
    /// The tag that counts where none is given.
    pub default: Option<String>,
    /// Each tag, with the static of its variant where that has limits.
    pub variants: Vec<(String, Option<String>)>,
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rule {
    /// Nothing.
    Any,
    /// A number in a range.
    Number {
        /// Whether it must be a whole one.
        whole: bool,
        /// Keywords of the schema and their values.
        bounds: Vec<(&'static str, f64)>,
    },
    /// True or false.
    Flag,
    /// Text of a length, from and to.
    Text(u64, Option<u64>),
    /// One of some texts.
    Values(Vec<String>),
    /// One of some numbers.
    Numbers(Vec<f64>),
    /// A list.
    List {
        /// The least number of items.
        least: u64,
        /// The largest number of items.
        most: Option<u64>,
        /// Whether no two may be equal.
        unique: bool,
        /// What is asked of each.
        item: Box<Rule>,
    },
    /// A map, and what is asked of each entry.
    Map(Box<Rule>),
    /// The rule of an enum, by the name of its static.
    Enum(String),
    /// The limits of another schema, by the name of their static.
    Object(String),
}
