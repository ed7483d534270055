//! What the contract says of a step in words: which tags are left to choose, what is unknown, and what does
//! not fit.

use civitai_api::v2::limits::WORKFLOW_STEP_TEMPLATE;
use civitai_api::v2::types::WorkflowStepTemplate;
use civitai_api::{Limits, Members as _, Misfit, Rule, ViolationKind};
use serde_json::{Map, Value, json};

use super::place::{Form, Placed, at};
use super::{Meant, NamedStep};
use crate::FieldProblems;
use crate::workflows::request::strangers::nearest;

/// The input of a step, and how it fits the contract.
pub(super) struct Facts {
    kind: String,
    input: Map<String, Value>,
    members: Vec<&'static str>,
    /// Members that the contract does not have, with those that stand beside them.
    strangers: Vec<(String, Vec<&'static str>)>,
    misfits: Vec<Misfit>,
    /// What no member means.
    nowhere: Vec<String>,
}

impl Facts {
    /// Puts the words of a step into an input whose tags are set.
    pub(super) fn of(step: &NamedStep, tagged: &Map<String, Value>) -> Self {
        let mut input = tagged.clone();
        let members = typed(&step.kind, &input).member_names("input");
        let tags: Vec<_> = levels(&step.kind, &input)
            .iter()
            .filter_map(|level| level.tag())
            .collect();
        let (mut nowhere, mut weighed) = (Vec::new(), Vec::new());
        // Until an engine is chosen, nothing is known of what it takes.
        let known = step.meant.iter().filter(|_| !members.is_empty());
        for meant in known {
            match meant.place(&mut input, &members, &tags) {
                Placed::Done => {}
                Placed::InForms(member) => weighed.push((member, meant)),
                Placed::Nowhere => nowhere.push(meant.label()),
            }
        }
        weigh(&step.kind, &mut input, &weighed);
        read_texts(step, &mut input);
        let typed = typed(&step.kind, &input);
        Self {
            kind: step.kind.clone(),
            members,
            strangers: typed.strangers(),
            misfits: typed.misfits(),
            nowhere,
            input,
        }
    }

    pub(super) fn input(&self) -> &Map<String, Value> {
        &self.input
    }

    pub(super) fn members(&self) -> Vec<&'static str> {
        self.members.clone()
    }

    /// How many things are wrong, for the choice between tags.
    fn faults(&self) -> usize {
        let missing = levels(&self.kind, &self.input).first().map_or(0, |limits| {
            let violations = limits.check(&Value::Object(self.input.clone()));
            violations
                .iter()
                .filter(|one| one.kind() == ViolationKind::Missing)
                .count()
        });
        self.strangers.len() + self.misfits.len() + self.nowhere.len() + missing
    }

    /// All that is wrong, each with what to write in its place.
    pub(super) fn problems(&self) -> FieldProblems {
        let mut problems = FieldProblems::default();
        let kinds = WORKFLOW_STEP_TEMPLATE
            .variants()
            .iter()
            .map(|(kind, _)| *kind);
        if input_limits(&self.kind).is_none() {
            let near = nearest(&self.kind, kinds.clone());
            let what = match near {
                Some(near) => format!("`{}` is no type of step; did you mean `{near}`?", self.kind),
                None => format!(
                    "`{}` is no type of step; there are {}",
                    self.kind,
                    listed(kinds)
                ),
            };
            problems.add("$type", what);
            return problems;
        }
        let levels = levels(&self.kind, &self.input);
        if let Some((tag, what)) = levels.last().and_then(|last| self.open(last)) {
            // Until it is chosen, nothing is known of the rest.
            problems.add(tag, what);
            return problems;
        }
        for (path, beside) in &self.strangers {
            let path = path.strip_prefix("input.").unwrap_or(path);
            let name = path.rsplit('.').next().unwrap_or(path);
            let mut what = format!("is no member of {}", self.place());
            match nearest(name, beside.iter().copied()) {
                Some(near) => what += &format!("; did you mean `{near}`?"),
                None => what += &format!("; there are {}", listed(beside.iter().copied())),
            }
            problems.add(path, what);
        }
        for misfit in self
            .misfits
            .iter()
            .filter(|misfit| misfit.what() != MISSING)
        {
            let path = misfit
                .path()
                .strip_prefix("input.")
                .unwrap_or(misfit.path());
            problems.add(path, format!("cannot be read: {}", misfit.what()));
        }
        for label in &self.nowhere {
            let members = listed(self.members.iter().copied());
            problems.add(
                self.place(),
                format!("takes no {label}; it takes {members}"),
            );
        }
        problems
    }

