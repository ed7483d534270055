//! The step types: what is submitted, what goes in, what comes out.

use std::collections::BTreeMap;

use super::lifted;
use crate::error::Error;
use crate::model::{Gate, Kind, Model, Ty};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::setters::Builders;

/// A type of step. Types are named by their schemas; what is called `rust` is named as in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepType {
    /// The tag on the wire, such as `imageGen`.
    pub tag: String,
    /// The type that is submitted.
    pub template: Named,
    /// The type of its input; none where that is no type of its own.
    pub input: Option<Named>,
    /// The type of its output; none where the contract knows of none.
    pub output: Option<Named>,
    /// Everything that becomes the input by itself: engines, their versions, their operations.
    pub leaves: Vec<Named>,
    /// Whether the input belongs to this step type alone.
    pub is_only: bool,
}

/// A type by its name, and when it is compiled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The schema.
    pub schema: String,
    /// The name in Rust.
    pub rust: String,
    pub(crate) gate: Gate,
}

impl Named {
    pub(super) fn of(model: &Model, schema: &str) -> Self {
        Self {
            schema: schema.to_owned(),
            rust: model.rust(schema).to_owned(),
            gate: model.gate(schema).clone(),
        }
    }
}

/// Reads the step types out of the two unions of steps.
pub(crate) fn steps(
    model: &Model,
    settings: &Builders,
    notes: &mut Notes,
) -> Result<Vec<StepType>, Error> {
    let union = |name: &str| {
        let what = "the builders are to know this union, which is not there";
        let missing = || Error::new(settings.contract.clone(), Pointer::schema(name), what);
        model.union(name).ok_or_else(missing)
    };
    let (templates, replies) = (union(&settings.template)?, union(&settings.reply)?);
    let input = templates.chained.as_deref().unwrap_or("input");
    let mut steps = Vec::new();
    for variant in &templates.variants {
        let reply = replies.variants.iter().find(|one| one.tag == variant.tag);
        let output = reply.and_then(|reply| member(model, &reply.schema, &settings.output));
        steps.push(StepType {
            tag: variant.tag.clone(),
            template: Named::of(model, &variant.schema),
            input: member(model, &variant.schema, input).map(|name| Named::of(model, name)),
            output: output.map(|name| Named::of(model, name)),
            leaves: Vec::new(),
            is_only: true,
        });
    }
    lead(model, &mut steps, notes);
    Ok(steps)
}

/// The schema that a member of a struct refers to, where that is a type of its own.
fn member<'a>(model: &'a Model, schema: &str, wire: &str) -> Option<&'a str> {
    let mut members = model.structure(schema)?.members.iter();
    match &members.find(|member| member.wire == wire)?.content.ty {
        Ty::Named(name) if !matches!(model.kind(name), Some(Kind::Alias(_)) | None) => Some(name),
        _ => None,
    }
}

/// Finds what becomes the input of one step type, and of no other.
fn lead(model: &Model, steps: &mut [StepType], notes: &mut Notes) {
    let ways = lifted(model);
    let mut leads: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        let Some(input) = &step.input else { continue };
        leads.entry(input.schema.clone()).or_default().push(index);
        let below = ways.iter().filter(|one| one.union == input.schema);
        for one in below {
            leads.entry(one.holds.clone()).or_default().push(index);
        }
    }
    for (schema, of) in &leads {
        let [index] = of.as_slice() else {
            let what = "goes into several step types, so it is a step only inside a template";
            notes.guess("builders", Pointer::schema(schema), what);
            for index in of {
                let step = &mut steps[*index];
                step.is_only &= step
                    .input
                    .as_ref()
                    .is_none_or(|input| input.schema != *schema);
            }
            continue;
        };
        let step = &mut steps[*index];
        if step
            .input
            .as_ref()
            .is_some_and(|input| input.schema != *schema)
        {
            step.leaves.push(Named::of(model, schema));
        }
    }
}
