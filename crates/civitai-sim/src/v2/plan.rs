//! What steps are going to make: the shapes of the table turned into outputs.
//!
//! In a shape, a text that begins with `@` stands for something that is made: `@image` is a file,
//! `@any:image` one that says its type, `@link:image` the bare link to one, `@input:prompt|none` a
//! value of the input or else what follows the bar. A member such as `html?formats` is there where the
//! list `formats` of the input holds its name. What is planned keeps marks in place of links,
//! since each reply signs them anew.

use serde_json::{Map, Value, json};

use crate::core::reply::date_text;
use crate::core::rule::Rule;

use super::blob::{Blob, BlobKind, Content, KEPT};
use super::marks::{ARCHIVE, BLOB, EXPIRES, LINK};
use super::maturity::Maturity;
use super::state::State;
use super::step::Step;
use super::{kind, reference};

/// What stands for one item of a list for each unit that is asked for.
const EACH: &str = "@each";

/// Plans one output.
struct Plan<'a> {
    state: &'a State,
    workflow: usize,
    step: &'a Step,
    level: Option<Maturity>,
    blocked: Option<String>,
    blobs: Vec<Blob>,
}

/// Plans what a step will make: its output, with marks in place of links, and the files.
pub(super) fn plan(state: &State, workflow: usize, step: &Step) -> (Value, Vec<Blob>) {
    let submission = step.submission(0);
    let rules = &state.settings;
    let given = state
        .store
        .workflow(workflow)
        .template()
        .nsfw_level
        .as_deref();
    let rated = Rule::first(&rules.ratings, &submission);
    let mut plan = Plan {
        state,
        workflow,
        step,
        level: rated
            .or(given.and_then(Maturity::named))
            .or(Some(Maturity::Pg)),
        blocked: Rule::first(&rules.blocks, &submission),
        blobs: Vec::new(),
    };
    let output = plan.value(&step.template().kind().output, 0);
    (output, plan.blobs)
}

impl Plan<'_> {
    fn value(&mut self, shape: &Value, unit: usize) -> Value {
        match shape {
            Value::Object(members) => match members.get(EACH) {
                Some(each) => {
                    let units = self.step.template().kind().units(self.step.resolved());
                    let units = 0..usize::try_from(units).unwrap_or(1);
                    units.map(|unit| self.value(each, unit)).collect()
                }
                None => {
                    let members = members.iter();
                    let planned = members.filter_map(|(name, value)| {
                        let name = self.wanted(name)?;
                        Some((name.to_owned(), self.value(value, unit)))
                    });
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

    /// The name of a member that belongs to this output; nothing for one that does not.
    fn wanted<'b>(&self, member: &'b str) -> Option<&'b str> {
        let is_old = self.state.settings.shape.is_old();
        let mut dropped = self.step.template().kind().dropped.iter();
        if !is_old && dropped.any(|one| one == member) {
            return None;
        }
        let Some((name, list)) = member.split_once('?') else {
            return Some(member);
        };
        let asked = self.step.resolved().get(list).and_then(Value::as_array);
        asked?.iter().any(|asked| asked == name).then_some(name)
    }

    fn made(&mut self, what: &str, unit: usize) -> Value {
        let now = self.state.date(self.state.now);
        let (word, rest) = what.split_once(':').unwrap_or((what, ""));
        match word {
            "input" => self.input(rest),
            "any" => json!({BLOB: self.file(rest, unit, false), "typed": true}),
            "link" => json!({LINK: self.file(rest, unit, false)}),
            "stream" => json!({BLOB: self.file("audio", unit, true)}),
            "index" => unit.into(),
            "number" => (unit + 1).into(),
            "id" => self.state.setup.seed.hex_id("output", self.number()).into(),
            "now" => date_text(now).into(),
            "unix" => now.timestamp().into(),
            "level" => self.level.map_or("na", Maturity::as_str).into(),
            "archive" => {
                let job = self.step.jobs().first().map_or("", |job| &job.order().id);
                json!({ARCHIVE: job})
            }
            "merged" => self.step.resolved().get(rest).cloned().unwrap_or_default(),
            "entries" => {
                let entries = self
                    .step
                    .resolved()
                    .get("entries")
                    .and_then(Value::as_array);
                entries.map_or(0, Vec::len).into()
            }
            "expires" => json!({EXPIRES: true}),
            _ => json!({BLOB: self.file(what, unit, false)}),
        }
    }

    /// A text of the input; anything else a caller puts there is no part of an output.
    fn input(&self, what: &str) -> Value {
        let (path, otherwise) = what.split_once('|').unwrap_or((what, ""));
        let found = reference::look_up(self.step.resolved(), path);
        found
            .filter(Value::is_string)
            .unwrap_or_else(|| otherwise.into())
    }

    /// A file of a kind such as `image` or `model3d:glb`; returns its id.
    fn file(&mut self, what: &str, unit: usize, streamed: bool) -> String {
        let (kind, format) = what.split_once(':').unwrap_or((what, ""));
        let kind = BlobKind::named(kind).unwrap_or(BlobKind::Image);
        let format = Some(format.to_owned()).filter(|format| !format.is_empty());
        let share = if self.step.template().kind().fan_out {
            unit
        } else {
            0
        };
        let job = self
            .step
            .jobs()
            .get(share)
            .map_or("", |job| &job.order().id);
        let extension = Blob::extension(kind, format.as_deref());
        let id = format!("{job}-{}.{extension}", self.blobs.len());
        let input = self.step.resolved();
        let (width, height) = kind::size(input);
        let asked = input.get("seed").and_then(Value::as_u64);
        let seed = asked
            .and_then(|seed| u32::try_from(seed).ok())
            .unwrap_or_else(|| self.state.setup.seed.image_seed(self.number()));
        let given = Rule::first(&self.state.setup.contents, &self.step.submission(0));
        let usual = match (kind, &format) {
            (BlobKind::Image, None) => Content::Picture {
                prompt: self.step.submission(0).prompt.to_owned(),
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
            kept_until: self.state.now + KEPT,
            streamed,
            public: false,
        });
        id
    }

    /// A number of its own for what the plan draws from the seed.
    fn number(&self) -> u64 {
        let job = self.step.jobs().first().map_or(0, |job| job.order().number);
        u64::try_from(job).unwrap_or(u64::MAX)
    }
}
