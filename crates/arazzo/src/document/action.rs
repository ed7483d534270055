//! Success and failure actions.

use std::time::Duration;

use serde_json::Value;

use super::fields::{Fields, Reader};
use super::{Action, ActionKind, Goal};
use crate::finding::Rule;
use crate::pointer::Pointer;

const ACTION: [&str; 8] = [
    "name",
    "type",
    "workflowId",
    "stepId",
    "retryAfter",
    "retryLimit",
    "criteria",
    "parameters",
];
/// Longest pause that a document can ask for.
const LONGEST: f64 = 7.0 * 24.0 * 60.0 * 60.0;

impl<'a> Reader<'a> {
    /// Reads the actions of a step or workflow; `None` where it has no list.
    pub(super) fn actions(
        &mut self,
        fields: &Fields<'a>,
        key: &str,
        success: bool,
    ) -> Option<Vec<Action>> {
        self.each(fields, key, |reader, value, at| {
            if let Some(reference) = value.get("reference") {
                let kind = if success {
                    "successActions"
                } else {
                    "failureActions"
                };
                let reference = reference.as_str().unwrap_or_default();
                let (target, home) = reader.component(reference, kind, &at)?;
                return reader.action(target, &home, success);
            }
            reader.action(value, &at, success)
        })
    }

    fn action(&mut self, value: &'a Value, at: &Pointer, success: bool) -> Option<Action> {
        let fields = self.object(value, at, &ACTION)?;
        let name = self.text(&fields, "name").unwrap_or_default();
        let goal = self.goal(&fields);
        let kind = match self.text(&fields, "type")? {
            "end" => ActionKind::End,
            "goto" => {
                if goal.is_none() {
                    self.wrong(at, "a `goto` needs a `stepId` or a `workflowId`");
                }
                ActionKind::Goto(goal.clone()?)
            }
            "retry" if success => {
                let message =
                    "only failure actions retry; to run the step again, go to it by `goto`";
                self.findings
                    .add(Rule::RetryOnSuccess, &fields.place("type"), message);
                return None;
            }
            "retry" => ActionKind::Retry {
                after: self.retry_after(&fields),
                limit: self.retry_limit(&fields),
                goal: goal.clone(),
            },
            other => {
                self.wrong(
                    &fields.place("type"),
                    format!("`{other}` is no type of action"),
                );
                return None;
            }
        };
        let parameters = self.parameters(&fields);
        if !parameters.is_empty() && !matches!(goal, Some(Goal::Workflow(_))) {
            let message = "parameters of an action are for a `workflowId`";
            self.wrong(&fields.place("parameters"), message);
        }
        Some(Action {
            name: name.to_owned(),
            kind,
            criteria: self.criteria(&fields, "criteria"),
            parameters,
            at: at.clone(),
        })
    }

    fn goal(&mut self, fields: &Fields<'a>) -> Option<Goal> {
        let step = self.optional(fields, "stepId");
        let workflow = self.optional(fields, "workflowId");
        match (step, workflow) {
            (Some(step), None) => Some(Goal::Step(step.to_owned())),
            (None, Some(workflow)) => Some(Goal::Workflow(workflow.to_owned())),
            (Some(_), Some(_)) => {
                self.wrong(
                    &fields.at,
                    "an action has either a `stepId` or a `workflowId`",
                );
                None
            }
            (None, None) => None,
        }
    }

    fn retry_after(&mut self, fields: &Fields<'a>) -> Option<Duration> {
        let value = fields.get("retryAfter")?;
        let seconds = value
            .as_f64()
            .filter(|seconds| (0.0..=LONGEST).contains(seconds));
        if seconds.is_none() {
            let message = "`retryAfter` is a number of seconds, at most seven days";
            self.wrong(&fields.place("retryAfter"), message);
        }
        seconds.map(Duration::from_secs_f64)
    }

    /// One retry where nothing is said.
    fn retry_limit(&mut self, fields: &Fields<'a>) -> u32 {
        let Some(value) = fields.get("retryLimit") else {
            return 1;
        };
        let limit = value.as_u64();
        if limit.is_none() {
            self.wrong(
                &fields.place("retryLimit"),
                "`retryLimit` is a whole number",
            );
        }
        limit.map_or(1, |limit| u32::try_from(limit).unwrap_or(u32::MAX))
    }
}
