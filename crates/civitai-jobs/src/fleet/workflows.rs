//! Many workflows waited for with few requests: one page of the list covers up to a hundred.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use job_watch::{
    Driver, Fault, FleetBuilder, Job as _, Phase, RequestBudget, Seen, Sight, Source, Waiter,
};

use crate::{Client, Error, Workflow, WorkflowSnapshot, Workflows};

/// Workflows on a page, and so in a group.
const PAGE: u32 = 100;

/// Waits for any number of workflows of one client, with one request for up to a hundred of them and
/// within one budget for all.
///
/// Workflows are looked at together in the order in which they are added, so add them in the order
/// in which they were submitted: a page of the list holds those made in a span of time.
///
/// ```no_run
/// use civitai_jobs::{Client, RequestBudget, Workflow};
///
/// # async fn run(client: Client, workflows: Vec<Workflow>) -> Result<(), Box<dyn std::error::Error>> {
/// let (fleet, driver) = client.workflows().fleet(RequestBudget::per_second(5));
/// driver
///     .until(async {
///         for waiter in fleet.watch_all(&workflows) {
///             println!("{} files", waiter.await?.outputs().len());
///         }
///         Ok(())
///     })
///     .await
/// # }
/// ```
///
/// Dropping the fleet ends its waits and leaves the workflows alone.
#[derive(Clone, Debug)]
pub struct WorkflowFleet {
    fleet: job_watch::Fleet<WorkflowSource>,
    added: Arc<AtomicU64>,
}

/// Waits for one workflow of a [`WorkflowFleet`].
pub type WorkflowWaiter = Waiter<WorkflowSource>;

/// Does the work of a [`WorkflowFleet`]; spawn it, or run it beside the work that needs it.
pub type WorkflowFleetDriver = Driver<WorkflowSource>;

impl Workflows {
    /// Begins a fleet with the policy and clock of the client, and the driver that does its work:
    /// nothing is sent until that is spawned or awaited. Each look is one request.
    pub fn fleet(&self, budget: RequestBudget) -> (WorkflowFleet, WorkflowFleetDriver) {
        let client = self.client();
        let source = WorkflowSource {
            client: client.clone(),
            cursors: Mutex::default(),
        };
        let builder = FleetBuilder::new(source)
            .with_policy(client.policy())
            .with_budget(budget)
            .with_clock(Arc::clone(client.clock()));
        let (fleet, driver) = builder.build();
        let added = Arc::default();
        (WorkflowFleet { fleet, added }, driver)
    }
}

impl WorkflowFleet {
    /// Waits for a workflow. One that was taken up by its id is looked at on its own, since nothing
    /// tells when it was made.
    pub fn watch(&self, workflow: &Workflow) -> WorkflowWaiter {
        self.fleet.watch(self.member(workflow))
    }

    /// Waits for several workflows.
    pub fn watch_all<'a>(
        &self,
        workflows: impl IntoIterator<Item = &'a Workflow>,
    ) -> Vec<WorkflowWaiter> {
        let members = workflows.into_iter().map(|workflow| self.member(workflow));
        self.fleet.watch_all(members.collect::<Vec<_>>())
    }

    /// How many waits are open.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.fleet.waiting()
    }

    fn member(&self, workflow: &Workflow) -> FleetWorkflow {
        let group = match workflow.first() {
            Some(first) => Group::Page {
                number: self.added.fetch_add(1, Ordering::Relaxed) / u64::from(PAGE),
                made: first.reply().created_at,
            },
            None => Group::Alone,
        };
        FleetWorkflow {
            workflow: workflow.clone(),
            group,
        }
    }
}

/// The handle of a workflow in a fleet.
#[derive(Clone, Debug)]
pub struct FleetWorkflow {
    workflow: Workflow,
    group: Group,
}

#[derive(Clone, Copy, Debug)]
enum Group {
    Page { number: u64, made: DateTime<Utc> },
    Alone,
}

