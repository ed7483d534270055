//! Many jobs waited for with few requests: one look covers a token.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use job_watch::{Driver, Fault, FleetBuilder, RequestBudget, Seen, Sight, Source, Waiter};

use crate::error::Doing;
use crate::job::{Found, Way, by_id, by_token, found_by_key, judge};
use crate::{Client, Error, Job, Snapshot, Token, snapshot};

pub use workflows::{
    FleetGroup, FleetWorkflow, WorkflowFleet, WorkflowFleetDriver, WorkflowSource, WorkflowWaiter,
};

mod workflows;

/// Waits for any number of jobs of one client, with one request for all jobs of a token and within
/// one budget for all.
///
/// ```
/// use civitai_jobs::{RequestBudget, Client, Job};
///
/// # async fn run(client: Client, jobs: Vec<Job>) -> Result<(), Box<dyn std::error::Error>> {
/// let (fleet, driver) = client.fleet(RequestBudget::per_second(5));
/// driver
///     .until(async {
///         for waiter in fleet.watch_all(&jobs) {
///             println!("{} files", waiter.await?.outputs().len());
///         }
///         Ok(())
///     })
///     .await
/// # }
/// ```
///
/// Dropping the fleet ends its waits and leaves the jobs alone.
#[derive(Clone, Debug)]
pub struct Fleet(job_watch::Fleet<JobSource>);

/// Waits for one job of a [`Fleet`].
pub type FleetWaiter = Waiter<JobSource>;

/// Does the work of a [`Fleet`]; spawn it, or run it beside the work that needs it.
pub type FleetDriver = Driver<JobSource>;

impl Client {
    /// Begins a fleet with the policy and clock of the client, and the driver that does its work:
    /// nothing is sent until that is spawned or awaited.
    ///
    /// Each look is one request, so the budget is what the service sees of the fleet. A job that is
    /// known by its [`ClientKey`](crate::ClientKey) is searched for, which takes one request for
    /// each page of its batch.
    pub fn fleet(&self, budget: RequestBudget) -> (Fleet, FleetDriver) {
        let source = JobSource {
            client: self.clone(),
            undecided: Mutex::default(),
        };
        let builder = FleetBuilder::new(source)
            .with_policy(self.policy())
            .with_budget(budget)
            .with_clock(Arc::clone(self.clock()));
        let (fleet, driver) = builder.build();
        (Fleet(fleet), driver)
    }
}

impl Fleet {
    /// Waits for a job, or for all jobs of its batch together.
    pub fn watch(&self, job: &Job) -> FleetWaiter {
        self.0.watch(FleetJob::whole(job))
    }

    /// Waits for several jobs.
    pub fn watch_all<'a>(&self, jobs: impl IntoIterator<Item = &'a Job>) -> Vec<FleetWaiter> {
        self.0.watch_all(jobs.into_iter().map(FleetJob::whole))
    }

    /// Waits for one job of a batch, by its id.
    pub fn watch_one(&self, batch: &Job, id: impl Into<Arc<str>>) -> FleetWaiter {
        self.0.watch(FleetJob {
            job: batch.clone(),
            only: Some(id.into()),
        })
    }

    /// Waits for each job of a batch on its own, at no more requests than for all together.
    ///
    /// The waiters are in the order of [`Job::ids`]; there are none where those are not known.
    pub fn watch_each(&self, batch: &Job) -> Vec<FleetWaiter> {
        let parts = batch.ids().iter().map(|id| FleetJob {
            job: batch.clone(),
            only: Some(id.as_str().into()),
        });
        self.0.watch_all(parts)
    }

    /// How many waits are open.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

/// The handle of a job in a fleet: a whole batch, or one job of it.
#[derive(Clone, Debug)]
pub struct FleetJob {
    job: Job,
    only: Option<Arc<str>>,
}

impl FleetJob {
    fn whole(job: &Job) -> Self {
        Self {
            job: job.clone(),
            only: None,
        }
    }

    /// The submitted job or batch that it belongs to, to watch or cancel it, for instance.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The id of the one job that is waited for, where it is not the whole batch.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.only.as_deref()
    }

    /// What a look at the batch saw of it.
    fn part_of(&self, batch: &Snapshot) -> Snapshot {
        match &self.only {
            Some(id) => batch.of_job(id),
            None => batch.clone(),
        }
    }
}

impl fmt::Display for FleetJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.only {
            Some(id) => f.write_str(id),
            None => self.job.fmt(f),
        }
    }
}

impl job_watch::Job for FleetJob {
    type Snapshot = Snapshot;
    type Error = Arc<Error>;

    async fn look(&self, hold: Option<Duration>) -> Result<Seen<Snapshot>, Arc<Error>> {
        let seen = job_watch::Job::look(&self.job, hold).await?;
        let snapshot = self.part_of(&seen.snapshot);
        Ok(snapshot.seen(seen.retry_after))
    }

    fn fault(&self, error: &Arc<Error>) -> Fault {
        judge(error)
    }
}

/// Looks at all jobs of a token by one request.
pub struct JobSource {
    client: Client,
    /// The tokens with a job that the latest look left undecided.
    undecided: Mutex<HashSet<Token>>,
}

impl JobSource {
    /// One request. What a plain look leaves undecided is asked for in detail by the next one.
    async fn find(&self, token: &Token) -> Result<Found, Error> {
        let client = &self.client;
        match token.way() {
            Way::Batch(batch) => by_token(client, batch, self.is_undecided(token), false).await,
            Way::Key(key) => found_by_key(client, key, Doing::Looking).await,
            Way::Id(id) => by_id(client, id).await,
        }
    }

    fn is_undecided(&self, token: &Token) -> bool {
        let undecided = self.undecided.lock();
        undecided
            .unwrap_or_else(PoisonError::into_inner)
            .contains(token)
    }

    fn remember(&self, token: &Token, undecided: bool) {
        let tokens = self.undecided.lock();
        let mut tokens = tokens.unwrap_or_else(PoisonError::into_inner);
        if undecided {
            tokens.insert(token.clone());
        } else {
            tokens.remove(token);
        }
    }
}

impl Source for JobSource {
    type Job = FleetJob;
    type Group = Token;

    fn group(&self, part: &FleetJob) -> Token {
        part.job.token().clone()
    }

    async fn look(
        &self,
        token: &Token,
        parts: &[FleetJob],
    ) -> Result<Vec<Sight<Self>>, Arc<Error>> {
        if let Some(observer) = self.client.observer() {
            observer.poll();
        }
        let (jobs, retry_after) = self.find(token).await?;
        self.remember(token, jobs.iter().any(snapshot::is_undecided));
        let batch = Snapshot::new(token, &jobs);
        let seen = |part: &FleetJob| Ok(part.part_of(&batch).seen(retry_after));
        Ok(parts.iter().map(seen).collect())
    }

    fn throttled(&self, error: &Arc<Error>) -> Option<Duration> {
        let too_many = error.status() == Some(429);
        error.retry_after().filter(|_| too_many)
    }
}

impl fmt::Debug for JobSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobSource").finish_non_exhaustive()
    }
}
