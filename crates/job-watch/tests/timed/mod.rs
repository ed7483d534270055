//! A job that takes its time, and says of it as much as a test asks for.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use job_watch::{Fault, Phase, Pollable, Polled, Progress, Until};
use tokio::time::{Instant, sleep};

/// Is queued, runs and ends, counted from the first poll. Clones are the same job.
#[derive(Clone, Debug)]
pub(crate) struct Timed {
    pub(crate) queue: Duration,
    pub(crate) run: Duration,
    /// Whether it says when it will start.
    pub(crate) says_start: bool,
    /// Whether it says how much of the work is done.
    pub(crate) says_percent: bool,
    /// How long the service takes to answer.
    pub(crate) latency: Duration,
    pub(crate) long_poll: Option<Duration>,
    /// After how long something on the way cuts a long poll.
    pub(crate) cut: Option<Duration>,
    pub(crate) polls: Arc<Mutex<Vec<Instant>>>,
}

impl Timed {
    pub(crate) fn new(queue: Duration, run: Duration) -> Self {
        Self {
            queue,
            run,
            says_start: false,
            says_percent: false,
            latency: Duration::ZERO,
            long_poll: None,
            cut: None,
            polls: Arc::default(),
        }
    }

    /// How long after the first poll each was.
    pub(crate) fn polls(&self) -> Vec<Duration> {
        let polls = self.polls.lock().unwrap();
        polls.iter().map(|poll| *poll - polls[0]).collect()
    }

    /// When the polls were.
    pub(crate) fn instants(&self) -> Vec<Instant> {
        self.polls.lock().unwrap().clone()
    }
}

impl fmt::Display for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("timed-1")
    }
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("the connection was cut")]
pub(crate) struct Cut;

impl Timed {
    /// Answers a poll that may stay open for so long.
    async fn answer(&self, open: Duration) -> Result<Polled<Duration>, Cut> {
        let born = {
            let mut polls = self.polls.lock().unwrap();
            polls.push(Instant::now());
            polls[0]
        };
        let end = self.queue + self.run;
        let left = end.saturating_sub(born.elapsed());
        let open = left.min(open);
        match self.cut.filter(|cut| *cut < open) {
            Some(cut) => {
                sleep(cut).await;
                return Err(Cut);
            }
            None => sleep(open + self.latency / 2).await,
        }
        let now = born.elapsed();
        let run = now.saturating_sub(self.queue);
        let (phase, progress) = if now >= end {
            (Phase::Succeeded, Progress::new())
        } else if now < self.queue {
            let wait = self.says_start.then(|| self.queue - now);
            (Phase::Queued, Progress::new().starts_in(wait))
        } else {
            let share = run.as_secs_f32() / self.run.as_secs_f32();
            let percent = self.says_percent.then_some(100.0 * share);
            (Phase::Running, Progress::new().percent(percent))
        };
        sleep(self.latency / 2).await;
        Ok(Polled::new(phase, now).progress(progress))
    }
}

impl Pollable for Timed {
    /// The time since the first poll.
    type Snapshot = Duration;
    type Item = ();
    type Error = Cut;

    async fn poll(&self) -> Result<Polled<Duration>, Cut> {
        self.answer(Duration::ZERO).await
    }

    async fn long_poll(&self, limit: Duration, _: Until) -> Result<Polled<Duration>, Cut> {
        self.answer(limit).await
    }

    fn fault(&self, _: &Cut) -> Fault {
        Fault::Transient { retry_after: None }
    }

    fn max_long_poll(&self) -> Option<Duration> {
        self.long_poll
    }
}
