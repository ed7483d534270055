//! One job at a time, waited for in several ways.
//!
//! An answer that is not held takes no time: what is late is so by the strategy.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use job_watch::{Fault, Job, Phase, Progress, Seen, Watch, WatchPolicy};
use serde_json::json;
use tokio::time::{Instant, sleep};

/// How many jobs of each length each strategy waits for; all strategies get the same ones.
const DRAWS: u64 = 300;

/// How long jobs take from submission to end, in seconds, the queue included.
const LENGTHS: [u64; 4] = [5, 30, 180, 600];

/// The queue takes from nothing to twice this.
const QUEUE: Duration = Duration::from_secs(2);

/// A way of waiting.
#[derive(Clone, Copy)]
enum Strategy {
    /// A look, and a pause that is always the same.
    Fixed(Duration),
    /// A watch with the default policy, and what the service and the caller know.
    Watch {
        told: Told,
        expects: bool,
        hold: Option<Duration>,
    },
}

/// What the service tells of a job that is not over.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    Nothing,
    /// When it begins.
    Start,
    /// When it begins, and the share that is done.
    Share,
}

const fn watch(told: Told, expects: bool, hold: Option<u64>) -> Strategy {
    let hold = match hold {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => None,
    };
    Strategy::Watch {
        told,
        expects,
        hold,
    }
}

/// The names are those that the table looks for.
const STRATEGIES: [(&str, Strategy); 7] = [
    ("fixed-1", Strategy::Fixed(Duration::from_secs(1))),
    ("fixed-30", Strategy::Fixed(Duration::from_secs(30))),
    ("pace", watch(Told::Nothing, false, None)),
    ("expected", watch(Told::Start, true, None)),
    ("share", watch(Told::Share, false, None)),
    ("hold-30", watch(Told::Nothing, false, Some(30))),
    ("hold-90", watch(Told::Nothing, false, Some(90))),
];

/// Says the most requests and the longest lag of each strategy for each length.
pub(crate) async fn play() -> Result<(), Box<dyn Error>> {
    for seconds in LENGTHS {
        for (name, strategy) in STRATEGIES {
            let (mut requests, mut lag) = (0, Duration::ZERO);
            for draw in 0..DRAWS {
                let (looks, late) = wait(strategy, seconds, draw).await?;
                requests = requests.max(looks);
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

/// The requests for one job, and how long after its end the one who waits knows.
async fn wait(
    strategy: Strategy,
    seconds: u64,
    draw: u64,
) -> Result<(u32, Duration), Box<dyn Error>> {
    let mut random = fastrand::Rng::with_seed(draw);
    let run = Duration::from_secs(seconds) - QUEUE;
    let mut job = Timed {
        born: Instant::now(),
        queue: QUEUE.mul_f64(2.0 * random.f64()),
        run,
        told: Told::Nothing,
        holds: false,
        looks: Arc::default(),
    };
    match strategy {
        Strategy::Fixed(interval) => {
            // The clock that it goes by knows nothing of the job.
            sleep(interval.mul_f64(random.f64())).await;
            while job.look(None).await?.phase != Phase::Succeeded {
                sleep(interval).await;
            }
        }
        Strategy::Watch {
            told,
            expects,
            hold,
        } => {
            job.told = told;
            job.holds = hold.is_some();
            let policy = WatchPolicy::default().with_hold(hold.unwrap_or_default());
            let expected = if expects { run } else { Duration::ZERO };
            Watch::new(job.clone())
                .with_policy(policy)
                .with_expected(expected)
                .with_seed(draw)
                .await?;
        }
    }
    let lag = job.born.elapsed().saturating_sub(job.queue + job.run);
    Ok((job.looks.load(Ordering::Relaxed), lag))
}

/// A job that waits in a queue, runs, and ends.
#[derive(Clone, Debug)]
struct Timed {
    born: Instant,
    queue: Duration,
    run: Duration,
    told: Told,
    /// Whether the service holds its answer until the end.
    holds: bool,
    looks: Arc<AtomicU32>,
}

impl Job for Timed {
    type Snapshot = ();
    type Error = Infallible;

    async fn look(&self, hold: Option<Duration>) -> Result<Seen<()>, Infallible> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        let end = self.queue + self.run;
        let left = end.saturating_sub(self.born.elapsed());
        sleep(left.min(hold.unwrap_or_default())).await;
        Ok(self.seen(self.born.elapsed()))
    }

    fn fault(&self, never: &Infallible) -> Fault {
        match *never {}
    }

    fn longest_hold(&self) -> Option<Duration> {
        self.holds.then_some(Duration::MAX)
    }
}

impl Timed {
    fn seen(&self, now: Duration) -> Seen<()> {
        if now >= self.queue + self.run {
            return Seen::new(Phase::Succeeded, ());
        }
        if now < self.queue {
            let wait = (self.told != Told::Nothing).then(|| self.queue - now);
            let progress = Progress::new().with_starts_in(wait);
            return Seen::new(Phase::Waiting, ()).with_progress(progress);
        }
        let share = (now - self.queue).as_secs_f32() / self.run.as_secs_f32();
        let percent = (self.told == Told::Share).then_some(100.0 * share);
        Seen::new(Phase::Running, ()).with_progress(Progress::new().with_percent(percent))
    }
}

impl fmt::Display for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("timed")
    }
}
