//! A fleet whose service shows a page of jobs in one reply.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use job_watch::{Fault, FleetBuilder, Phase, PollResult, Pollable, Polled, Source};
use serde_json::json;
use tokio::time::{Instant, sleep};

/// How many jobs there are, and how many of them one reply shows.
const JOBS: usize = 10_000;
const PAGE: usize = 100;

const LATENCY: Duration = Duration::from_millis(80);

/// Says how many requests there were, and how many one GET per job and tick would have taken.
pub(crate) async fn play() -> Result<(), Box<dyn Error>> {
    let service = Pages {
        started: Instant::now(),
        requests: Arc::default(),
        jobs: Arc::default(),
    };
    let (requests, jobs) = (Arc::clone(&service.requests), Arc::clone(&service.jobs));
    let mut random = fastrand::Rng::with_seed(7);
    // They end one by one, from a minute to eleven.
    let ends = std::iter::repeat_with(|| Duration::from_millis(random.u64(60_000..660_000)));
    let parts: Vec<Part> = ends.take(JOBS).map(|ends| Part { ends }).collect();
    let (fleet, driver) = FleetBuilder::new(service).seed(1).build();
    let watches = fleet.watch_all(parts);
    for ended in driver.until(join_all(watches)).await {
        ended?;
    }
    let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    println!(
        "{}",
        json!({ "requests": count(&requests), "alone": count(&jobs) })
    );
    Ok(())
}

/// The service.
struct Pages {
    started: Instant,
    requests: Arc<AtomicUsize>,
    /// The jobs that were asked for, each as often as it was.
    jobs: Arc<AtomicUsize>,
}

/// A job, as the time of its end.
#[derive(Clone, Copy, Debug)]
struct Part {
    ends: Duration,
}

impl Source for Pages {
    type Job = Part;
    type Group = ();

    fn group(&self, _: &Part) {}

    async fn poll(&self, (): &(), parts: &[Part]) -> Result<Vec<PollResult<Self>>, Infallible> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.jobs.fetch_add(parts.len(), Ordering::Relaxed);
        sleep(LATENCY).await;
        let now = self.started.elapsed();
        let show = |part: &Part| {
            let over = now >= part.ends;
            let phase = if over {
                Phase::Succeeded
            } else {
                Phase::Running
            };
            Ok(Polled::new(phase, ()))
        };
        Ok(parts.iter().map(show).collect())
    }

    fn max_jobs(&self, (): &()) -> usize {
        PAGE
    }
}

impl Pollable for Part {
    type Snapshot = ();
    type Item = ();
    type Error = Infallible;

    async fn poll(&self) -> Result<Polled<()>, Infallible> {
        // A fleet polls through its source.
        std::future::pending().await
    }

    fn fault(&self, never: &Infallible) -> Fault {
        match *never {}
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job that ends at {:?}", self.ends)
    }
}
