//! What steps make: the shapes of the table turned into outputs, and outputs into replies.
//!
//! In a shape, a text that begins with `@` stands for something that is made: `@image` is a file,
//! `@any:image` one that says its type, `@link:image` the bare link to one, `@input:prompt|none` a
//! value of the input or else what follows the bar. What is planned keeps marks in place of links,
//! since each reply signs them anew.

use serde_json::{Map, Value, json};

use super::blob::{Blob, BlobKind, Content, KEPT};
use super::kind;
use super::maturity::Maturity;
use super::reference;
use super::state::Orchestrator;
use super::workflow::{Step, Workflow};
use crate::settings::Submission;
use crate::view::date_text;

const BLOB: &str = "@blob";
const LINK: &str = "@link";
const ARCHIVE: &str = "@archive";
const EXPIRES: &str = "@expires";
const EACH: &str = "@each";

/// Plans one output.
struct Plan<'a> {
    core: &'a Orchestrator,
    workflow: usize,
    step: &'a Step,
    level: Option<Maturity>,
    blocked: Option<String>,
    blobs: Vec<Blob>,
}

impl Orchestrator {
    /// Plans what a step will make: its output, with marks in place of links, and the files.
    pub(super) fn plan(&self, workflow: usize, step: &Step) -> (Value, Vec<Blob>) {
        let submission = submission(step, 0);
        let rules = &self.settings.v2;
        let given = self.workflows[workflow].template.nsfw_level.as_deref();
        let rated = rules.ratings.iter().find_map(|rule| (rule.0)(&submission));
        let mut plan = Plan {
            core: self,
            workflow,
            step,
            level: rated
                .or(given.and_then(Maturity::named))
                .or(Some(Maturity::Pg)),
            blocked: rules.blocks.iter().find_map(|rule| (rule.0)(&submission)),
            blobs: Vec::new(),
        };
        let output = plan.value(&step.template.kind.output, 0);
        (output, plan.blobs)
    }

    /// The output of a step as replies show it; nothing before there is any.
    pub(super) fn shown_output(
        &self,
        workflow: &Workflow,
        step: &Step,
        hide: bool,
    ) -> Option<Value> {
        let mut output = step.output.clone();
        if let Some(errors) = self.errors(step).filter(|_| step.template.kind.errors) {
            let mut nothing = step.template.kind.nothing();
            nothing["errors"] = errors;
            return Some(nothing);
        }
        if !step.succeeded() {
            let list = output.get_mut(step.template.kind.grows.as_deref()?)?;
            list.as_array_mut()?.truncate(step.grown);
            if step.grown == 0 {
                return None;
            }
        }
        Some(self.unmark(output, workflow, hide))
    }

    /// What a priced workflow of one step would make, without any file to be had.
    pub(super) fn outcome(&mut self, workflow: usize) -> Value {
        if let Some(step) = self.workflows[workflow].steps.first_mut() {
            step.resolved = step.template.input.clone();
        }
        let whole = &self.workflows[workflow];
        let Some(step) = whole.steps.first() else {
            return Value::Null;
        };
        let (output, blobs) = self.plan(workflow, step);
        let ids: Vec<String> = blobs.iter().map(|blob| blob.id.clone()).collect();
        let named = blobs.into_iter().map(|blob| (blob.id.clone(), blob));
        self.blobs.extend(named);
        let shown = self.unmark(output, &self.workflows[workflow], false);
        self.blobs.retain(|id, _| !ids.contains(id));
        shown
    }

    /// Puts what is known now in the place of marks.
    fn unmark(&self, value: Value, workflow: &Workflow, hide: bool) -> Value {
        match value {
            Value::Array(items) => {
                let items = items.into_iter();
                items
                    .map(|item| self.unmark(item, workflow, hide))
                    .collect()
            }
            Value::Object(members) => {
                if let Some(id) = members.get(BLOB).and_then(Value::as_str) {
                    let typed = members.contains_key("typed");
                    return self.blobs.get(id).map_or(Value::Null, |blob| {
                        self.shown_blob(blob, Some(workflow), typed, hide)
                    });
                }
                if let Some(id) = members.get(LINK).and_then(Value::as_str) {
                    return self.link(id, false).0.into();
                }
                if let Some(id) = members.get(ARCHIVE).and_then(Value::as_str) {
                    return self.archive_link(id).into();
                }
                if members.contains_key(EXPIRES) {
                    return date_text(self.link_end()).into();
                }
                let members = members.into_iter();
                let shown = members.map(|(name, value)| {
                    let value = self.unmark(value, workflow, hide);
                    (name, value)
                });
                Value::Object(shown.collect())
            }
            other => other,
        }
    }
}

/// A step as rules see it.
pub(super) fn submission(step: &Step, attempt: u32) -> Submission<'_> {
    let input = if step.resolved.is_null() {
        &step.template.input
    } else {
        &step.resolved
    };
    step.template.submission(input, &step.metadata, attempt)
}

