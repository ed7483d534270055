//! Steps whose models are not loaded: they wait, pay to wait less, and run once all is there.

use std::collections::BTreeSet;

use crate::core::air::is_air;
use crate::core::problem::Problem;

use super::arrival::arrivals;
use super::enqueue::line_up_all;
use super::mention::mentioned;
use super::models::Waiter;
use super::price::price_of_lane;
use super::settle::move_buzz;
use super::state::State;
use super::template::Priority;

/// The models that a step names and no worker holds; all that are there count as used.
pub(super) fn ask_for_models(state: &mut State, workflow: usize, index: usize) -> BTreeSet<String> {
    let lane = state.store.workflow(workflow).template().download_priority;
    let input = state.store.step(workflow, index).resolved();
    let used = mentioned(input, &|text| text.starts_with("urn:air:") && is_air(text));
    for air in used {
        if !state.setup.uncovered.contains(air) {
            state.models.hold(air);
        }
    }
    let missing = state.models.missing(input);
    for air in &missing {
        let lane = lane.unwrap_or(Priority::Normal);
        state.models.want(air, lane, (workflow, index), state.now);
    }
    missing.into_iter().collect()
}

/// Takes in the models that have arrived, and lets steps run that waited for nothing else.
pub(super) fn take_models_in(state: &mut State) {
    for (workflow, index) in state.models.arrive(state.now) {
        state.store.mark_changed(workflow);
        let step = state.store.step(workflow, index);
        if !step.is_over() && arrivals(state, step).is_empty() {
            line_up_all(state, workflow, index);
        }
    }
}

/// Loads what a workflow waits for in another lane; a slower one changes nothing for what is on its way.
///
/// # Errors
///
/// Fails where the accounts hold less than it costs.
pub(super) fn change_lane(state: &mut State, number: usize, lane: Priority) -> Result<(), Problem> {
    let workflow = state.store.workflow(number);
    let (price, parts) = price_of_lane(state, workflow, lane);
    let Some(parts) = parts else {
        let detail = format!("The faster download costs {price} Buzz, and there is less.");
        return Err(Problem::field("downloadPriority", detail));
    };
    let mut waits: Vec<(Waiter, String)> = Vec::new();
    for (index, step) in workflow.steps().iter().enumerate() {
        let arrivals = arrivals(state, step).into_iter();
        waits.extend(arrivals.map(|one| ((number, index), one.air)));
    }
    for (waiter, air) in waits {
        state.models.want(&air, lane, waiter, state.now);
    }
    let workflow = state.store.edit(number);
    for (currency, amount) in parts {
        move_buzz(workflow, &mut state.wallet, currency, amount, false);
    }
    workflow.set_lane(lane, price);
    Ok(())
}
