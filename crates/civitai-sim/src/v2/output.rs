//! What steps have made, as replies show it: planned outputs keep marks in place of links, since each
//! reply signs them anew.

use serde_json::Value;

use super::state::Orchestrator;
use super::workflow::{Step, Workflow};
use crate::settings::Submission;
use crate::view::date_text;

// The marks of planned outputs: a file, a bare link to one, an archive, and when links end.
pub(super) const BLOB: &str = "@blob";
pub(super) const LINK: &str = "@link";
pub(super) const ARCHIVE: &str = "@archive";
pub(super) const EXPIRES: &str = "@expires";

impl Orchestrator {
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