impl FleetWorkflow {
    /// The workflow, to watch or cancel it, for instance.
    #[must_use]
    pub fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    fn made(&self) -> Option<DateTime<Utc>> {
        match self.group {
            Group::Page { made, .. } => Some(made),
            Group::Alone => None,
        }
    }
}

impl fmt::Display for FleetWorkflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.workflow.fmt(f)
    }
}

impl job_watch::Job for FleetWorkflow {
    type Snapshot = WorkflowSnapshot;
    type Error = Arc<Error>;

    async fn look(&self, hold: Option<Duration>) -> Result<Seen<WorkflowSnapshot>, Arc<Error>> {
        Ok(self.workflow.look(hold).await?)
    }

    fn fault(&self, error: &Arc<Error>) -> Fault {
        self.workflow.fault(error)
    }
}

/// Looks at up to a hundred workflows by one request.
pub struct WorkflowSource {
    client: Client,
    /// Where the next look at a group goes on, where its span of time holds more than a page.
    cursors: Mutex<HashMap<u64, String>>,
}

/// Workflows that are looked at together: those added one after the other, or one alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FleetGroup {
    /// The number of a page.
    Page(u64),
    /// The id of a workflow.
    Alone(Arc<str>),
}

impl WorkflowSource {
    async fn page(&self, number: u64, parts: &[FleetWorkflow]) -> Result<Vec<Sight<Self>>, Error> {
        let times = || parts.iter().filter_map(FleetWorkflow::made);
        let mut list = self.client.workflows().list().mature().oldest_first();
        list = list.page_size(PAGE);
        if let (Some(first), Some(last)) = (times().min(), times().max()) {
            // The end of the span does not belong to it, and clocks tell seconds in many ways.
            let second = TimeDelta::seconds(1);
            list = list.since(first - second).until(last + second);
        }
        let cursor = self.with(|cursors| cursors.remove(&number));
        let page = list.look(cursor.as_deref()).await?;
        let (workflows, next) = page.value;
        let is_last = next.is_none();
        if let Some(next) = next {
            self.with(|cursors| cursors.insert(number, next));
        }
        let known: HashMap<_, _> = workflows
            .iter()
            .filter_map(|workflow| Some((workflow.id()?, workflow)))
            .collect();
        let sight = |part: &FleetWorkflow| match known.get(part.workflow.id()) {
            Some(seen) => Ok(part.workflow.seen_as(seen, page.retry_after)),
            // It may stand on another page, which the next looks bring.
            None => match part.workflow.first() {
                Some(first) if !is_last || cursor.is_some() => {
                    Ok(Seen::new(Phase::Unknown, first.clone()))
                }
                _ => Err(Arc::new(part.workflow.missing())),
            },
        };
        Ok(parts.iter().map(sight).collect())
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<u64, String>) -> T) -> T {
        change(&mut self.cursors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Source for WorkflowSource {
    type Job = FleetWorkflow;
    type Group = FleetGroup;

    fn group(&self, part: &FleetWorkflow) -> FleetGroup {
        match part.group {
            Group::Page { number, .. } => FleetGroup::Page(number),
            Group::Alone => FleetGroup::Alone(part.workflow.id().into()),
        }
    }

    async fn look(
        &self,
        group: &FleetGroup,
        parts: &[FleetWorkflow],
    ) -> Result<Vec<Sight<Self>>, Arc<Error>> {
        match (group, parts) {
            (FleetGroup::Page(number), parts) => {
                // The look at one workflow counts itself.
                if let Some(observer) = self.client.observer() {
                    observer.poll();
                }
                Ok(self.page(*number, parts).await?)
            }
            (FleetGroup::Alone(_), [part, ..]) => {
                let seen = part.look(None).await?;
                Ok(parts.iter().map(|_| Ok(seen.clone())).collect())
            }
            (FleetGroup::Alone(_), []) => Ok(Vec::new()),
        }
    }

    fn throttled(&self, error: &Arc<Error>) -> Option<Duration> {
        let too_many = error.status() == Some(429);
        error.retry_after().filter(|_| too_many)
    }
}

impl fmt::Debug for WorkflowSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkflowSource").finish_non_exhaustive()
    }
}
