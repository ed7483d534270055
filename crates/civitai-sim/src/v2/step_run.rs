//! Steps: they start when what they refer to is there, and end with what their jobs made.

use std::iter;

use serde_json::Value;

use super::enqueue::{add_job, plan_step};
use super::job::End;
use super::marks::files;
use super::maturity::Maturity;
use super::merge::merge;
use super::prepare::ask_for_models;
use super::reference::{self, ARGUMENTS};
use super::settle::{give_back, upgrade};
use super::state::{Due, State};
use super::status::Status;
use super::step_view::step_view;

/// Starts every step that waits for nothing more.
pub(super) fn activate(state: &mut State, workflow: usize) {
    let steps = state.store.workflow(workflow).steps();
    let ready = |index: &usize| {
        let mut needs = steps[*index].template().needs.iter();
        steps[*index].is_waiting() && needs.all(|need| steps[*need].succeeded())
    };
    let ready: Vec<usize> = (0..steps.len()).filter(ready).collect();
    for step in ready {
        activate_step(state, workflow, step);
    }
}

fn activate_step(state: &mut State, workflow: usize, index: usize) {
    let resolved = resolved_input(state, workflow, index);
    let step = state.store.edit_step(workflow, index);
    step.activate(state.now);
    match resolved {
        Ok(input) => step.resolve(input),
        Err(reason) => return end_step(state, workflow, index, Status::Failed, Some(reason)),
    }
    let (kind, timeout) = (step.template().kind(), step.template().timeout);
    let units = kind.units(step.resolved());
    let shares = if kind.fan_out { units } else { 1 };
    if let Some(timeout) = timeout {
        let due = Due::Timeout {
            workflow,
            step: index,
        };
        state.agenda.add(state.now + timeout, due);
    }
    let models = ask_for_models(state, workflow, index);
    let is_ready = models.is_empty();
    state.store.edit_step(workflow, index).await_models(models);
    for share in 0..shares {
        let share = usize::try_from(share).unwrap_or(0);
        add_job(state, workflow, index, share, 0);
    }
    if is_ready {
        plan_step(state, workflow, index);
    }
}

/// The input of a step with what its references lead to.
fn resolved_input(state: &State, workflow: usize, index: usize) -> Result<Value, String> {
    let whole = state.store.workflow(workflow);
    let (steps, template) = (whole.steps(), whole.steps()[index].template());
    if template.kind().verbatim {
        return Ok(template.input.clone());
    }
    let source = |source: &str| {
        if source == ARGUMENTS {
            return Some(Value::Object(whole.template().arguments.clone()));
        }
        let is_named = |index: &usize| steps[*index].template().name == source;
        let named = (0..steps.len()).find(is_named);
        let place = named.or_else(|| source.strip_prefix('$')?.parse().ok())?;
        Some(step_view(state, whole, steps.get(place)?, false))
    };
    if template.kind().merges {
        return merge(&template.input, &source);
    }
    reference::resolve(&template.input, &source)
}

/// Ends a step whose jobs have all succeeded, unless mature content must be paid and cannot.
pub(super) fn succeed(state: &mut State, workflow: usize, index: usize) {
    let mut made = Vec::new();
    files(state.store.step(workflow, index).output(), &mut made);
    let blobs = made.iter().filter_map(|id| state.blobs.get(id));
    let mature = blobs
        .clone()
        .filter_map(|blob| blob.level)
        .any(Maturity::is_mature);
    let blocked = blobs.clone().find_map(|blob| blob.blocked.clone());
    let whole = state.store.edit(workflow);
    let upgrades = mature && !whole.allows_mature() && whole.template().upgrades;
    if upgrades && upgrade(whole, &mut state.wallet).is_err() {
        let reason = Some("insufficientBuzz".to_owned());
        return end_step(state, workflow, index, Status::Failed, reason);
    }
    whole.edit_step(index).block(blocked.as_ref());
    state.blobs.publish(&made, state.now);
    end_step(state, workflow, index, Status::Succeeded, None);
}

/// Ends a step, whatever its jobs are at; what refers to it is canceled unless it succeeded.
pub(super) fn end_step(
    state: &mut State,
    workflow: usize,
    index: usize,
    status: Status,
    reason: Option<String>,
) {
    if state.store.step(workflow, index).is_over() {
        return;
    }
    let end = End {
        status,
        at: state.now,
        reason,
        blocked: None,
    };
    for job in state.store.edit_step(workflow, index).close(end) {
        state.line.remove(job);
    }
    if status == Status::Succeeded {
        activate(state, workflow);
    } else {
        cancel_waiting(state, workflow, index);
    }
    let whole = state.store.edit(workflow);
    if whole.finish(state.now) {
        give_back(whole, &mut state.wallet);
    }
}

/// Cancels the steps that wait for one that did not succeed.
fn cancel_waiting(state: &mut State, workflow: usize, index: usize) {
    let steps = state.store.workflow(workflow).steps();
    let reason = format!(
        "The step `{}` did not succeed.",
        steps[index].template().name
    );
    let waits = |step: &usize| steps[*step].template().needs.contains(&index);
    let waiting: Vec<usize> = (0..steps.len()).filter(waits).collect();
    for (step, reason) in waiting.into_iter().zip(iter::repeat(reason)) {
        end_step(state, workflow, step, Status::Canceled, Some(reason));
    }
}
