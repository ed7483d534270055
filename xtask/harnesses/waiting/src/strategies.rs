//! One job at a time, watched in several ways.
//!
//! A plain poll takes no time: what is late is so by the strategy.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use job_watch::{
    Estimate, Estimates, Fault, Phase, Pollable, Polled, Progress, Until, Watch, WatchPolicy,
};
use serde_json::json;
use tokio::time::{Instant, sleep};

/// How many jobs of each length each strategy watches; all strategies get the same ones.
const DRAWS: u64 = 300;

/// How long jobs take from submission to end, in seconds, the queue included.
const LENGTHS: [u64; 4] = [5, 30, 180, 600];

/// The queue takes from nothing to twice this.
const QUEUE: Duration = Duration::from_secs(2);

/// A way of watching.
#[derive(Clone, Copy)]
enum Strategy {
    /// A poll, and a pause that is always the same.
    Fixed(Duration),
    /// A watch with the default policy, and what the service and the caller know.
    Watch {
        says: Says,
        expects: bool,
        long_poll: Option<Duration>,
    },
    /// A watch with the default policy that has learned from so many jobs before.
    Learned(u64),
}

/// What the service says of a job that is not over.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    Nothing,
    /// When it begins.
    Start,
    /// When it begins, and the share that is done.
    Share,
}

const fn watch(says: Says, expects: bool, long_poll: Option<u64>) -> Strategy {
    let long_poll = match long_poll {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => None,
    };
    Strategy::Watch {
        says,
        expects,
        long_poll,
    }
}

/// The names are those that the table looks for.
const STRATEGIES: [(&str, Strategy); 8] = [
    ("fixed-1", Strategy::Fixed(Duration::from_secs(1))),
    ("fixed-30", Strategy::Fixed(Duration::from_secs(30))),
    ("pace", watch(Says::Nothing, false, None)),
    ("expected", watch(Says::Start, true, None)),
    ("learned", Strategy::Learned(4)),
    ("share", watch(Says::Share, false, None)),
    ("long-poll-30", watch(Says::Nothing, false, Some(30))),
    ("long-poll-90", watch(Says::Nothing, false, Some(90))),
];

/// Says the most requests and the longest lag of each strategy for each length.
pub(crate) async fn play() -> Result<(), Box<dyn Error>> {
    for seconds in LENGTHS {
        for (name, strategy) in STRATEGIES {
            let (mut requests, mut lag) = (0, Duration::ZERO);
            for draw in 0..DRAWS {
                let (polls, late) = watched(strategy, seconds, draw).await?;
                requests = requests.max(polls);
                lag = lag.max(late);
            }
            let nanoseconds = u64::try_from(lag.as_nanos())?;
            println!(
                "{}",
                json!({ "seconds": seconds, "strategy": name, "requests": requests, "lag": nanoseconds })
            );
        }
    }
    Ok(())
}

/// The requests for one job, and how long after its end the watch ends.
async fn watched(
    strategy: Strategy,
    seconds: u64,
    draw: u64,
) -> Result<(u32, Duration), Box<dyn Error>> {
    let mut random = fastrand::Rng::with_seed(draw);
    let run = Duration::from_secs(seconds) - QUEUE;
    let mut job = Timed::new(&mut random, run);
    match strategy {
        Strategy::Fixed(interval) => {
            // The clock that it goes by knows nothing of the job.
            sleep(interval.mul_f64(random.f64())).await;
            while job.poll().await?.phase != Phase::Succeeded {
                sleep(interval).await;
            }
        }
        Strategy::Watch {
            says,
            expects,
            long_poll,
        } => {
            job.says = says;
            job.long_polls = long_poll.is_some();
            let policy = WatchPolicy::default().long_poll(long_poll.unwrap_or_default());
            let expected = if expects { run } else { Duration::ZERO };
            Watch::new(job.clone())
                .policy(policy)
                .expected(expected)
                .seed(draw)
                .await?;
        }
        Strategy::Learned(jobs) => {
            let estimate = Estimates::new().of("job");
            let learn = async |job: Timed, estimate: Estimate, seed| {
                Watch::new(job).estimate(estimate).seed(seed).await
            };
            for _ in 0..jobs {
                let earlier = Timed::new(&mut random, run);
                learn(earlier, estimate.clone(), random.u64(..)).await?;
            }
            job = Timed::new(&mut random, run);
            learn(job.clone(), estimate, draw).await?;
        }
    }
    let lag = job.born.elapsed().saturating_sub(job.queue + job.run);
    Ok((job.polls.load(Ordering::Relaxed), lag))
}

/// A job that is queued, runs, and ends.
#[derive(Clone, Debug)]
struct Timed {
    born: Instant,
    queue: Duration,
    run: Duration,
    says: Says,
    /// Whether the service offers long polls, which it answers at the end.
    long_polls: bool,
    polls: Arc<AtomicU32>,
}

impl Pollable for Timed {
    type Snapshot = ();
    type Item = ();
    type Error = Infallible;

    async fn poll(&self) -> Result<Polled<()>, Infallible> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        Ok(self.now(self.born.elapsed()))
    }

    async fn long_poll(&self, limit: Duration, _: Until) -> Result<Polled<()>, Infallible> {
        let end = self.queue + self.run;
        let left = end.saturating_sub(self.born.elapsed());
        sleep(left.min(limit)).await;
        self.poll().await
    }

    fn fault(&self, never: &Infallible) -> Fault {
        match *never {}
    }

    fn max_long_poll(&self) -> Option<Duration> {
        self.long_polls.then_some(Duration::MAX)
    }
}

impl Timed {
    /// A job that begins to wait in the queue now.
    fn new(random: &mut fastrand::Rng, run: Duration) -> Self {
        Self {
            born: Instant::now(),
            queue: QUEUE.mul_f64(2.0 * random.f64()),
            run,
            says: Says::Nothing,
            long_polls: false,
            polls: Arc::default(),
        }
    }

    fn now(&self, now: Duration) -> Polled<()> {
        if now >= self.queue + self.run {
            return Polled::new(Phase::Succeeded, ());
        }
        if now < self.queue {
            let wait = (self.says != Says::Nothing).then(|| self.queue - now);
            let progress = Progress::new().starts_in(wait);
            return Polled::new(Phase::Queued, ()).progress(progress);
        }
        let share = (now - self.queue).as_secs_f32() / self.run.as_secs_f32();
        let percent = (self.says == Says::Share).then_some(100.0 * share);
        Polled::new(Phase::Running, ()).progress(Progress::new().percent(percent))
    }
}

impl fmt::Display for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("timed")
    }
}
