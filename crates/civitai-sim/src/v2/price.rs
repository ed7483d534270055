//! What a workflow costs if it is submitted now.

use std::collections::BTreeSet;

use crate::core::rule::Rule;

use super::cost::Cost;
use super::state::State;
use super::template::{Priority, StepTemplate, Template};
use super::wallet::Currency;
use super::workflow::Workflow;

/// Buzz of each account that is to be moved.
pub(crate) type Parts = Vec<(Currency, u64)>;

/// What a workflow costs if it is submitted now.
pub(crate) fn price(state: &State, template: &Template) -> Cost {
    let mut cost = Cost::of(template);
    let share = |step: &StepTemplate| {
        let submission = step.submission(&step.input, &step.metadata, 0);
        let share = Rule::first(&state.settings.bills, &submission)?;
        Some(share.clamp(0.0, 1.0))
    };
    cost.shares = template.steps.iter().map(share).collect();
    cost.boost = price_of_boost(state, template);
    cost
}

/// What the lane that a workflow asks for costs at its submission.
fn price_of_boost(state: &State, template: &Template) -> u64 {
    if template.download_priority != Some(Priority::High) {
        return 0;
    }
    let inputs = template.steps.iter().map(|step| &step.input);
    let missing: BTreeSet<String> = inputs.flat_map(|i| state.models.missing(i)).collect();
    state.models.boost_price(missing.iter())
}

/// What it costs to change the lane of a workflow, and what pays for it; nothing pays where the accounts
/// hold less.
pub(crate) fn price_of_lane(
    state: &State,
    workflow: &Workflow,
    lane: Priority,
) -> (u64, Option<Parts>) {
    let template = workflow.template();
    let had = template.download_priority == Some(Priority::High);
    let price = if lane == Priority::High && !had {
        state.models.boost_price(awaited_by(state, workflow).iter())
    } else {
        0
    };
    (price, state.wallet.split(price, &template.payers()))
}

/// The models that steps of a workflow wait for or will have to.
fn awaited_by(state: &State, workflow: &Workflow) -> BTreeSet<String> {
    let steps = workflow.steps().iter().filter(|step| !step.is_over());
    let inputs = steps.map(|step| &step.template().input);
    inputs
        .flat_map(|input| state.models.missing(input))
        .collect()
}