/// The ids of all files that a planned output holds.
pub(super) fn files(output: &Value, found: &mut Vec<String>) {
    match output {
        Value::Array(items) => items.iter().for_each(|item| files(item, found)),
        Value::Object(members) => {
            let id = members.get(BLOB).or_else(|| members.get(LINK));
            match id.and_then(Value::as_str) {
                Some(id) => found.push(id.to_owned()),
                None => members.values().for_each(|value| files(value, found)),
            }
        }
        _ => {}
    }
}

impl Plan<'_> {
    fn value(&mut self, shape: &Value, unit: usize) -> Value {
        match shape {
            Value::Object(members) => match members.get(EACH) {
                Some(each) => {
                    let units = self.step.template.kind.units(&self.step.resolved);
                    let units = 0..usize::try_from(units).unwrap_or(1);
                    units.map(|unit| self.value(each, unit)).collect()
                }
                None => {
                    let is_old = self.core.settings.v2.shape.is_old();
                    let dropped = &self.step.template.kind.dropped;
                    let members = members.iter();
                    let members = members.filter(|(name, _)| is_old || !dropped.contains(name));
                    let planned =
                        members.map(|(name, value)| (name.clone(), self.value(value, unit)));
                    Value::Object(planned.collect::<Map<_, _>>())
                }
            },
            Value::Array(items) => items.iter().map(|item| self.value(item, unit)).collect(),
            Value::String(text) => match text.strip_prefix('@') {
                Some(made) => self.made(made, unit),
                None => text.as_str().into(),
            },
            other => other.clone(),
        }
    }

    fn made(&mut self, what: &str, unit: usize) -> Value {
        let now = self.core.settings.date(self.core.now);
        let (word, rest) = what.split_once(':').unwrap_or((what, ""));
        match word {
            "input" => self.input(rest),
            "any" => json!({BLOB: self.file(rest, unit, false), "typed": true}),
            "link" => json!({LINK: self.file(rest, unit, false)}),
            "stream" => json!({BLOB: self.file("audio", unit, true)}),
            "index" => unit.into(),
            "number" => (unit + 1).into(),
            "id" => self
                .core
                .settings
                .seed
                .hex_id("output", self.number())
                .into(),
            "now" => date_text(now).into(),
            "unix" => now.timestamp().into(),
            "level" => self.level.map_or("na", Maturity::as_str).into(),
            "archive" => {
                let job = self.step.jobs.first().map_or("", |job| &job.id);
                json!({ARCHIVE: job})
            }
            "merged" => self.step.resolved.get(rest).cloned().unwrap_or_default(),
            "entries" => {
                let entries = self.step.resolved.get("entries").and_then(Value::as_array);
                entries.map_or(0, Vec::len).into()
            }
            "expires" => json!({EXPIRES: true}),
            _ => json!({BLOB: self.file(what, unit, false)}),
        }
    }

    /// A text of the input; anything else a caller puts there is no part of an output.
    fn input(&self, what: &str) -> Value {
        let (path, otherwise) = what.split_once('|').unwrap_or((what, ""));
        let found = reference::look_up(&self.step.resolved, path);
        found
            .filter(Value::is_string)
            .unwrap_or_else(|| otherwise.into())
    }

    /// A file of a kind such as `image` or `model3d:glb`; returns its id.
    fn file(&mut self, what: &str, unit: usize, streamed: bool) -> String {
        let (kind, format) = what.split_once(':').unwrap_or((what, ""));
        let kind = BlobKind::named(kind).unwrap_or(BlobKind::Image);
        let format = Some(format.to_owned()).filter(|format| !format.is_empty());
        let share = if self.step.template.kind.fan_out {
            unit
        } else {
            0
        };
        let job = self.step.jobs.get(share).map_or("", |job| &job.id);
        let extension = Blob::extension(kind, format.as_deref());
        let id = format!("{job}-{}.{extension}", self.blobs.len());
        let input = &self.step.resolved;
        let (width, height) = kind::size(input);
        let asked = input.get("seed").and_then(Value::as_u64);
        let seed = asked
            .and_then(|seed| u32::try_from(seed).ok())
            .unwrap_or_else(|| self.core.settings.seed.image_seed(self.number()));
        let given = self.core.settings.content_of(&submission(self.step, 0));
        let usual = match (kind, &format) {
            (BlobKind::Image, None) => Content::Picture {
                prompt: submission(self.step, 0).prompt.to_owned(),
                seed: seed.wrapping_add(u32::try_from(unit).unwrap_or(0)),
            },
            _ => Content::Sample,
        };
        let content = given.map_or(usual, Content::File);
        self.blobs.push(Blob {
            id: id.clone(),
            kind,
            format,
            width,
            height,
            content,
            maker: Some((self.workflow, job.to_owned())),
            level: self.level,
            blocked: self.blocked.clone(),
            made: None,
            kept_until: self.core.now + KEPT,
            streamed,
            public: false,
        });
        id
    }

    /// A number of its own for what the plan draws from the seed.
    fn number(&self) -> u64 {
        let job = self.step.jobs.first().map_or(0, |job| job.number);
        u64::try_from(job).unwrap_or(u64::MAX)
    }
}
