//! Time goes on: models arrive, workers take jobs, jobs end.

use std::time::Duration;

use super::enqueue::add_job;
use super::events::emit;
use super::line::JobRef;
use super::marks::files;
use super::prepare::take_models_in;
use super::state::{Due, State};
use super::status::Status;
use super::step_run::{end_step, succeed};

/// Lets everything happen that is due by `now`, in order.
pub(crate) fn advance(state: &mut State, now: Duration) {
    while let Some(at) = state.next_change().filter(|at| *at <= now) {
        state.now = state.now.max(at);
        take_models_in(state);
        while let Some(job) = state.line.finish(at) {
            end_job(state, job);
        }
        while let Some((_, due)) = state.agenda.take_due(at) {
            run_due(state, due);
        }
        while let Some(job) = state.line.claim(at) {
            start_job(state, job, at);
        }
        emit(state);
    }
    state.now = state.now.max(now);
}

fn run_due(state: &mut State, due: Due) {
    match due {
        Due::Turn { workflow } => state.store.mark_changed(workflow),
        Due::Timeout { workflow, step } => {
            let reason = Some("timeout".to_owned());
            end_step(state, workflow, step, Status::Expired, reason);
        }
        Due::Item { workflow, step } => grow(state, workflow, step),
    }
}

/// Adds one more item to the list of a step that grows.
fn grow(state: &mut State, workflow: usize, index: usize) {
    let mut made = Vec::new();
    if let Some(item) = state.store.edit_step(workflow, index).grow() {
        files(item, &mut made);
    }
    state.blobs.publish(&made, state.now);
}

fn start_job(state: &mut State, job: JobRef, at: Duration) {
    let step = state.store.edit_step(job.workflow, job.step);
    step.edit_job(job.place).start(at);
    if step.template().kind().grows.is_none() {
        return;
    }
    let work = step.jobs()[job.place].order().work;
    let units = step.template().kind().units(step.resolved());
    for unit in 1..=units {
        let due = Due::Item {
            workflow: job.workflow,
            step: job.step,
        };
        state.agenda.add(at + work * unit / units, due);
    }
}

/// Ends a job that its worker is through with: its step is tried again, fails, or may be done.
fn end_job(state: &mut State, job: JobRef) {
    let JobRef {
        workflow,
        step: index,
        ..
    } = job;
    let step = state.store.edit_step(workflow, index);
    step.edit_job(job.place).finish(state.now);
    let ended = step.jobs()[job.place].order();
    match &ended.failure {
        Some(_) if ended.attempt < step.template().retries => {
            let (share, attempt) = (ended.share, ended.attempt);
            add_job(state, workflow, index, share, attempt + 1);
        }
        Some(reason) => {
            let reason = Some(reason.clone());
            end_step(state, workflow, index, Status::Failed, reason);
        }
        None if step.is_done() => succeed(state, workflow, index),
        None => {}
    }
}
