//! What each input can be told in words that many of them share.

use std::collections::{BTreeMap, BTreeSet};

use super::StepType;
use super::steps::Named;
use crate::error::Error;
use crate::model::{Content, Member, Model, Struct, Ty};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::setters::{Builders, Setter};

/// Input → what it can be told.
pub type Inputs = BTreeMap<Named, Vec<Told>>;

/// Something that an input can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The trait.
    pub name: String,
    /// The fields that hold it.
    pub fields: Vec<String>,
    /// What the fields hold, where the trait does not say so: the width of a number, or the type of
    /// a list's items.
    pub detail: Option<String>,
}

/// The trait of what can be made of a prompt.
const PROMPTED: (&str, &str) = ("Prompted", "Prompt");

/// Finds what every input and everything that becomes one can be told.
pub(crate) fn inputs(
    model: &Model,
    settings: &Builders,
    steps: &[StepType],
    notes: &mut Notes,
) -> Result<Inputs, Error> {
    let mut found = Inputs::new();
    let mut met = BTreeSet::new();
    for step in steps {
        let Some(input) = &step.input else { continue };
        for named in step.leaves.iter().chain([input]) {
            let Some(made) = model.structure(&named.schema) else {
                continue;
            };
            let told = told(
                model,
                settings,
                &input.schema,
                (named, made),
                &mut met,
                notes,
            );
            if !told.is_empty() {
                found.insert(named.clone(), told);
            }
        }
    }
    let unmet = settings.setters.iter().find(|row| !met.contains(&row.name));
    match unmet {
        Some(row) => {
            let what = format!(
                "no input can be told `{}`; change or remove the row",
                row.name
            );
            Err(Error::file("contracts.toml", what))
        }
        None => Ok(found),
    }
}

fn told(
    model: &Model,
    settings: &Builders,
    of: &str,
    (named, made): (&Named, &Struct),
    met: &mut BTreeSet<String>,
    notes: &mut Notes,
) -> Vec<Told> {
    let mut told = Vec::new();
    let mut taken = BTreeSet::new();
    // A row that is said of few inputs goes before one that is said of all.
    let rows = || settings.setters.iter();
    let (own, common) = (
        rows().filter(|row| row.of.is_some()),
        rows().filter(|row| row.of.is_none()),
    );
    for row in own.chain(common) {
        if row.of.as_deref().is_some_and(|only| only != of) {
            continue;
        }
        let Some(members) = meant(row, made, &taken) else {
            continue;
        };
        let details: Option<Vec<_>> = members.iter().map(|one| fits(model, row, one)).collect();
        let Some(mut details) = details else {
            let at = Pointer::schema(&named.schema)
                .child("properties")
                .child(&members[0].wire);
            let what = format!(
                "is no `{}`, so that `{}` does not set it",
                row.kind, row.name
            );
            notes.guess("builders", at, what);
            continue;
        };
        met.insert(row.name.clone());
        taken.extend(members.iter().map(|one| one.wire.as_str()));
        told.push(Told {
            name: row.name.clone(),
            fields: members.iter().map(|one| one.field.clone()).collect(),
            detail: details.pop().flatten(),
        });
    }
    if let Some(prompt) = prompted(made, &told, &taken) {
        told.push(prompt);
    }
    told
}

/// The members that a row means, where they are there and mean nothing else.
fn meant<'a>(row: &Setter, made: &'a Struct, taken: &BTreeSet<&str>) -> Option<Vec<&'a Member>> {
    let find = |wire: &String| {
        let mut members = made.members.iter();
        members.find(|one| one.wire == *wire && !taken.contains(wire.as_str()))
    };
    if row.all.is_empty() {
        row.any.iter().find_map(find).map(|one| vec![one])
    } else {
        row.all.iter().map(find).collect()
    }
}

/// Whether a member holds what a row says, and what else there is to know of it. Only what may come
/// from another step is part of an input.
#[expect(
    clippy::option_option,
    reason = "that nothing is to be known is an answer as well"
)]
fn fits(model: &Model, row: &Setter, member: &Member) -> Option<Option<String>> {
    let ty = &member.content.ty;
    if !member.content.referable || member.boxed || member.is_tag {
        return None;
    }
    let plain = |does: bool| does.then_some(None);
    match row.kind.as_str() {
        "text" => plain(is_text(ty)),
        "bool" => plain(*ty == Ty::Bool),
        "i32" => plain(*ty == Ty::Int("int32")),
        "i64" => plain(*ty == Ty::Int("int64")),
        "f64" => plain(*ty == Ty::Number),
        "integer" => match ty {
            Ty::Int("int32") => Some(Some("i32".to_owned())),
            Ty::Int("int64") => Some(Some("i64".to_owned())),
            _ => None,
        },
        "texts" => plain(matches!(ty, Ty::List(item) if is_text(&item.ty) && !item.nullable)),
        "weights" => weights(model, ty),
        schema => plain(*ty == Ty::Named(schema.to_owned())),
    }
}

/// Resources with a strength each: a map of numbers, or a map or a list of structs.
#[expect(clippy::option_option, reason = "as above")]
fn weights(model: &Model, ty: &Ty) -> Option<Option<String>> {
    let (Ty::Map(item) | Ty::List(item)) = ty else {
        return None;
    };
    let Ty::Named(name) = &item.ty else {
        return (matches!(ty, Ty::Map(_)) && item.ty == Ty::Number).then_some(None);
    };
    let made = model.structure(name)?;
    let has = |wire: &str, fits: fn(&Content) -> bool| {
        let mut members = made.members.iter();
        members.any(|one| one.wire == wire && one.content.referable && fits(&one.content))
    };
    let named = matches!(ty, Ty::Map(_)) || has("air", |content| is_text(&content.ty));
    let weighed = has("strength", |content| content.ty == Ty::Number);
    let detail = matches!(ty, Ty::List(_)).then(|| format!("{} air", model.rust(name)));
    (named && weighed).then(|| Some(detail.unwrap_or_else(|| model.rust(name).to_owned())))
}

fn is_text(ty: &Ty) -> bool {
    matches!(ty, Ty::Text(format) if format.as_deref() != Some("date-time"))
}

/// Whether an input can be made of a prompt, where everything else that it must be told has a method
/// of its own.
fn prompted(made: &Struct, told: &[Told], taken: &BTreeSet<&str>) -> Option<Told> {
    let prompt = told.iter().find(|one| one.name == PROMPTED.1)?;
    let required = || {
        made.members
            .iter()
            .filter(|one| one.required && !one.content.nullable)
    };
    let is_prompt = |one: &Member| prompt.fields.contains(&one.field);
    let is_plain = |one: &Member| !matches!(one.content.ty, Ty::Named(_) | Ty::Any);
    let can_be_told = required().all(|one| taken.contains(one.wire.as_str()) && is_plain(one));
    (can_be_told && (required().any(is_prompt) || required().next().is_none())).then(|| Told {
        name: PROMPTED.0.to_owned(),
        fields: prompt.fields.clone(),
        detail: None,
    })
}

/// The structs that hold a resource with its strength, and whether they name it themselves.
pub(crate) fn weighed(inputs: &Inputs) -> BTreeMap<&str, bool> {
    let told = inputs.values().flatten();
    let details = told.filter_map(|one| one.detail.as_deref());
    let structs = details.filter(|detail| !matches!(*detail, "i32" | "i64"));
    structs
        .map(|detail| match detail.strip_suffix(" air") {
            Some(name) => (name, true),
            None => (detail, false),
        })
        .collect()
}
