//! Workflows: what was accepted, what was paid, and where each stands at an instant.

use std::time::Duration;

use serde_json::{Map, Value};

use super::cost::Cost;
use super::status::Status;
use super::step::Step;
use super::template::{Priority, Template};
use super::wallet::Currency;

/// A workflow that was accepted or priced. All instants count from the start of the simulation.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Workflow {
    order: Order,
    steps: Vec<Step>,
    ended: Option<Duration>,
    deleted: bool,
    /// What callbacks were told last.
    told: Option<Status>,
}

/// What was decided about a workflow when it came, as far as updates have not changed it.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Order {
    /// Nothing for one that was only priced.
    pub(crate) id: Option<String>,
    pub(crate) template: Template,
    pub(crate) cost: Cost,
    pub(crate) charges: Vec<Charge>,
    /// Whether the account lacked what a priced workflow would cost.
    pub(crate) lacks_buzz: bool,
    pub(crate) created: Duration,
    /// Run by a recipe, so that no list shows it.
    pub(crate) hidden: bool,
}

/// Buzz that moved for a workflow.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Charge {
    pub(crate) id: String,
    pub(crate) currency: Currency,
    pub(crate) amount: u64,
    pub(crate) refund: bool,
}

impl Workflow {
    pub(crate) fn new(mut order: Order) -> Self {
        // Each step keeps its own part of the template.
        let steps = std::mem::take(&mut order.template.steps).into_iter();
        Self {
            steps: steps.map(Step::new).collect(),
            order,
            ended: None,
            deleted: false,
            told: None,
        }
    }

    pub(crate) fn order(&self) -> &Order {
        &self.order
    }

    /// Nothing for one that was only priced.
    pub(crate) fn id(&self) -> Option<&str> {
        self.order.id.as_deref()
    }

    pub(crate) fn template(&self) -> &Template {
        &self.order.template
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(crate) fn status(&self, now: Duration) -> Status {
        Status::of_parts(self.steps.iter().map(|step| step.status(now)))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    pub(crate) fn ended(&self) -> Option<Duration> {
        self.ended
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.deleted
    }

    pub(crate) fn started(&self) -> Option<Duration> {
        self.steps.iter().filter_map(Step::started).min()
    }

    /// Whether results with mature content may be shown: as was said, or else by what paid.
    pub(crate) fn allows_mature(&self) -> bool {
        self.order.template.allow_mature.unwrap_or_else(|| {
            let charges = self.order.charges.iter().filter(|charge| !charge.refund);
            charges
                .map(|charge| charge.currency)
                .all(|currency| currency == Currency::Yellow)
        })
    }

    /// What was charged and not given back, by account.
    pub(crate) fn paid(&self) -> Vec<(Currency, u64)> {
        let paid = Currency::ALL.map(|currency| {
            let of = |refund| {
                let moved = self
                    .order
                    .charges
                    .iter()
                    .filter(|charge| charge.currency == currency && charge.refund == refund);
                moved.map(|charge| charge.amount).sum::<u64>()
            };
            (currency, of(false).saturating_sub(of(true)))
        });
        paid.into_iter().filter(|(_, amount)| *amount > 0).collect()
    }

    /// Whether callbacks were not told yet how it stands.
    pub(crate) fn is_news(&self, now: Duration) -> bool {
        self.told != Some(self.status(now))
    }

    pub(super) fn mark_told(&mut self, now: Duration) {
        self.told = Some(self.status(now));
        self.steps.iter_mut().for_each(|step| step.mark_told(now));
    }

    /// A step that is about to change.
    pub(super) fn edit_step(&mut self, index: usize) -> &mut Step {
        &mut self.steps[index]
    }

    pub(super) fn set_metadata(&mut self, metadata: Map<String, Value>) {
        self.order.template.metadata = metadata;
    }

    pub(super) fn set_tags(&mut self, tags: Vec<String>) {
        self.order.template.tags = tags;
    }

    pub(super) fn allow_mature(&mut self, allow: bool) {
        self.order.template.allow_mature = Some(allow);
    }

    /// Loads its models in another lane, which has a price.
    pub(super) fn set_lane(&mut self, lane: Priority, price: u64) {
        self.order.template.download_priority = Some(lane);
        self.order.cost.boost += price;
    }

    /// Notes Buzz that has moved, under an id of its own; returns the id of the workflow.
    pub(super) fn note_charge(&mut self, currency: Currency, amount: u64, refund: bool) -> &str {
        let owner = self.order.id.as_deref().unwrap_or_default();
        self.order.charges.push(Charge {
            id: format!("{owner}-{}", self.order.charges.len()),
            currency,
            amount,
            refund,
        });
        owner
    }

    /// Ends it once all its steps have; returns whether that is now.
    pub(super) fn finish(&mut self, now: Duration) -> bool {
        let ends = !self.is_over() && self.steps.iter().all(Step::is_over);
        if ends {
            self.ended = Some(now);
        }
        ends
    }

    pub(super) fn delete(&mut self) {
        self.deleted = true;
    }
}
