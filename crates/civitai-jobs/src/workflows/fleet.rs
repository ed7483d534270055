//! Many workflows watched with few requests: one page of the list covers up to a hundred.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use civitai_api::v2::operation;
use job_watch::{
    Driver, Fault, FleetBuilder, FleetWatch, Phase, PollResult, Pollable, Polled, RequestBudget,
    Source,
};

use super::handle::Workflow;
use super::list::WorkflowList;
use super::snapshot::WorkflowSnapshot;
use crate::call::Call;
use crate::error::Purpose;
use crate::{Client, Error, File, WorkflowId};

/// Workflows on a page, and so in a group.
const PAGE: u32 = 100;

/// Watches any number of workflows of one client, with one request for up to a hundred of them and
/// within one budget for all.
///
/// Workflows are polled together in the order in which they are added, so add them in the order in
/// which they were submitted: a page of the list holds those made in a span of time.
///
/// ```no_run
/// use civitai_jobs::{Client, RequestBudget, Workflow};
///
/// # async fn run(client: Client, workflows: Vec<Workflow>) -> Result<(), Box<dyn std::error::Error>> {
/// let (fleet, driver) = client.workflows().fleet(RequestBudget::per_second(5));
/// driver
///     .until(async {
///         for watch in fleet.watch_all(&workflows) {
///             println!("{} files", watch.await?.files().len());
///         }
///         Ok(())
///     })
///     .await
/// # }
/// ```
///
/// Dropping the fleet ends its watches and leaves the workflows alone.
#[derive(Clone, Debug)]
pub struct WorkflowFleet {
    fleet: job_watch::Fleet<WorkflowSource>,
    added: Arc<AtomicU64>,
}

/// Watches one workflow in a [`WorkflowFleet`].
pub type WorkflowWatch = FleetWatch<WorkflowSource>;

/// Does the work of a [`WorkflowFleet`]; spawn it, or run it beside the work that needs it.
pub type WorkflowDriver = Driver<WorkflowSource>;

impl WorkflowFleet {
    pub(super) fn new(client: Client, budget: RequestBudget) -> (Self, WorkflowDriver) {
        let (policy, clock) = (client.policy(), Arc::clone(client.clock()));
        let source = WorkflowSource {
            client,
            cursors: Mutex::default(),
        };
        let builder = FleetBuilder::new(source)
            .policy(policy)
            .budget(budget)
            .clock(clock);
        let (fleet, driver) = builder.build();
        let added = Arc::default();
        (Self { fleet, added }, driver)
    }

    /// Watches a workflow. One that was attached by its id is polled on its own, since nothing tells
    /// when it was made.
    pub fn watch(&self, workflow: &Workflow) -> WorkflowWatch {
        self.fleet.watch(self.member(workflow))
    }

    /// Watches several workflows.
    pub fn watch_all<'a>(
        &self,
        workflows: impl IntoIterator<Item = &'a Workflow>,
    ) -> Vec<WorkflowWatch> {
        let members = workflows.into_iter().map(|workflow| self.member(workflow));
        self.fleet.watch_all(members.collect::<Vec<_>>())
    }

    /// Returns how many watches are open.
    #[must_use]
    pub fn watching(&self) -> usize {
        self.fleet.watching()
    }

    fn member(&self, workflow: &Workflow) -> WorkflowMember {
        let group = match workflow.first() {
            Some(first) => Group::Page {
                number: self.added.fetch_add(1, Ordering::Relaxed) / u64::from(PAGE),
                made: first.reply().created_at,
            },
            None => Group::Alone,
        };
        WorkflowMember {
            workflow: workflow.clone(),
            group,
        }
    }
}

/// The handle of a member of a [`WorkflowFleet`].
#[derive(Clone, Debug)]
pub struct WorkflowMember {
    workflow: Workflow,
    group: Group,
}

#[derive(Clone, Copy, Debug)]
enum Group {
    Page { number: u64, made: DateTime<Utc> },
    Alone,
}