    /// A tag that is not set, or is none that the contract lists.
    fn open(&self, limits: &'static Limits) -> Option<(&'static str, String)> {
        let tag = limits.tag()?;
        let names = || limits.variants().iter().map(|(name, _)| *name);
        let mut what = format!("must be one of {}", listed(names()));
        if let Some(given) = self.input.get(tag).filter(|given| !given.is_null()) {
            let given = given
                .as_str()
                .map_or_else(|| given.to_string(), str::to_owned);
            what += &format!("; it is `{given}`");
            if let Some(near) = nearest(&given, names()) {
                what += &format!("; did you mean `{near}`?");
            }
        }
        Some((tag, what))
    }

    /// The type of the step with its tags, such as `imageGen (sdcpp, zImage)`.
    fn place(&self) -> String {
        let tags = levels(&self.kind, &self.input)
            .into_iter()
            .filter_map(Limits::tag);
        let set: Vec<_> = tags
            .filter_map(|tag| self.input.get(tag)?.as_str())
            .collect();
        match set.is_empty() {
            true => self.kind.clone(),
            false => format!("{} ({})", self.kind, set.join(", ")),
        }
    }
}

/// What a misfit says of a member that is not there; the limits say it as well.
const MISSING: &str = "is missing";

/// Returns the input of a step with the tags that can only be one.
pub(super) fn settle(step: &NamedStep) -> Map<String, Value> {
    let mut input = step.input.clone();
    if let Some(limits) = input_limits(&step.kind) {
        choose(step, limits, &mut input);
    }
    input
}

/// Sets the tags that are not set and where one variant fits the words better than all others; returns
/// the number of faults that stay.
fn choose(step: &NamedStep, limits: &'static Limits, input: &mut Map<String, Value>) -> usize {
    let Some(tag) = limits.tag() else {
        return Facts::of(step, input).faults();
    };
    if input.get(tag).is_some_and(|given| !given.is_null()) {
        return match variant(limits, input) {
            Some(variant) => choose(step, variant, input),
            None => Facts::of(step, input).faults(),
        };
    }
    let tries = limits.variants().iter().map(|(name, variant)| {
        let mut tried = input.clone();
        tried.insert(tag.to_owned(), (*name).into());
        let faults = choose(step, variant, &mut tried);
        (faults, *name, tried)
    });
    let tries: Vec<_> = tries.collect();
    let Some(least) = tries.iter().map(|(faults, ..)| *faults).min() else {
        return Facts::of(step, input).faults();
    };
    let mut best: Vec<_> = tries
        .into_iter()
        .filter(|(faults, ..)| *faults == least)
        .collect();
    let default = limits.default_tag();
    if best.len() > 1 && step.has_images() {
        // Where making from text takes the image as well, and leaves it unused, the one made for it is meant.
        let from_image = |tag: &str| tag.starts_with("image");
        if best.iter().filter(|(_, tag, _)| from_image(tag)).count() == 1 {
            best.retain(|(_, tag, _)| from_image(tag));
        }
    }
    match (best.pop(), best.is_empty()) {
        (Some((_, name, mut tried)), true) => {
            // What counts anyway is not said; what is chosen below it is.
            if Some(name) == default {
                tried.remove(tag);
            }
            *input = tried;
        }
        // The service's own choice is as good as any other.
        (Some(_), false) if default.is_none() => return least + 1,
        _ => {}
    }
    least
}

