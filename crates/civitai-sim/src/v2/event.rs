//! Events: what callbacks are told, in which order, and what goes wrong on the way.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::{Value, json};

use super::state::Orchestrator;
use super::status::Status;
use super::view::put;
use super::workflow::{Job, Step, Workflow};

/// An event on its way to one address.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) workflow: usize,
    pub(crate) url: String,
    pub(crate) body: Value,
    /// It is not sent before.
    pub(crate) due: Duration,
    /// How often it was sent in vain.
    pub(crate) attempts: u32,
}

/// The events that are still to be sent.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: VecDeque<Notice>,
    /// Events that the next one of their workflow is to overtake.
    overtaken: BTreeMap<usize, Notice>,
    /// How many events there have been, each a draw from the seed.
    drawn: u64,
}

/// A change of state to tell.
struct Change {
    scope: &'static str,
    status: Status,
    brief: Value,
    details: Option<Value>,
}

impl Outbox {
    /// Takes everything that is due.
    pub(crate) fn take(&mut self, now: Duration) -> VecDeque<Notice> {
        let waiting = std::mem::take(&mut self.waiting);
        let (due, later) = waiting.into_iter().partition(|notice| notice.due <= now);
        self.waiting = later;
        due
    }

    /// When the next of the waiting events is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.waiting.iter().map(|notice| notice.due).min()
    }
}

impl Orchestrator {
    /// Tells callbacks what has changed in every workflow that was touched.
    pub(super) fn tell(&mut self) {
        for number in std::mem::take(&mut self.touched) {
            let changes = self.changes(number);
            let workflow = &self.workflows[number];
            let over = workflow.is_over();
            for callback in workflow.template.callbacks.clone() {
                for change in &changes {
                    let (scope, status) = (change.scope, change.status.as_str());
                    let names = [format!("{scope}:*"), format!("{scope}:{status}")];
                    if !callback.types.iter().any(|wanted| names.contains(wanted)) {
                        continue;
                    }
                    let mut body = change.brief.clone();
                    if callback.detailed == Some(true) {
                        put(&mut body, "details", change.details.clone());
                    }
                    self.send(number, callback.url.clone(), body);
                }
            }
            // Nothing comes after the end that could overtake.
            if over {
                let overtaken = self.outbox.overtaken.remove(&number);
                self.outbox.waiting.extend(overtaken);
            }
        }
    }

    /// Puts an event on its way, or lets happen to it what the settings say.
    fn send(&mut self, workflow: usize, url: String, body: Value) {
        let disorder = self.settings.v2.disorder;
        let draw = |label| self.settings.seed.share(label, self.outbox.drawn);
        let mut notice = Notice {
            workflow,
            url,
            body,
            due: self.now,
            attempts: 0,
        };
        let lost = draw("event lost") < disorder.lost;
        let twice = draw("event twice") < disorder.duplicated;
        let overtaken = draw("event overtaken") < disorder.reordered;
        if draw("event late") < disorder.late {
            notice.due += disorder.delay;
        }
        self.outbox.drawn += 1;
        if lost {
            return;
        }
        if twice {
            self.outbox.waiting.push_back(notice.clone());
        }
        let before = self.outbox.overtaken.remove(&workflow);
        if overtaken && before.is_none() {
            self.outbox.overtaken.insert(workflow, notice);
            return;
        }
        self.outbox.waiting.push_back(notice);
        self.outbox.waiting.extend(before);
    }

    /// What has changed since callbacks were told last: jobs first, then steps, then the whole.
    fn changes(&mut self, number: usize) -> Vec<Change> {
        let now = self.now;
        let workflow = &self.workflows[number];
        let mut changes = Vec::new();
        for step in &workflow.steps {
            let jobs = step
                .jobs
                .iter()
                .filter(|job| job.told != Some(job.status(now)));
            changes.extend(jobs.map(|job| self.job_change(workflow, step, job)));
            if step.told != Some(step.status(now)) {
                changes.push(self.step_change(workflow, step));
            }
        }
        if workflow.told != Some(workflow.status(now)) {
            changes.push(self.workflow_change(workflow));
        }
        let workflow = &mut self.workflows[number];
        workflow.told = Some(workflow.status(now));
        for step in &mut workflow.steps {
            step.told = Some(step.status(now));
            for job in &mut step.jobs {
                job.told = Some(job.status(now));
            }
        }
        changes
    }

    fn workflow_change(&self, workflow: &Workflow) -> Change {
        let status = workflow.status(self.now);
        let steps = workflow.steps.iter().zip(&workflow.cost.steps);
        let steps: Vec<Value> = steps
            .map(|(step, cost)| {
                let mut details = self.result_of(workflow, step);
                details["name"] = step.template.name.as_str().into();
                details["status"] = step.status(self.now).as_str().into();
                details["cost"] = (*cost).into();
                details
            })
            .collect();
        let mut details = json!({
            "metadata": workflow.template.metadata,
            "arguments": workflow.template.arguments,
            "createdAt": self.date(workflow.created),
            "steps": steps,
        });
        put(
            &mut details,
            "startedAt",
            workflow.started().map(|at| self.date(at).into()),
        );
        put(
            &mut details,
            "completedAt",
            workflow.ended.map(|at| self.date(at).into()),
        );
        Change {
            scope: "workflow",
            status,
            brief: json!({
                "$type": "workflow",
                "workflowId": workflow.id,
                "status": status.as_str(),
                "timestamp": self.date(self.now),
            }),
            details: Some(details),
        }
    }

    fn step_change(&self, workflow: &Workflow, step: &Step) -> Change {
        let status = step.status(self.now);
        let mut details = self.result_of(workflow, step);
        let again = step.jobs.iter().map(|job| job.attempt).max().unwrap_or(0);
        details["retries"] = again.into();
        let progress = self.shown_progress(step).map(Value::from);
        put(&mut details, "estimatedProgressRate", progress);
        let mut brief = json!({
            "$type": "step",
            "workflowId": workflow.id,
            "name": step.template.name,
            "status": status.as_str(),
        });
        let shape = self.settings.v2.shape;
        if let Some(preparation) = self.preparation(step).filter(|_| shape.is_new()) {
            details["preparation"] = preparation.clone();
            brief["preparation"] = preparation;
        }
        Change {
            scope: "step",
            status,
            brief,
            details: Some(details),
        }
    }

    fn job_change(&self, workflow: &Workflow, step: &Step, job: &Job) -> Change {
        let status = job.status(self.now);
        let mut brief = json!({
            "$type": "job",
            "workflowId": workflow.id,
            "stepName": step.template.name,
            "jobId": job.id,
            "status": status.as_str(),
        });
        put(
            &mut brief,
            "progress",
            job.progress(self.now).map(Value::from),
        );
        if let Some(end) = &job.end {
            put(&mut brief, "reason", end.reason.clone().map(Value::from));
            put(
                &mut brief,
                "blockedReason",
                end.blocked.clone().map(Value::from),
            );
        }
        Change {
            scope: "job",
            status,
            brief,
            details: None,
        }
    }

    /// What a detailed event tells of a step: its type is no part of it.
    fn result_of(&self, workflow: &Workflow, step: &Step) -> Value {
        let mut details = json!({
            "metadata": self.shown_metadata(step),
            "input": step.template.input,
        });
        put(
            &mut details,
            "startedAt",
            step.started().map(|at| self.date(at).into()),
        );
        let end = step.end.as_ref().map(|end| self.date(end.at).into());
        put(&mut details, "completedAt", end);
        put(
            &mut details,
            "output",
            self.shown_output(workflow, step, false),
        );
        details
    }
}
