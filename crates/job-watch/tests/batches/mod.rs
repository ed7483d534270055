//! A service that knows many jobs and shows a whole batch in one reply.

use std::collections::HashMap;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use job_watch::{Fault, Phase, Pollable, Polled, Source};
use tokio::time::{Instant, sleep};

/// A job, as the batch it is in and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    pub(crate) batch: u32,
    pub(crate) number: u32,
    /// How long after the start of the service it ends.
    pub(crate) ends: Duration,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.batch, self.number)
    }
}

/// What is wrong with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Each request fails.
    Refused,
    /// No request is answered.
    Silent,
    /// The first job of the batch cannot be read.
    Unreadable,
    /// The service says that every third request comes too soon.
    Throttled,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0:?}")]
pub(crate) struct Refusal(pub(crate) Trouble);

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) at: Instant,
    pub(crate) batch: u32,
    pub(crate) jobs: usize,
}

/// Clones are the same service.
#[derive(Clone, Debug)]
pub(crate) struct Batches {
    started: Instant,
    pub(crate) latency: Duration,
    pub(crate) max_jobs: usize,
    trouble: HashMap<u32, Trouble>,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// When the end of each job was first shown.
    shown: Arc<Mutex<HashMap<(u32, u32), Instant>>>,
}

impl Batches {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            latency: Duration::from_millis(80),
            max_jobs: usize::MAX,
            trouble: HashMap::new(),
            asked: Arc::default(),
            shown: Arc::default(),
        }
    }

    pub(crate) fn with(mut self, batch: u32, trouble: Trouble) -> Self {
        self.trouble.insert(batch, trouble);
        self
    }

    /// The time since the start of the service.
    pub(crate) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn shown(&self, job: &Part) -> Instant {
        self.shown.lock().unwrap()[&(job.batch, job.number)]
    }
}

impl Source for Batches {
    type Job = Part;
    type Group = u32;

    fn group(&self, job: &Part) -> u32 {
        job.batch
    }

    async fn poll(
        &self,
        batch: &u32,
        jobs: &[Part],
    ) -> Result<Vec<Result<Polled<Duration, u32>, Refusal>>, Refusal> {
        let number = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(Asked {
                at: Instant::now(),
                batch: *batch,
                jobs: jobs.len(),
            });
            asked.len()
        };
        let trouble = self.trouble.get(batch).copied();
        sleep(self.latency).await;
        match trouble {
            Some(trouble @ Trouble::Refused) => return Err(Refusal(trouble)),
            Some(trouble @ Trouble::Throttled) if number.is_multiple_of(3) => {
                return Err(Refusal(trouble));
            }
            Some(Trouble::Silent) => pending::<()>().await,
            _ => {}
        }
        let now = self.started.elapsed();
        let show = |job: &Part| {
            if trouble == Some(Trouble::Unreadable) && job.number == 0 {
                return Err(Refusal(Trouble::Unreadable));
            }
            if now < job.ends {
                return Ok(Polled::new(Phase::Running, now).items([]));
            }
            let mut shown = self.shown.lock().unwrap();
            shown
                .entry((job.batch, job.number))
                .or_insert_with(Instant::now);
            Ok(Polled::new(Phase::Succeeded, now).items([(0, job.number)]))
        };
        Ok(jobs.iter().map(show).collect())
    }

    fn max_jobs(&self, _: &u32) -> usize {
        self.max_jobs
    }

    fn throttled(&self, error: &Refusal) -> Option<Duration> {
        (error.0 == Trouble::Throttled).then_some(Duration::from_secs(7))
    }
}

impl Pollable for Part {
    /// The time since the start of the service.
    type Snapshot = Duration;
    /// The number of the job.
    type Item = u32;
    type Error = Refusal;

    async fn poll(&self) -> Result<Polled<Duration, u32>, Refusal> {
        pending().await
    }

    fn fault(&self, _: &Refusal) -> Fault {
        Fault::Transient { retry_after: None }
    }
}