/// The limits of the input of a step type.
fn input_limits(kind: &str) -> Option<&'static Limits> {
    let variants = WORKFLOW_STEP_TEMPLATE.variants();
    let (_, template) = variants.iter().find(|(name, _)| *name == kind)?;
    match template.member("input")?.rule() {
        Rule::Object(limits) => Some(limits),
        _ => None,
    }
}

/// The limits of an input, from its union to the variant that its tags lead to, as far as they are set.
pub(in crate::workflows) fn levels(kind: &str, input: &Map<String, Value>) -> Vec<&'static Limits> {
    let mut levels: Vec<&'static Limits> = input_limits(kind).into_iter().collect();
    while let Some(next) = levels.last().and_then(|last| variant(last, input)) {
        levels.push(next);
    }
    levels
}

fn variant(limits: &'static Limits, input: &Map<String, Value>) -> Option<&'static Limits> {
    let given = input.get(limits.tag()?).and_then(Value::as_str);
    let tag = given.or(limits.default_tag())?;
    let mut variants = limits.variants().iter();
    variants
        .find(|(name, _)| *name == tag)
        .map(|(_, limits)| *limits)
}

/// The step as the contract types it; raw where it does not list it.
fn typed(kind: &str, input: &Map<String, Value>) -> WorkflowStepTemplate {
    let body = json!({ "$type": kind, "input": input }).to_string();
    civitai_api::decode(body.as_bytes())
        .unwrap_or_else(|_| WorkflowStepTemplate::Raw(Map::new().into()))
}

/// Adds resources with their strengths in the form that the contract has for them.
fn weigh(kind: &str, input: &mut Map<String, Value>, weighed: &[(&'static str, &Meant)]) {
    let Some((member, _)) = weighed.first() else {
        return;
    };
    let faults = |input: &Map<String, Value>| {
        let typed = typed(kind, input);
        typed.misfits().len() + typed.strangers().len()
    };
    let tries = Form::ALL.map(|form| {
        let mut tried = input.clone();
        let value = tried.entry(*member).or_insert_with(|| form.empty());
        for (_, meant) in weighed {
            meant.weigh(value, form);
        }
        (faults(&tried), tried)
    });
    if let Some((_, best)) = tries.into_iter().min_by_key(|(faults, _)| *faults) {
        *input = best;
    }
}

/// Takes texts as they are where what they can be read as does not fit.
fn read_texts(step: &NamedStep, input: &mut Map<String, Value>) {
    for (path, text) in &step.texts {
        let place = format!("input.{path}");
        let is_misfit = |input: &Map<String, Value>| {
            let misfits = typed(&step.kind, input).misfits();
            misfits.iter().any(|misfit| misfit.path() == place)
        };
        if let Some(listed) = listed_word(&step.kind, input, path, text)
            && let Some(value) = at(input, path)
        {
            *value = listed.into();
        }
        if !is_misfit(input) {
            continue;
        }
        let mut tried = input.clone();
        if let Some(value) = at(&mut tried, path) {
            *value = text.as_str().into();
        }
        if !is_misfit(&tried) {
            *input = tried;
        }
    }
}

/// The word that the contract lists for a member, where the text is it but for its capitals.
fn listed_word(
    kind: &str,
    input: &Map<String, Value>,
    member: &str,
    text: &str,
) -> Option<&'static str> {
    let levels = levels(kind, input);
    let rule = levels
        .iter()
        .rev()
        .find_map(|limits| limits.member(member))?;
    let words = rule.rule().listed()?;
    words
        .iter()
        .copied()
        .find(|word| word.eq_ignore_ascii_case(text))
}

/// Names for a message, the first so many where they are many.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 40;
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(MOST);
    let shown = names[..names.len().min(MOST)].join(", ");
    match more {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
