//! A job that takes its time, and tells of it what it is told to tell.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use job_watch::{Fault, Job, Phase, Progress, Seen};
use tokio::time::{Instant, sleep};

/// Waits, runs and ends, counted from the first look. Clones are the same job.
#[derive(Clone, Debug)]
pub(crate) struct Timed {
    pub(crate) queue: Duration,
    pub(crate) run: Duration,
    /// Whether it says when it will start.
    pub(crate) tells_start: bool,
    /// Whether it says how much of the work is done.
    pub(crate) tells_percent: bool,
    /// How long the service takes to answer.
    pub(crate) latency: Duration,
    pub(crate) holds: Option<Duration>,
    /// After how long something in between cuts a hold.
    pub(crate) cut: Option<Duration>,
    pub(crate) looks: Arc<Mutex<Vec<Instant>>>,
}

impl Timed {
    pub(crate) fn new(queue: Duration, run: Duration) -> Self {
        Self {
            queue,
            run,
            tells_start: false,
            tells_percent: false,
            latency: Duration::ZERO,
            holds: None,
            cut: None,
            looks: Arc::default(),
        }
    }

    /// How long after the first look each was.
    pub(crate) fn looks(&self) -> Vec<Duration> {
        let looks = self.looks.lock().unwrap();
        looks.iter().map(|look| *look - looks[0]).collect()
    }

    /// When the looks were.
    pub(crate) fn instants(&self) -> Vec<Instant> {
        self.looks.lock().unwrap().clone()
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

impl Job for Timed {
    /// The time since the first look.
    type Snapshot = Duration;
    type Error = Cut;

    async fn look(&self, hold: Option<Duration>) -> Result<Seen<Duration>, Cut> {
        let born = {
            let mut looks = self.looks.lock().unwrap();
            looks.push(Instant::now());
            looks[0]
        };
        let end = self.queue + self.run;
        let left = end.saturating_sub(born.elapsed());
        let held = left.min(hold.unwrap_or_default());
        match self.cut.filter(|cut| *cut < held) {
            Some(cut) => {
                sleep(cut).await;
                return Err(Cut);
            }
            None => sleep(held + self.latency / 2).await,
        }
        let now = born.elapsed();
        let run = now.saturating_sub(self.queue);
        let (phase, progress) = if now >= end {
            (Phase::Succeeded, Progress::new())
        } else if now < self.queue {
            let wait = self.tells_start.then(|| self.queue - now);
            (Phase::Waiting, Progress::new().with_starts_in(wait))
        } else {
            let share = run.as_secs_f32() / self.run.as_secs_f32();
            let percent = self.tells_percent.then_some(100.0 * share);
            (Phase::Running, Progress::new().with_percent(percent))
        };
        sleep(self.latency / 2).await;
        Ok(Seen::new(phase, now).with_progress(progress))
    }

    fn fault(&self, _: &Cut) -> Fault {
        Fault::Passing { retry_after: None }
    }

    fn longest_hold(&self) -> Option<Duration> {
        self.holds
    }
}
