//! What a watch that has an estimate costs, in simulated time.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]
#![allow(
    dead_code,
    reason = "the jobs are shared, and this test plays little of them"
)]

mod batches;
mod timed;

use std::time::Duration;

use batches::{Batches, Part};
use futures_util::future::join_all;
use job_watch::{Estimate, Estimates, FleetBuilder, Watch};
use timed::Timed;
use tokio::time::Instant;

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// The polls of a job and the time from its end to its notice.
type Cost = (usize, Duration);

/// Watches a job and returns what that cost.
async fn watched(job: Timed, estimate: &Estimate, seed: u64) -> Cost {
    let start = Instant::now();
    let watch = Watch::new(job.clone()).estimate(estimate.clone());
    watch.seed(seed).await.unwrap();
    let lag = start.elapsed() - job.queue - job.run;
    (job.polls().len(), lag)
}

/// The highest costs over many seeds of each job after the first `skipped`, where each seed is a program
/// that learns from the beginning.
async fn cost(seeds: u64, skipped: usize, jobs: impl Fn(&mut fastrand::Rng) -> Vec<Timed>) -> Cost {
    let (mut polls, mut lag) = (0, Duration::ZERO);
    for seed in 0..seeds {
        let estimate = Estimates::new().of("render");
        let mut random = fastrand::Rng::with_seed(seed);
        for (index, job) in jobs(&mut random).into_iter().enumerate() {
            let cost = watched(job, &estimate, random.u64(..)).await;
            if index >= skipped {
                polls = polls.max(cost.0);
                lag = lag.max(cost.1);
            }
        }
    }
    (polls, lag)
}

/// A job that says nothing but that it is queued, running or done, and takes about that long, up to
/// `off` more or less.
fn about(seconds: f64, off: f64, random: &mut fastrand::Rng) -> Timed {
    let length = seconds + off * (2.0 * random.f64() - 1.0);
    let queue = length / 15.0;
    Timed::new(
        Duration::from_secs_f64(queue),
        Duration::from_secs_f64(length - queue),
    )
}

#[tokio::test(start_paused = true)]
async fn three_jobs_teach_how_long_the_next_takes() {
    for (seconds, off, seeds, most_polls, most_lag) in [
        (5.0, 0.3, 200, 4, 1),
        (30.0, 1.0, 200, 6, 2),
        // 40 polls are owed to the cap of the pace.
        (600.0, 2.0, 20, 46, 4),
    ] {
        let jobs = |random: &mut _| (0..8).map(|_| about(seconds, off, random)).collect();
        let (polls, lag) = cost(seeds, 3, jobs).await;
        assert!(polls <= most_polls, "{polls} polls of {seconds} s");
        assert!(lag <= secs(most_lag), "{lag:?} after {seconds} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_says_nothing_of_its_queue_is_learned_as_well() {
    let running = |random: &mut fastrand::Rng| {
        let length = 29.0 + 2.0 * random.f64();
        Timed::new(Duration::ZERO, Duration::from_secs_f64(length))
    };
    let jobs = |random: &mut _| (0..8).map(|_| running(random)).collect();
    let (polls, lag) = cost(100, 3, jobs).await;
    assert!(polls <= 6 && lag <= secs(2), "{polls} polls, {lag:?}");
}

#[tokio::test(start_paused = true)]
async fn one_outlier_teaches_nothing() {
    for (outlier, place) in [(300.0, 3), (300.0, 0), (2.0, 3), (2.0, 0)] {
        let jobs = |random: &mut _| {
            let length = |index| if index == place { outlier } else { 30.0 };
            (0..8)
                .map(|index| about(length(index), 1.0, random))
                .collect()
        };
        let (polls, lag) = cost(50, 4, jobs).await;
        assert!(polls <= 7, "{polls} polls after {outlier} s at {place}");
        assert!(lag <= secs(3), "{lag:?} after {outlier} s at {place}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_longer_queue_moves_the_end_and_not_the_run() {
    let queued = |seconds| Timed {
        says_start: true,
        ..Timed::new(secs(seconds), secs(28))
    };
    // The service says when the job begins, and no more.
    let jobs = |random: &mut fastrand::Rng| {
        let queues = std::iter::repeat_with(|| queued(random.u64(2..90)));
        queues.take(12).collect()
    };
    let (_, lag) = cost(50, 4, jobs).await;
    assert!(lag <= secs(2), "{lag:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_said_comes_before_what_is_learned() {
    let estimate = Estimates::new().of("render");
    for seed in 0..3 {
        watched(Timed::new(secs(0), secs(30)), &estimate, seed).await;
    }
    // This one takes longer, and says so.
    let job = Timed {
        says_percent: true,
        ..Timed::new(secs(0), secs(300))
    };
    let (polls, lag) = watched(job, &estimate, 1).await;
    assert!(polls <= 32 && lag <= secs(1), "{polls} polls, {lag:?}");
}

#[tokio::test(start_paused = true)]
async fn an_update_says_what_is_learned_of_the_rest() {
    let estimate = Estimates::new().of("render");
    for seed in 0..4 {
        watched(Timed::new(secs(0), secs(30)), &estimate, seed).await;
    }
    assert_eq!(estimate.jobs(), 4);
    assert!(estimate.expected().unwrap().abs_diff(secs(30)) <= secs(1));
    let mut watch = Watch::new(Timed::new(secs(0), secs(30))).estimate(estimate);
    let first = watch.next().await.unwrap().unwrap();
    assert!(first.progress.ends_in.unwrap().abs_diff(secs(30)) <= secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_had_ended_before_teaches_nothing() {
    let estimate = Estimates::new().of("render");
    watched(Timed::new(secs(0), secs(0)), &estimate, 1).await;
    assert_eq!(estimate.jobs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_fleet_learns_from_its_own_jobs() {
    let (mut polls, mut lags) = (Vec::new(), Vec::new());
    let service = Batches::new();
    let builder = FleetBuilder::new(service.clone()).estimate(Estimates::new().of("render"));
    let (fleet, driver) = builder.seed(1).build();
    let work = async {
        for batch in 0..8 {
            let (start, before) = (Instant::now(), service.asked().len());
            let ends = service.age() + secs(30);
            let parts = (0..5).map(|number| Part {
                batch,
                number,
                ends,
            });
            let results = join_all(fleet.watch_all(parts)).await;
            assert!(results.iter().all(Result::is_ok));
            polls.push(service.asked().len() - before);
            lags.push(start.elapsed() - secs(30));
        }
    };
    driver.until(work).await;
    assert!(polls[3..].iter().all(|polls| *polls <= 6), "{polls:?}");
    assert!(lags[3..].iter().all(|lag| *lag <= secs(2)), "{lags:?}");
}
