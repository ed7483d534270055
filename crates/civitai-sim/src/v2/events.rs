//! Events: what callbacks are told, and in which order.

use serde_json::{Value, json};

use crate::core::reply::put;

use super::arrival::preparation;
use super::job::Job;
use super::outbox::Notice;
use super::output::shown_output;
use super::state::State;
use super::status::Status;
use super::step::Step;
use super::step_view::{shown_metadata, shown_progress};
use super::workflow::Workflow;

/// A change of state to tell.
struct Change {
    scope: &'static str,
    status: Status,
    brief: Value,
    details: Option<Value>,
}

/// Tells callbacks what has changed in every workflow since they were told last.
pub(crate) fn emit(state: &mut State) {
    let (disorder, seed) = (state.settings.disorder, state.setup.seed);
    for number in state.store.take_changed() {
        let changes = changes(state, number);
        state.store.mark_told(number, state.now);
        let workflow = state.store.workflow(number);
        for callback in &workflow.template().callbacks {
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
                let notice = Notice {
                    workflow: number,
                    url: callback.url.clone(),
                    body,
                    due: state.now,
                    attempts: 0,
                };
                state.outbox.send(notice, disorder, seed);
            }
        }
        if workflow.is_over() {
            state.outbox.end(number);
        }
    }
}

/// What has changed since callbacks were told last: jobs first, then steps, then the whole.
fn changes(state: &State, number: usize) -> Vec<Change> {
    let workflow = state.store.workflow(number);
    if workflow.template().callbacks.is_empty() {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for step in workflow.steps() {
        let jobs = step.jobs().iter().filter(|job| job.is_news(state.now));
        changes.extend(jobs.map(|job| job_change(state, workflow, step, job)));
        if step.is_news(state.now) {
            changes.push(step_change(state, workflow, step));
        }
    }
    if workflow.is_news(state.now) {
        changes.push(workflow_change(state, workflow));
    }
    changes
}

fn workflow_change(state: &State, workflow: &Workflow) -> Change {
    let status = workflow.status(state.now);
    let steps = workflow.steps().iter().zip(&workflow.order().cost.steps);
    let steps: Vec<Value> = steps
        .map(|(step, cost)| {
            let mut details = result_of(state, workflow, step);
            details["name"] = step.template().name.as_str().into();
            details["status"] = step.status(state.now).as_str().into();
            details["cost"] = (*cost).into();
            details
        })
        .collect();
    let mut details = json!({
        "metadata": workflow.template().metadata,
        "arguments": workflow.template().arguments,
        "createdAt": state.date_text(workflow.order().created),
        "steps": steps,
    });
    put(
        &mut details,
        "startedAt",
        workflow.started().map(|at| state.date_text(at).into()),
    );
    put(
        &mut details,
        "completedAt",
        workflow.ended().map(|at| state.date_text(at).into()),
    );
    Change {
        scope: "workflow",
        status,
        brief: json!({
            "$type": "workflow",
            "workflowId": workflow.id(),
            "status": status.as_str(),
            "timestamp": state.date_text(state.now),
        }),
        details: Some(details),
    }
}

fn step_change(state: &State, workflow: &Workflow, step: &Step) -> Change {
    let status = step.status(state.now);
    let mut details = result_of(state, workflow, step);
    let again = step
        .jobs()
        .iter()
        .map(|job| job.order().attempt)
        .max()
        .unwrap_or(0);
    details["retries"] = again.into();
    let progress = shown_progress(state, step).map(Value::from);
    put(&mut details, "estimatedProgressRate", progress);
    let mut brief = json!({
        "$type": "step",
        "workflowId": workflow.id(),
        "name": step.template().name,
        "status": status.as_str(),
    });
    let shape = state.settings.shape;
    if let Some(preparation) = preparation(state, step).filter(|_| shape.is_new()) {
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

fn job_change(state: &State, workflow: &Workflow, step: &Step, job: &Job) -> Change {
    let status = job.status(state.now);
    let mut brief = json!({
        "$type": "job",
        "workflowId": workflow.id(),
        "stepName": step.template().name,
        "jobId": job.order().id,
        "status": status.as_str(),
    });
    put(
        &mut brief,
        "progress",
        job.progress(state.now).map(Value::from),
    );
    if let Some(end) = job.end() {
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
fn result_of(state: &State, workflow: &Workflow, step: &Step) -> Value {
    let mut details = json!({
        "metadata": shown_metadata(state, step),
        "input": step.template().input,
    });
    put(
        &mut details,
        "startedAt",
        step.started().map(|at| state.date_text(at).into()),
    );
    let end = step.end().map(|end| state.date_text(end.at).into());
    put(&mut details, "completedAt", end);
    put(
        &mut details,
        "output",
        shown_output(state, workflow, step, false),
    );
    details
}
