//! Steps and jobs as replies show them, in the shape that the service has.

use serde_json::{Value, json};

use crate::core::reply::put;
use crate::core::time_span::clock_text;

use super::arrival::{preparation, prepared};
use super::job::Job;
use super::output::{errors, shown_output};
use super::state::State;
use super::step::Step;
use super::warnings::warnings;
use super::workflow::Workflow;

pub(crate) fn step_view(state: &State, workflow: &Workflow, step: &Step, hide: bool) -> Value {
    let mut view = json!({
        "$type": step.template().step_type,
        "name": step.template().name,
        "priority": step.template().priority.as_str(),
        "retries": step.template().retries,
        "status": step.status(state.now).as_str(),
        "metadata": shown_metadata(state, step),
        "input": step.template().input,
    });
    let timeout = step.template().timeout;
    put(
        &mut view,
        "timeout",
        timeout.map(|timeout| clock_text(timeout).into()),
    );
    let started = step.started().map(|at| state.date_text(at).into());
    put(&mut view, "startedAt", started);
    let end = step.end().map(|end| state.date_text(end.at).into());
    put(&mut view, "completedAt", end);
    let progress = shown_progress(state, step).map(Value::from);
    put(&mut view, "estimatedProgressRate", progress);
    put(
        &mut view,
        "output",
        shown_output(state, workflow, step, hide),
    );
    let shape = state.settings.shape;
    if shape.is_old() {
        let jobs = step.jobs().iter().map(|job| job_view(state, job));
        view["jobs"] = jobs.collect();
    }
    if shape.is_new() {
        put(&mut view, "queuePosition", step_place(state, step));
        put(&mut view, "preparation", preparation(state, step));
        put(
            &mut view,
            "warnings",
            warnings(state, &step.template().input),
        );
    }
    view
}

/// The share that is done: of the models while it waits for some, then of the work.
pub(super) fn shown_progress(state: &State, step: &Step) -> Option<f64> {
    prepared(state, step).or_else(|| step.progress(state.now))
}

/// What the caller gave, and why the step failed.
pub(super) fn shown_metadata(state: &State, step: &Step) -> Value {
    let mut metadata = step.metadata().clone();
    if let Some(errors) = errors(state, step) {
        metadata.entry("errors").or_insert(errors);
    }
    metadata.into()
}

/// The place of the first job of a step that has not started.
fn step_place(state: &State, step: &Step) -> Option<Value> {
    if step.is_over() || step.started().is_some() {
        return None;
    }
    let places = || {
        let jobs = step.jobs().iter();
        jobs.filter_map(|job| Some((state.line.place(job.order().number)?, job.order().work)))
    };
    let first = places().map(|(place, _)| place).min_by_key(|place| {
        let (jobs, start) = (place.preceding_jobs, place.start);
        (jobs, start)
    })?;
    let ends = places().map(|(place, work)| place.start + work);
    Some(json!({
        "support": "available",
        "precedingJobs": first.preceding_jobs,
        "estimatedStartAt": state.date_text(first.start),
        "estimatedCompleteAt": state.date_text(ends.max().unwrap_or(first.start)),
    }))
}

fn job_view(state: &State, job: &Job) -> Value {
    let mut view = json!({
        "id": job.order().id,
        "status": job.status(state.now).as_str(),
        "cost": job.order().work.as_secs_f64(),
    });
    let started = job.claimed().map(|at| state.date_text(at).into());
    put(&mut view, "startedAt", started);
    let progress = job.progress(state.now).map(Value::from);
    put(&mut view, "estimatedProgressRate", progress);
    if let Some(place) = state.line.place(job.order().number) {
        view["queuePosition"] = json!({
            "support": "available",
            "precedingJobs": place.preceding_jobs,
            "startAt": state.date_text(place.start),
            "completeAt": state.date_text(place.start + job.order().work),
        });
    }
    if let Some(end) = job.end() {
        view["completedAt"] = state.date_text(end.at).into();
        put(&mut view, "reason", end.reason.clone().map(Value::from));
        let blocked = end.blocked.clone().map(Value::from);
        put(&mut view, "blockedReason", blocked);
    }
    view
}
