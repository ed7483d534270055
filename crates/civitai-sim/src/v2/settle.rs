//! Buzz that moves for a workflow after its submission.

use axum::http::StatusCode;

use crate::core::problem::Problem;

use super::wallet::{Currency, Wallet};
use super::workflow::Workflow;

/// Lets mature content through: what other Buzz has paid is given back and yellow Buzz charged.
///
/// # Errors
///
/// Fails where there is not enough yellow Buzz.
pub(super) fn upgrade(workflow: &mut Workflow, wallet: &mut Wallet) -> Result<(), Problem> {
    let paid = workflow.paid().into_iter();
    let other: Vec<_> = paid.filter(|(one, _)| *one != Currency::Yellow).collect();
    let amount = other.iter().map(|(_, amount)| amount).sum::<u64>();
    if wallet.balance(Currency::Yellow) < amount {
        let detail = format!("Mature content costs {amount} yellow Buzz, and there is less.");
        return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
    }
    for (currency, amount) in other {
        move_buzz(workflow, wallet, currency, amount, true);
    }
    if amount > 0 {
        move_buzz(workflow, wallet, Currency::Yellow, amount, false);
    }
    workflow.allow_mature(true);
    Ok(())
}

/// Gives back what a workflow that has ended did not deliver.
pub(super) fn give_back(workflow: &mut Workflow, wallet: &mut Wallet) {
    let steps = workflow.steps();
    let mut owed = workflow.order().cost.owed(|step| steps[step].succeeded());
    // What was drawn last is given back first.
    for (currency, amount) in workflow.paid().into_iter().rev() {
        let amount = amount.min(owed);
        if amount > 0 {
            move_buzz(workflow, wallet, currency, amount, true);
            owed -= amount;
        }
    }
}

/// Charges or gives back Buzz for a workflow.
pub(super) fn move_buzz(
    workflow: &mut Workflow,
    wallet: &mut Wallet,
    currency: Currency,
    amount: u64,
    refund: bool,
) {
    let owner = workflow.note_charge(currency, amount, refund);
    if refund {
        wallet.refund(owner, currency, amount);
    } else {
        wallet.charge(owner, currency, amount);
    }
}
