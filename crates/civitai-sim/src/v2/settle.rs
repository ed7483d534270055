//! Ends and money: results are released or withheld, and what was not delivered is paid back.

use axum::http::StatusCode;

use crate::problem::Problem;

use super::maturity::Maturity;
use super::output::files;
use super::state::Orchestrator;
use super::status::Status;
use super::wallet::Currency;
use super::workflow::{Charge, Step};

impl Orchestrator {
    /// Ends a step whose jobs have all succeeded, unless mature content must be paid and cannot.
    pub(super) fn succeed(&mut self, workflow: usize, index: usize) {
        let mut made = Vec::new();
        files(&self.workflows[workflow].steps[index].output, &mut made);
        let mature = self.is_mature(&made);
        let whole = &self.workflows[workflow];
        let upgrades = mature && !whole.allows_mature() && whole.template.upgrades;
        if upgrades && self.upgrade(workflow).is_err() {
            let reason = Some("insufficientBuzz".to_owned());
            return self.end_step(workflow, index, Status::Failed, reason);
        }
        self.publish(&made);
        let blocked = made
            .iter()
            .find_map(|id| self.blobs.get(id)?.blocked.clone());
        for job in &mut self.workflows[workflow].steps[index].jobs {
            if let Some(end) = &mut job.end {
                end.blocked.clone_from(&blocked);
            }
        }
        self.end_step(workflow, index, Status::Succeeded, None);
    }

    /// Lets mature content through: what other Buzz has paid is given back and yellow Buzz charged.
    ///
    /// # Errors
    ///
    /// Fails where there is not enough yellow Buzz.
    pub(super) fn upgrade(&mut self, workflow: usize) -> Result<(), Problem> {
        let paid = self.workflows[workflow].paid();
        let other = paid.iter().filter(|(one, _)| *one != Currency::Yellow);
        let amount = other.clone().map(|(_, amount)| amount).sum::<u64>();
        if self.wallet.balance(Currency::Yellow) < amount {
            let detail = format!("Mature content costs {amount} yellow Buzz, and there is less.");
            return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
        }
        for (currency, amount) in other {
            self.move_buzz(workflow, *currency, *amount, true);
        }
        if amount > 0 {
            self.move_buzz(workflow, Currency::Yellow, amount, false);
        }
        self.workflows[workflow].template.allow_mature = Some(true);
        Ok(())
    }

    /// Ends a workflow once all its steps have, and gives back what they did not deliver.
    pub(super) fn finish(&mut self, workflow: usize) {
        let whole = &mut self.workflows[workflow];
        if whole.is_over() || !whole.steps.iter().all(Step::is_over) {
            return;
        }
        whole.ended = Some(self.now);
        let steps = &whole.steps;
        let mut owed = whole.cost.owed(|step| steps[step].succeeded());
        // What was drawn last is given back first.
        for (currency, amount) in whole.paid().into_iter().rev() {
            let amount = amount.min(owed);
            if amount > 0 {
                self.move_buzz(workflow, currency, amount, true);
                owed -= amount;
            }
        }
    }

    /// Stops everything of a workflow that has not ended.
    pub(crate) fn cancel(&mut self, workflow: usize) {
        for step in 0..self.workflows[workflow].steps.len() {
            self.end_step(
                workflow,
                step,
                Status::Canceled,
                Some("canceled".to_owned()),
            );
        }
        self.tell();
    }

    /// Stops a workflow and forgets it and its files.
    pub(crate) fn delete(&mut self, workflow: usize) {
        self.cancel(workflow);
        self.workflows[workflow].deleted = true;
        let is_its = |maker: &Option<(usize, String)>| {
            maker.as_ref().is_some_and(|(maker, _)| *maker == workflow)
        };
        self.blobs.retain(|_, blob| !is_its(&blob.maker));
    }

    fn is_mature(&self, files: &[String]) -> bool {
        let level = |id| self.blobs.get(id)?.level;
        files
            .iter()
            .filter_map(|id| level(id.as_str()))
            .any(Maturity::is_mature)
    }

    /// Charges or gives back Buzz for a workflow.
    pub(super) fn move_buzz(
        &mut self,
        workflow: usize,
        currency: Currency,
        amount: u64,
        refund: bool,
    ) {
        let whole = &mut self.workflows[workflow];
        let owner = whole.id.clone().unwrap_or_default();
        let id = format!("{owner}-{}", whole.charges.len());
        whole.charges.push(Charge {
            id,
            currency,
            amount,
            refund,
        });
        if refund {
            self.wallet.refund(&owner, currency, amount);
        } else {
            self.wallet.charge(&owner, currency, amount);
        }
    }
}
