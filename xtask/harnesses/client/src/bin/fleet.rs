//! Waits for a fleet of jobs through the client, on real sockets and in simulated time. Prints what
//! it cost as one JSON object.

#![allow(
    clippy::print_stdout,
    reason = "what was measured goes to who started it"
)]

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bench_client::{jobs, server};
use civitai_jobs::{Client, JobId, RequestBudget, SkipClock, Token};
use futures_util::future::join_all;
use peak_alloc::PeakAlloc;
use serde_json::json;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const BATCHES: usize = 500;
const BATCH: usize = 20;
const PER_SECOND: u16 = 5;

/// How long a job runs once it has left the queue.
const RUN: Duration = Duration::from_secs(28);

fn main() -> Result<(), Box<dyn Error>> {
    let clock = SkipClock::new();
    let service = Arc::new(Service::new(clock.clone()));
    let answering = Arc::clone(&service);
    let url = server::start(Arc::new(move |target| answering.answer(target)))?;
    let client = Client::builder()
        .token("a-token".to_owned())
        .base_url(url)
        .clock(Arc::new(clock))
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let memory = runtime.block_on(wait(&client))?;
    let asked = service.asked.lock().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{}",
        json!({
            "requests": asked.len(),
            "alone": asked.iter().map(|(_, jobs)| jobs).sum::<usize>(),
            "rush": rush(&asked),
            "memory": memory,
        })
    );
    Ok(())
}

/// Waits for all jobs, each on its own, and returns the bytes that each handle took at the most.
async fn wait(client: &Client) -> Result<usize, Box<dyn Error>> {
    let (fleet, driver) = client.jobs().fleet(RequestBudget::per_second(PER_SECOND));
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let mut watches = Vec::with_capacity(BATCHES * BATCH);
    for batch in 0..BATCHES {
        let job = client
            .jobs()
            .attach(format!("batch-{batch}").parse::<Token>()?);
        let ids = (0..BATCH).map(|number| JobId::new(&jobs::id(batch, number)));
        let ids = ids.collect::<Result<Vec<_>, _>>()?.into_iter();
        watches.extend(ids.map(|id| fleet.watch_job(&job, &id)));
    }
    let ends = watches.into_iter().map(|watch| async {
        let snapshot = watch.await?;
        // What is over waits no more.
        (!snapshot.files().is_empty())
            .then_some(())
            .ok_or("a job without its image")?;
        Ok::<(), Box<dyn Error>>(())
    });
    let ended = driver.until(join_all(ends)).await;
    let most = MEMORY.peak_usage().saturating_sub(before);
    ended.into_iter().collect::<Result<(), _>>()?;
    Ok(most / (BATCHES * BATCH))
}

/// Knows when each job ends, and what it was asked.
struct Service {
    clock: SkipClock,
    ends: Vec<[Duration; BATCH]>,
    /// When each request came, and how many jobs it was about that had not been told to be over.
    asked: Mutex<Vec<(Duration, usize)>>,
    /// When each batch was asked for last.
    told: Mutex<Vec<Duration>>,
}

impl Service {
    /// A batch ends within half a minute, at a time of its own from one minute to ten.
    fn new(clock: SkipClock) -> Self {
        let mut random = fastrand::Rng::with_seed(7);
        let ends = (0..BATCHES).map(|_| {
            let ends = random.u64(60_000..600_000);
            std::array::from_fn(|_| Duration::from_millis(ends + random.u64(0..30_000)))
        });
        Self {
            clock,
            ends: ends.collect(),
            asked: Mutex::default(),
            told: Mutex::new(vec![Duration::ZERO; BATCHES]),
        }
    }

    fn answer(&self, target: &str) -> Arc<[u8]> {
        let token = target.split("token=batch-").nth(1).unwrap_or_default();
        let batch: usize = token
            .split('&')
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        let now = self.clock.elapsed();
        let ends = &self.ends[batch];
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut told[batch], now);
        let open = ends.iter().filter(|end| **end > before).count();
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push((now, open));
        let status = |(number, end): (usize, &Duration)| {
            let (id, begin) = (jobs::id(batch, number), end.saturating_sub(RUN));
            if now >= *end {
                jobs::succeeded(&id)
            } else if now >= begin {
                jobs::running(&id)
            } else {
                jobs::waiting(&id, begin - now)
            }
        };
        let all: Vec<_> = ends.iter().enumerate().map(status).collect();
        server::reply(&json!({ "token": format!("batch-{batch}"), "jobs": all }).to_string())
    }
}

/// The most requests in any sliding second.
fn rush(asked: &[(Duration, usize)]) -> usize {
    let mut times: Vec<Duration> = asked.iter().map(|(at, _)| *at).collect();
    times.sort();
    let within = |first: usize| {
        let second = times[first] + Duration::from_secs(1);
        times[first..]
            .iter()
            .take_while(|at| **at <= second)
            .count()
    };
    (0..times.len()).map(within).max().unwrap_or_default()
}
