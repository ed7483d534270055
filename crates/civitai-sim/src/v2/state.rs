//! The orchestrator without sockets: workflows, steps, jobs and Buzz, moved through simulated time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::http::StatusCode;

use crate::problem::Problem;
use crate::queue::Queue;
use crate::settings::Settings;

use super::blob::Blob;
use super::event::Outbox;
use super::price::Cost;
use super::shelf::Shelf;
use super::template::Template;
use super::wallet::Wallet;
use super::workflow::{Charge, Step, Workflow};

/// How long a workflow is kept after its end.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// The whole state of version 2.
///
/// Workflows are known by their number, which is their index in the order of submission.
#[derive(Debug)]
pub(crate) struct Orchestrator {
    pub(crate) settings: Settings,
    /// The address that links to blobs begin with.
    pub(super) api_url: String,
    pub(crate) now: Duration,
    pub(super) workflows: Vec<Workflow>,
    pub(super) queue: Queue,
    /// The workflow, step and place in it of each job that the queue knows.
    pub(super) jobs: Vec<(usize, usize, usize)>,
    pub(super) agenda: BTreeSet<(Duration, Due)>,
    /// Workflows of which something has changed since callbacks were told.
    pub(super) touched: BTreeSet<usize>,
    pub(super) blobs: BTreeMap<String, Blob>,
    pub(super) wallet: Wallet,
    pub(crate) outbox: Outbox,
    pub(super) shelf: Shelf,
    ids: BTreeMap<String, usize>,
    /// The workflow that used each external id up, priced ones included.
    keys: BTreeMap<String, usize>,
}

/// Something that is due at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// A state that follows from time alone changes.
    Look { workflow: usize },
    /// A step has taken too long.
    Timeout { workflow: usize, step: usize },
    /// A step has made one more item of the list that grows.
    Grow { workflow: usize, step: usize },
}

impl Orchestrator {
    pub(crate) fn new(settings: Settings, api_url: String) -> Self {
        Self {
            now: Duration::ZERO,
            workflows: Vec::new(),
            queue: Queue::new(settings.workers),
            jobs: Vec::new(),
            agenda: BTreeSet::new(),
            touched: BTreeSet::new(),
            blobs: BTreeMap::new(),
            wallet: Wallet::new(settings.v2.balances.clone()),
            outbox: Outbox::default(),
            shelf: Shelf::new(&settings.v2.not_loaded),
            ids: BTreeMap::new(),
            keys: BTreeMap::new(),
            settings,
            api_url,
        }
    }

    /// Lets everything happen that is due by `now`, in order.
    pub(crate) fn advance(&mut self, now: Duration) {
        while let Some(at) = self.next_change().filter(|at| *at <= now) {
            self.now = self.now.max(at);
            self.take_models_in();
            while let Some(job) = self.queue.finish(at) {
                self.end_job(job);
            }
            while let Some((_, due)) = self.agenda.first().copied().filter(|(due, _)| *due <= at) {
                self.agenda.pop_first();
                self.happen(due);
            }
            while let Some((job, _)) = self.queue.claim(at) {
                self.start_job(job, at);
            }
            self.tell();
        }
        self.now = self.now.max(now);
    }

    /// The next instant at which something changes by itself.
    pub(crate) fn next_change(&self) -> Option<Duration> {
        let due = self.agenda.first().map(|(due, _)| *due);
        let queue = self.queue.next_change().into_iter();
        queue.chain(due).chain(self.shelf.next_change()).min()
    }

    /// Accepts a workflow and takes its price; the external id of an earlier one gives that one back.
    pub(crate) fn submit(&mut self, template: Template, hidden: bool) -> Result<usize, Problem> {
        if let Some(workflow) = self.earlier(&template) {
            return Ok(workflow);
        }
        self.refuse_retired(&template)?;
        let cost = self.price(&template);
        let Some(parts) = self.wallet.split(cost.total(), &template.payers()) else {
            let detail = format!(
                "The workflow costs {} Buzz, and the accounts that may pay hold less.",
                cost.total()
            );
            return Err(Problem::new(StatusCode::PAYMENT_REQUIRED, detail));
        };
        let number = self.workflows.len();
        let unique = u64::try_from(number).unwrap_or(u64::MAX);
        let id = format!("{USER}-{}", self.settings.seed.guid("workflow", unique));
        let charges = parts
            .into_iter()
            .enumerate()
            .map(|(part, (currency, amount))| {
                self.wallet.charge(&id, currency, amount);
                let id = format!("{id}-{part}");
                Charge {
                    id,
                    currency,
                    amount,
                    refund: false,
                }
            });
        let charges = charges.collect();
        self.ids.insert(id.clone(), number);
        self.keep(Some(id), template, cost, charges, hidden);
        self.touched.insert(number);
        self.activate(number);
        self.tell();
        Ok(number)
    }

    /// Prices a workflow. Nothing runs and nothing is paid, but an external id is used up.
    pub(crate) fn preview(&mut self, template: Template) -> Result<usize, Problem> {
        if let Some(workflow) = self.earlier(&template) {
            return Ok(workflow);
        }
        self.refuse_retired(&template)?;
        let cost = self.price(&template);
        let parts = self.wallet.split(cost.total(), &template.payers());
        let lacks_buzz = parts.is_none();
        let charges = parts.unwrap_or_default().into_iter();
        let charges = charges.map(|(currency, amount)| Charge {
            id: String::new(),
            currency,
            amount,
            refund: false,
        });
        let workflow = self.keep(None, template, cost, charges.collect(), true);
        self.workflows[workflow].lacks_buzz = lacks_buzz;
        Ok(workflow)
    }

    /// The workflow of an id, as long as it can be had.
    pub(crate) fn find(&self, id: &str) -> Result<usize, Problem> {
        let found = self.ids.get(id).copied();
        found
            .filter(|number| self.is_kept(&self.workflows[*number]))
            .ok_or_else(|| Problem::no_such("workflow"))
    }

    pub(crate) fn workflow(&self, number: usize) -> &Workflow {
        &self.workflows[number]
    }

    /// The accepted workflows that can be had, oldest first, with their numbers.
    pub(crate) fn kept(&self) -> impl DoubleEndedIterator<Item = (usize, &Workflow)> {
        let all = self.workflows.iter().enumerate();
        all.filter(|(_, workflow)| !workflow.hidden && self.is_kept(workflow))
    }

    pub(crate) fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    fn is_kept(&self, workflow: &Workflow) -> bool {
        let gone = match workflow.ended {
            Some(_) if workflow.template.ephemeral => true,
            Some(ended) => ended + KEPT <= self.now,
            None => false,
        };
        !workflow.deleted && !gone
    }

    fn earlier(&self, template: &Template) -> Option<usize> {
        self.keys.get(template.external_id.as_deref()?).copied()
    }

    fn keep(
        &mut self,
        id: Option<String>,
        template: Template,
        cost: Cost,
        charges: Vec<Charge>,
        hidden: bool,
    ) -> usize {
        let number = self.workflows.len();
        if let Some(key) = &template.external_id {
            self.keys.insert(key.clone(), number);
        }
        self.workflows.push(Workflow {
            id,
            steps: template.steps.iter().cloned().map(Step::new).collect(),
            template,
            cost,
            charges,
            lacks_buzz: false,
            created: self.now,
            ended: None,
            hidden,
            deleted: false,
            told: None,
        });
        number
    }
}

/// The number of the account, which ids begin with.
pub(crate) const USER: u32 = 7;
