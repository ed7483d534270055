//! Accepting workflows: paid for, numbered and begun, or only priced.

use axum::http::StatusCode;

use crate::core::problem::Problem;

use super::events::emit;
use super::price::price;
use super::state::{State, USER};
use super::step_run::activate;
use super::template::Template;
use super::warnings::refuse_retired;
use super::workflow::{Charge, Order, Workflow};

/// Accepts a workflow and takes its price; the external id of an earlier one gives that one back.
///
/// # Errors
///
/// Fails where it uses what has retired, and where the accounts hold less than it costs.
pub(crate) fn submit(
    state: &mut State,
    template: Template,
    hidden: bool,
) -> Result<usize, Problem> {
    if let Some(earlier) = state.store.earlier(&template) {
        return Ok(earlier);
    }
    refuse_retired(state, &template)?;
    let cost = price(state, &template);
    let Some(parts) = state.wallet.split(cost.total(), &template.payers()) else {
        let detail = format!(
            "The workflow costs {} Buzz, and the accounts that may pay hold less.",
            cost.total()
        );
        return Err(Problem::new(StatusCode::PAYMENT_REQUIRED, detail));
    };
    let unique = u64::try_from(state.store.next_number()).unwrap_or(u64::MAX);
    let id = format!("{USER}-{}", state.setup.seed.guid("workflow", unique));
    let mut charges = Vec::new();
    for (part, (currency, amount)) in parts.into_iter().enumerate() {
        state.wallet.charge(&id, currency, amount);
        charges.push(Charge {
            id: format!("{id}-{part}"),
            currency,
            amount,
            refund: false,
        });
    }
    let number = state.store.add(Workflow::new(Order {
        id: Some(id),
        template,
        cost,
        charges,
        lacks_buzz: false,
        created: state.now,
        hidden,
    }));
    activate(state, number);
    emit(state);
    Ok(number)
}

/// Prices a workflow. Nothing runs and nothing is paid, but an external id is used up.
///
/// # Errors
///
/// Fails where it uses what has retired.
pub(crate) fn preview(state: &mut State, template: Template) -> Result<usize, Problem> {
    if let Some(earlier) = state.store.earlier(&template) {
        return Ok(earlier);
    }
    refuse_retired(state, &template)?;
    let cost = price(state, &template);
    let parts = state.wallet.split(cost.total(), &template.payers());
    let lacks_buzz = parts.is_none();
    let charges = parts.unwrap_or_default().into_iter();
    let charges = charges.map(|(currency, amount)| Charge {
        id: String::new(),
        currency,
        amount,
        refund: false,
    });
    Ok(state.store.add(Workflow::new(Order {
        id: None,
        template,
        cost,
        charges: charges.collect(),
        lacks_buzz,
        created: state.now,
        hidden: true,
    })))
}
