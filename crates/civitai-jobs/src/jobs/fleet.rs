//! Many batches watched with few requests: one poll covers all jobs of a token.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use job_watch::{
    Driver, Fault, FleetBuilder, FleetWatch, PollResult, Pollable, Polled, RequestBudget, Source,
};

use super::handle::Batch;
use super::poll::fault;
use super::read::by_way;
use super::snapshot::BatchSnapshot;
use crate::{Client, Error, File, JobId, Token};

/// Watches any number of batches of one client, with one request for all jobs of a token and within
/// one budget for all.
///
/// ```
/// use civitai_jobs::{Batch, Client, RequestBudget};
///
/// # async fn run(client: Client, batches: Vec<Batch>) -> Result<(), Box<dyn std::error::Error>> {
/// let (fleet, driver) = client.jobs().fleet(RequestBudget::per_second(5));
/// driver
///     .until(async {
///         for watch in fleet.watch_all(&batches) {
///             println!("{} files", watch.await?.files().len());
///         }
///         Ok(())
///     })
///     .await
/// # }
/// ```
///
/// Dropping the fleet ends its watches and leaves the jobs alone.
#[derive(Clone, Debug)]
pub struct BatchFleet(job_watch::Fleet<BatchSource>);

/// Watches one batch, or one job of it, in a [`BatchFleet`].
pub type BatchWatch = FleetWatch<BatchSource>;

/// Does the work of a [`BatchFleet`]; spawn it, or run it beside the work that needs it.
pub type BatchDriver = Driver<BatchSource>;

impl BatchFleet {
    pub(super) fn new(client: Client, budget: RequestBudget) -> (Self, BatchDriver) {
        let (policy, clock) = (client.policy(), Arc::clone(client.clock()));
        let source = BatchSource {
            client,
            undecided: Mutex::default(),
        };
        let builder = FleetBuilder::new(source)
            .policy(policy)
            .budget(budget)
            .clock(clock);
        let (fleet, driver) = builder.build();
        (Self(fleet), driver)
    }

    /// Watches all jobs of a batch together.
    pub fn watch(&self, batch: &Batch) -> BatchWatch {
        self.0.watch(BatchMember::whole(batch))
    }

    /// Watches several batches.
    pub fn watch_all<'a>(&self, batches: impl IntoIterator<Item = &'a Batch>) -> Vec<BatchWatch> {
        self.0
            .watch_all(batches.into_iter().map(BatchMember::whole))
    }

    /// Watches one job of a batch, by its id.
    pub fn watch_job(&self, batch: &Batch, id: &JobId) -> BatchWatch {
        self.0.watch(BatchMember::one(batch, id))
    }

    /// Watches each job of a batch on its own, at no more requests than all together.
    ///
    /// The watches are in the order of [`Batch::ids`]; there are none where those are not known.
    pub fn watch_each(&self, batch: &Batch) -> Vec<BatchWatch> {
        let jobs = batch.ids().iter();
        self.0.watch_all(jobs.map(|id| BatchMember::one(batch, id)))
    }

    /// Returns how many watches are open.
    #[must_use]
    pub fn watching(&self) -> usize {
        self.0.watching()
    }
}

/// The handle of a member of a [`BatchFleet`]: a whole batch, or one job of it.
#[derive(Clone, Debug)]
pub struct BatchMember {
    batch: Batch,
    only: Option<JobId>,
}

impl BatchMember {
    fn whole(batch: &Batch) -> Self {
        Self {
            batch: batch.clone(),
            only: None,
        }
    }

    fn one(batch: &Batch, id: &JobId) -> Self {
        Self {
            batch: batch.clone(),
            only: Some(id.clone()),
        }
    }

    /// Returns the batch, to watch or cancel it, for instance.
    #[must_use]
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// Returns the id of the one job that is watched, where it is not the whole batch.
    #[must_use]
    pub fn id(&self) -> Option<&JobId> {
        self.only.as_ref()
    }

    /// What a poll of the batch showed of it.
    fn part_of(&self, batch: &BatchSnapshot) -> BatchSnapshot {
        match &self.only {
            Some(id) => batch.of_job(id),
            None => batch.clone(),
        }
    }
}

impl fmt::Display for BatchMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.only {
            Some(id) => id.fmt(f),
            None => self.batch.fmt(f),
        }
    }
}

impl Pollable for BatchMember {
    type Snapshot = BatchSnapshot;
    type Item = File;
    type Error = Arc<Error>;

    async fn poll(&self) -> Result<Polled<BatchSnapshot, File>, Arc<Error>> {
        let polled = Pollable::poll(&self.batch).await?;
        Ok(self.part_of(&polled.snapshot).polled(polled.retry_after))
    }

    fn fault(&self, error: &Arc<Error>) -> Fault {
        fault(error)
    }

    fn reason(&self, snapshot: &BatchSnapshot) -> Option<String> {
        self.batch.reason(snapshot)
    }
}

/// Polls all jobs of a token by one request.
pub struct BatchSource {
    client: Client,
    /// The tokens with a job that the latest poll left undecided.
    undecided: Mutex<HashSet<Token>>,
}

impl BatchSource {
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

impl Source for BatchSource {
    type Job = BatchMember;
    type Group = Token;

    fn group(&self, member: &BatchMember) -> Token {
        member.batch.token().clone()
    }

    /// One request. What a plain poll leaves undecided is asked for in detail by the next one.
    async fn poll(
        &self,
        token: &Token,
        members: &[BatchMember],
    ) -> Result<Vec<PollResult<Self>>, Arc<Error>> {
        self.client.observe_poll();
        let found = by_way(&self.client, token, self.is_undecided(token), false).await?;
        let batch = BatchSnapshot::new(token, &found.value);
        self.remember(token, batch.undecided().next().is_some());
        let polled = |member: &BatchMember| Ok(member.part_of(&batch).polled(found.retry_after));
        Ok(members.iter().map(polled).collect())
    }

    fn throttled(&self, error: &Arc<Error>) -> Option<Duration> {
        let too_many = error.status() == Some(429);
        error.retry_after().filter(|_| too_many)
    }
}

impl fmt::Debug for BatchSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchSource").finish_non_exhaustive()
    }
}
