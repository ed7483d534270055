//! Steps whose models are not loaded: they wait, pay to wait less, and run once all is there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::air::is_air;
use crate::problem::Problem;

use super::mention::mentioned;
use super::shelf::{Arrival, Waiter};
use super::state::Orchestrator;
use super::template::{Priority, Template};
use super::view::put;
use super::wallet::Currency;
use super::workflow::{Step, Workflow};

/// Buzz of each account that is to be moved.
pub(crate) type Parts = Vec<(Currency, u64)>;

impl Orchestrator {
    /// The models that a step names and no worker holds; all that are there count as used.
    pub(super) fn ask_for_models(&mut self, workflow: usize, index: usize) -> BTreeSet<String> {
        let whole = &self.workflows[workflow];
        let lane = whole.template.download_priority;
        let input = &whole.steps[index].resolved;
        let used = mentioned(input, &|text| text.starts_with("urn:air:") && is_air(text));
        for air in used {
            if !self.settings.uncovered.contains(air) {
                self.shelf.hold(air);
            }
        }
        let missing = self.shelf.missing(input);
        for air in &missing {
            let lane = lane.unwrap_or(Priority::Normal);
            self.shelf.want(air, lane, (workflow, index), self.now);
        }
        missing.into_iter().collect()
    }

    /// Takes in the models that have arrived, and lets steps run that waited for nothing else.
    pub(super) fn take_models_in(&mut self) {
        for (workflow, index) in self.shelf.arrive(self.now) {
            self.touched.insert(workflow);
            let step = &self.workflows[workflow].steps[index];
            if !step.is_over() && self.arrivals(step).is_empty() {
                self.line_up_all(workflow, index);
            }
        }
    }

    /// What a step waits for, the one that holds it up longest first.
    pub(super) fn arrivals(&self, step: &Step) -> Vec<Arrival> {
        if step.is_over() {
            return Vec::new();
        }
        let arrivals = step.models.iter();
        let mut arrivals: Vec<Arrival> = arrivals
            .filter_map(|air| self.shelf.arrival(air, self.now))
            .collect();
        arrivals.sort_by_key(|arrival| std::cmp::Reverse(arrival.eta));
        arrivals
    }

    /// What a step waits for as replies show it; nothing where it waits for nothing.
    pub(super) fn preparation(&self, step: &Step) -> Option<Value> {
        let arrivals = self.arrivals(step);
        let views: Vec<Value> = arrivals.iter().map(preparation_view).collect();
        (!views.is_empty()).then(|| views.into())
    }

    /// The share of all bytes that are there of what a step waits for.
    pub(super) fn prepared(&self, step: &Step) -> Option<f64> {
        let arrivals = self.arrivals(step);
        let whole: f64 = arrivals.iter().map(|one| one.size as f64).sum();
        let there = |one: &Arrival| one.progress.unwrap_or(0.0) * one.size as f64;
        let there: f64 = arrivals.iter().map(there).sum();
        (!arrivals.is_empty()).then(|| there / whole.max(1.0))
    }

    /// What the lane that a workflow asks for costs at its submission.
    pub(super) fn boost_of(&self, template: &Template) -> u64 {
        if template.download_priority != Some(Priority::High) {
            return 0;
        }
        let missing = template.steps.iter().map(|step| &step.input);
        let missing: BTreeSet<String> = missing.flat_map(|i| self.shelf.missing(i)).collect();
        self.shelf.boost_price(missing.iter())
    }

    /// What it costs to change the lane of a workflow, and what pays for it; nothing pays where the
    /// accounts hold less.
    pub(super) fn price_of_lane(
        &self,
        workflow: &Workflow,
        lane: Priority,
    ) -> (u64, Option<Parts>) {
        let had = workflow.template.download_priority == Some(Priority::High);
        let price = if lane == Priority::High && !had {
            self.shelf.boost_price(self.awaited_by(workflow).iter())
        } else {
            0
        };
        (
            price,
            self.wallet().split(price, &workflow.template.payers()),
        )
    }

    /// Loads what a workflow waits for in another lane; a slower one changes nothing for what is on
    /// its way.
    ///
    /// # Errors
    ///
    /// Fails where the accounts hold less than it costs.
    pub(super) fn change_lane(&mut self, number: usize, lane: Priority) -> Result<(), Problem> {
        let workflow = &self.workflows[number];
        let (price, parts) = self.price_of_lane(workflow, lane);
        let Some(parts) = parts else {
            let detail = format!("The faster download costs {price} Buzz, and there is less.");
            return Err(Problem::field("downloadPriority", detail));
        };
        let steps = 0..workflow.steps.len();
        let waits: Vec<(Waiter, String)> = steps
            .flat_map(|step| {
                let arrivals = self.arrivals(&workflow.steps[step]);
                arrivals
                    .into_iter()
                    .map(move |one| ((number, step), one.air))
            })
            .collect();
        for (currency, amount) in parts {
            self.move_buzz(number, currency, amount, false);
        }
        for (waiter, air) in waits {
            self.shelf.want(&air, lane, waiter, self.now);
        }
        let workflow = &mut self.workflows[number];
        workflow.cost.boost += price;
        workflow.template.download_priority = Some(lane);
        self.touched.insert(number);
        Ok(())
    }

    /// The models that steps of a workflow wait for or will have to.
    fn awaited_by(&self, workflow: &Workflow) -> BTreeSet<String> {
        let steps = workflow.steps.iter().filter(|step| !step.is_over());
        let inputs = steps.map(|step| &step.template.input);
        inputs.flat_map(|input| self.shelf.missing(input)).collect()
    }
}

fn preparation_view(arrival: &Arrival) -> Value {
    let seconds = |time: std::time::Duration| time.as_secs_f64().ceil() as u64;
    let mut view = json!({
        "resource": arrival.air,
        "sizeBytes": arrival.size,
        "lane": arrival.lane.as_str(),
        "etaSeconds": seconds(arrival.eta),
    });
    match arrival.progress {
        Some(progress) => {
            view["progress"] = progress.into();
            view["bytesPerSecond"] = arrival.rate.into();
        }
        None => view["queuePosition"] = arrival.position.into(),
    }
    let boosted = arrival.boosted_eta.map(|eta| seconds(eta).into());
    put(&mut view, "boostedEtaSeconds", boosted);
    put(&mut view, "rateLimitBytesPerSecond", arrival.ceiling());
    view
}

impl Arrival {
    /// The ceiling of its lane, which `high` has none of.
    pub(super) fn ceiling(&self) -> Option<Value> {
        (self.lane != Priority::High).then(|| (self.rate as u64).into())
    }
}