impl WorkflowMember {
    /// Returns the workflow, to watch or cancel it, for instance.
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

impl fmt::Display for WorkflowMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.workflow.fmt(f)
    }
}

impl Pollable for WorkflowMember {
    type Snapshot = WorkflowSnapshot;
    type Item = File;
    type Error = Arc<Error>;

    async fn poll(&self) -> Result<Polled<WorkflowSnapshot, File>, Arc<Error>> {
        Ok(Pollable::poll(&self.workflow).await?)
    }

    fn fault(&self, error: &Arc<Error>) -> Fault {
        self.workflow.fault(error)
    }

    fn reason(&self, snapshot: &WorkflowSnapshot) -> Option<String> {
        self.workflow.reason(snapshot)
    }
}

/// Polls up to a hundred workflows by one request.
pub struct WorkflowSource {
    client: Client,
    /// Where the next poll of a group goes on, where its span of time holds more than a page.
    cursors: Mutex<HashMap<u64, String>>,
}

/// Workflows that are polled together: those added one after the other, or one alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WorkflowGroup {
    /// The number of a page.
    Page(u64),
    /// The id of a workflow.
    Alone(WorkflowId),
}

impl WorkflowSource {
    async fn page(
        &self,
        number: u64,
        members: &[WorkflowMember],
    ) -> Result<Vec<PollResult<Self>>, Error> {
        let times = || members.iter().filter_map(WorkflowMember::made);
        let list = WorkflowList::new(self.client.clone());
        let mut list = list.mature().oldest_first().page_size(PAGE);
        if let (Some(first), Some(last)) = (times().min(), times().max()) {
            // The end of the span does not belong to it, and clocks tell seconds in many ways.
            let second = TimeDelta::seconds(1);
            list = list.since(first - second).until(last + second);
        }
        let cursor = self.with(|cursors| cursors.remove(&number));
        let goes_on = cursor.is_some();
        let call = Call::new(operation::QUERY_WORKFLOWS, Purpose::ListWorkflows).once();
        let page = list.page(call, cursor).await?;
        let is_last = page.value.next.is_none();
        if let Some(next) = page.value.next {
            self.with(|cursors| cursors.insert(number, next));
        }
        let items = page.value.items.iter();
        let known: HashMap<_, _> = items.filter_map(|seen| Some((seen.id()?, seen))).collect();
        let polled = |member: &WorkflowMember| match known.get(member.workflow.id()) {
            Some(seen) => Ok(member.workflow.polled(seen, page.retry_after)),
            // It may stand on another page, which the next polls bring.
            None => match member.workflow.first() {
                Some(first) if !is_last || goes_on => {
                    Ok(Polled::new(Phase::Unknown, first.clone()).items([]))
                }
                _ => {
                    let ephemeral = member.workflow.facts().is_ephemeral();
                    Err(Arc::new(Error::unlisted(
                        member.workflow.id().as_str(),
                        ephemeral,
                    )))
                }
            },
        };
        Ok(members.iter().map(polled).collect())
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<u64, String>) -> T) -> T {
        change(&mut self.cursors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Source for WorkflowSource {
    type Job = WorkflowMember;
    type Group = WorkflowGroup;

    fn group(&self, member: &WorkflowMember) -> WorkflowGroup {
        match member.group {
            Group::Page { number, .. } => WorkflowGroup::Page(number),
            Group::Alone => WorkflowGroup::Alone(member.workflow.id().clone()),
        }
    }

    async fn poll(
        &self,
        group: &WorkflowGroup,
        members: &[WorkflowMember],
    ) -> Result<Vec<PollResult<Self>>, Arc<Error>> {
        match (group, members) {
            (WorkflowGroup::Page(number), members) => {
                // The poll of one workflow counts itself.
                self.client.observe_poll();
                Ok(self.page(*number, members).await?)
            }
            (WorkflowGroup::Alone(_), [member, ..]) => {
                let polled = Pollable::poll(member).await?;
                Ok(members.iter().map(|_| Ok(polled.clone())).collect())
            }
            (WorkflowGroup::Alone(_), []) => Ok(Vec::new()),
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
