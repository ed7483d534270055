//! Workflows, their steps and jobs: where each stands at an instant.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value};

use super::path::{Models, Path};
use super::price::Cost;
use super::status::Status;
use super::template::{StepTemplate, Template};
use super::wallet::Currency;

/// A workflow that was accepted or priced. All instants count from the start of the simulation.
#[derive(Debug)]
pub(crate) struct Workflow {
    /// Nothing for one that was only priced.
    pub(crate) id: Option<String>,
    pub(crate) template: Template,
    pub(crate) steps: Vec<Step>,
    pub(crate) cost: Cost,
    pub(crate) charges: Vec<Charge>,
    /// Whether the account lacked what a priced workflow would cost.
    pub(crate) lacks_buzz: bool,
    pub(crate) created: Duration,
    pub(crate) ended: Option<Duration>,
    /// Run by a recipe, so that no list shows it.
    pub(crate) hidden: bool,
    pub(crate) deleted: bool,
    /// What callbacks were told last.
    pub(crate) told: Option<Status>,
}

/// Buzz that moved for a workflow.
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) id: String,
    pub(crate) currency: Currency,
    pub(crate) amount: u64,
    pub(crate) refund: bool,
}

/// A step of a workflow.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) template: StepTemplate,
    pub(crate) metadata: Map<String, Value>,
    /// The input with its references resolved; null before the step has started.
    pub(crate) resolved: Value,
    pub(crate) jobs: Vec<Job>,
    /// The models that no worker held when it started.
    pub(crate) models: BTreeSet<String>,
    /// When what it waited for had ended.
    pub(crate) activated: Option<Duration>,
    pub(crate) end: Option<End>,
    /// What it makes or has made, with marks in place of links.
    pub(crate) output: Value,
    /// How many items of the list that grows are there.
    pub(crate) grown: usize,
    pub(crate) told: Option<Status>,
}

/// How a step or job ended.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) status: Status,
    pub(crate) at: Duration,
    pub(crate) reason: Option<String>,
    pub(crate) blocked: Option<String>,
}

/// A job of a step.
#[derive(Debug)]
pub(crate) struct Job {
    /// By which the queue knows it.
    pub(crate) number: usize,
    pub(crate) id: String,
    /// Which share of the step it does; a second try does the same.
    pub(crate) share: usize,
    pub(crate) attempt: u32,
    /// The reason for which it is going to fail.
    pub(crate) doom: Option<String>,
    pub(crate) path: Path,
    pub(crate) claimed: Option<Duration>,
    pub(crate) work: Duration,
    pub(crate) end: Option<End>,
    pub(crate) told: Option<Status>,
}

impl Job {
    pub(crate) fn status(&self, now: Duration) -> Status {
        match (&self.end, self.claimed) {
            (Some(end), _) => end.status,
            (None, Some(_)) => Status::Processing,
            (None, None) => self.path.status(now),
        }
    }

    /// The estimated share that is done; nothing where there is no estimate.
    pub(crate) fn progress(&self, now: Duration) -> Option<f64> {
        if self.end.is_some() {
            return None;
        }
        let share = |since: Duration, whole: Duration| {
            let whole = whole.as_secs_f64().max(f64::MIN_POSITIVE);
            (now.saturating_sub(since).as_secs_f64() / whole).clamp(0.0, 1.0)
        };
        match self.claimed {
            Some(claimed) => Some(share(claimed, self.work)),
            // What is told while preparing is how far the download of models has come.
            None if self.path.models == Models::Near
                && self.path.status(now) == Status::Preparing =>
            {
                Some(share(self.path.created, self.path.delay))
            }
            None => None,
        }
    }

    pub(crate) fn succeeded(&self) -> bool {
        let end = self.end.as_ref();
        end.is_some_and(|end| end.status == Status::Succeeded)
    }
}

impl Step {
    pub(crate) fn new(template: StepTemplate) -> Self {
        Self {
            metadata: template.metadata.clone(),
            template,
            resolved: Value::Null,
            jobs: Vec::new(),
            models: BTreeSet::new(),
            activated: None,
            end: None,
            output: Value::Null,
            grown: 0,
            told: None,
        }
    }

    pub(crate) fn status(&self, now: Duration) -> Status {
        if let Some(end) = &self.end {
            return end.status;
        }
        // A job that was tried again counts by its last try.
        let last = self.jobs.iter().filter(|job| {
            let again = |other: &Job| other.share == job.share && other.attempt > job.attempt;
            !self.jobs.iter().any(again)
        });
        let status = Status::of_parts(last.map(|job| job.status(now)));
        status.min(Status::Processing)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    pub(crate) fn succeeded(&self) -> bool {
        let end = self.end.as_ref();
        end.is_some_and(|end| end.status == Status::Succeeded)
    }

    pub(crate) fn started(&self) -> Option<Duration> {
        self.jobs.iter().filter_map(|job| job.claimed).min()
    }

    /// The estimated share that is done, over all jobs.
    pub(crate) fn progress(&self, now: Duration) -> Option<f64> {
        if self.is_over() || self.jobs.is_empty() {
            return None;
        }
        let done = |job: &Job| match &job.end {
            Some(_) => f64::from(u8::from(job.succeeded())),
            None => job.progress(now).unwrap_or(0.0),
        };
        let sum: f64 = self.jobs.iter().map(done).sum();
        Some(sum / self.jobs.len() as f64)
    }
}

impl Workflow {
    pub(crate) fn status(&self, now: Duration) -> Status {
        Status::of_parts(self.steps.iter().map(|step| step.status(now)))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    pub(crate) fn started(&self) -> Option<Duration> {
        self.steps.iter().filter_map(Step::started).min()
    }

    /// Whether results with mature content may be shown: as was said, or else by what paid.
    pub(crate) fn allows_mature(&self) -> bool {
        self.template.allow_mature.unwrap_or_else(|| {
            let charges = self.charges.iter().filter(|charge| !charge.refund);
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
                    .charges
                    .iter()
                    .filter(|charge| charge.currency == currency && charge.refund == refund);
                moved.map(|charge| charge.amount).sum::<u64>()
            };
            (currency, of(false).saturating_sub(of(true)))
        });
        paid.into_iter().filter(|(_, amount)| *amount > 0).collect()
    }
}
