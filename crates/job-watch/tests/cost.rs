//! What waiting costs the service and the one who waits: requests, and time after the end.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]
#![allow(
    dead_code,
    reason = "the script is shared, and this test plays little of it"
)]

mod scripted;
mod timed;

use std::time::Duration;

use futures_util::future::join_all;
use job_watch::{Phase, Throttle, Watch, WatchError, WatchPolicy};
use scripted::{Answer, Scripted};
use timed::Timed;
use tokio::time::Instant;

const SEEDS: u64 = 300;

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Two seconds in the queue and 28 of work.
fn half_a_minute() -> Timed {
    Timed::new(secs(2), secs(28))
}

/// The most looks and the longest time from end to notice, over all seeds.
async fn cost(policy: WatchPolicy, job: impl Fn() -> Timed) -> (usize, Duration) {
    let (mut looks, mut lag) = (0, Duration::ZERO);
    for seed in 0..SEEDS {
        let job = job();
        let (start, watch) = (Instant::now(), Watch::new(job.clone()));
        watch.with_policy(policy).with_seed(seed).await.unwrap();
        looks = looks.max(job.looks().len());
        lag = lag.max(start.elapsed() - job.queue - job.run);
    }
    (looks, lag)
}

#[tokio::test(start_paused = true)]
async fn who_knows_how_long_it_takes_notices_the_end_with_few_looks() {
    let policy = WatchPolicy::default();
    // What is expected is hardly ever right to the second; what is off costs a look or a second.
    for (expected, most_looks, most_lag) in
        [(26, 7, 2), (27, 7, 2), (28, 6, 1), (29, 6, 1), (30, 6, 2)]
    {
        let job = || Timed {
            tells_start: true,
            ..half_a_minute()
        };
        let (looks, lag) = cost(policy.with_expected(secs(expected)), job).await;
        assert!(
            looks <= most_looks,
            "{looks} looks where {expected} s are expected"
        );
        assert!(
            lag <= secs(most_lag),
            "{lag:?} where {expected} s are expected"
        );
    }
    let told = || Timed {
        tells_start: true,
        tells_percent: true,
        ..half_a_minute()
    };
    let (looks, lag) = cost(policy, told).await;
    assert!(looks <= 6 && lag <= secs(1), "{looks} looks, {lag:?}");
}

#[tokio::test(start_paused = true)]
async fn who_knows_nothing_pays_with_looks_or_with_time() {
    let (looks, lag) = cost(WatchPolicy::default(), half_a_minute).await;
    assert!(looks <= 11, "{looks} looks");
    assert!(lag <= secs(15), "the cap of the pace; {lag:?}");
    // Where the begin is not told, the looks that find it come on top.
    let policy = WatchPolicy::default().with_expected(secs(28));
    let (looks, lag) = cost(policy, half_a_minute).await;
    assert!(looks <= 8 && lag <= secs(3), "{looks} looks, {lag:?}");
}

#[tokio::test(start_paused = true)]
async fn a_held_answer_comes_with_the_end() {
    let job = || Timed {
        holds: Some(secs(100)),
        latency: millis(40),
        ..half_a_minute()
    };
    let (looks, lag) = cost(WatchPolicy::default(), job).await;
    assert!(looks <= 2 && lag <= millis(50), "{looks} looks, {lag:?}");
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_cuts_holds_ends_no_wait() {
    for seconds in [10, 20, 29] {
        let job = Timed {
            holds: Some(secs(100)),
            cut: Some(secs(seconds)),
            ..Timed::new(secs(0), secs(300))
        };
        let policy = WatchPolicy::default().with_tolerance(job_watch::Tolerance::none());
        let ended = Watch::new(job.clone()).with_policy(policy).await.unwrap();
        assert_eq!(ended, secs(300), "held to the end");
        // One cut teaches a hold that lasts.
        let most = 2 + 300 / (seconds * 3 / 4);
        assert!(job.looks().len() <= most as usize, "{:?}", job.looks());
    }
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_be_left_alone_is_granted() {
    for seed in 0..SEEDS {
        let busy = Answer::Busy(Some(secs(7)));
        let script = [Answer::Hint(secs(7)), busy, Answer::Now(Phase::Succeeded)];
        let job = Scripted::new(script);
        Watch::new(job.clone()).with_seed(seed).await.unwrap();
        let looks = job.looks();
        let pauses = looks.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(pauses.min_by(f64::total_cmp).unwrap() >= 7.0, "{looks:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_watches_that_start_together_look_in_turns() {
    let throttle = Throttle::per_second(100);
    let jobs: Vec<_> = (0..1_000)
        .map(|_| Timed::new(secs(0), secs(3_600)))
        .collect();
    let watch = |(seed, job): (u64, &Timed)| {
        let watch = Watch::new(job.clone()).with_deadline(secs(60));
        watch.with_throttle(&throttle).with_seed(seed).into_future()
    };
    let start = Instant::now();
    let ended = join_all((0..).zip(&jobs).map(watch)).await;
    assert!(
        ended.iter().all(
            |end| matches!(end, Err(WatchError::TimedOut { waited, .. }) if *waited == secs(60))
        )
    );

    let mut looks: Vec<_> = jobs.iter().flat_map(Timed::instants).collect();
    // The last look of each is bound to its deadline, which they share.
    looks.retain(|look| *look < start + secs(59));
    looks.sort();
    let second = |first: &Instant| {
        let within = looks
            .iter()
            .filter(|look| (*first..*first + secs(1)).contains(look));
        within.count()
    };
    let most = looks.iter().step_by(7).map(second).max().unwrap();
    assert!(
        most * 20 <= looks.len(),
        "{most} of {} in a second",
        looks.len()
    );
}

#[tokio::test(start_paused = true)]
async fn one_watch_does_not_notice_the_throttle() {
    let throttle = Throttle::per_second(100);
    let script =
        || Scripted::new([Phase::Running, Phase::Running, Phase::Succeeded].map(Answer::Now));
    let (alone, sharing) = (script(), script());
    Watch::new(alone.clone()).with_seed(1).await.unwrap();
    let watch = Watch::new(sharing.clone()).with_throttle(&throttle);
    watch.with_seed(1).await.unwrap();
    assert_eq!(alone.looks(), sharing.looks());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_hardly_overrun() {
    let silent = || Scripted::new([Answer::Now(Phase::Running), Answer::Silence]);
    for deadline in [0, 1, 20, 45, 90] {
        let start = Instant::now();
        let watch = Watch::new(silent()).with_deadline(secs(deadline));
        let error = watch.await.unwrap_err();
        assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
        let over = start.elapsed().saturating_sub(secs(deadline));
        assert!(over < millis(50), "{over:?} after {deadline} s");
    }
    for (latency, holds) in [(300, None), (2_000, None), (300, Some(secs(90)))] {
        for seed in 0..SEEDS {
            let job = Timed {
                latency: millis(latency),
                holds,
                ..Timed::new(secs(0), secs(3_600))
            };
            let start = Instant::now();
            let watch = Watch::new(job.clone()).with_deadline(secs(60));
            let error = watch.with_seed(seed).await.unwrap_err();
            assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
            let over = start.elapsed().saturating_sub(secs(60));
            assert!(over < millis(50), "{over:?} with {latency} ms");
            // The last look was not in vain.
            let fresh = *error.last().unwrap();
            assert!(fresh >= secs(60) - millis(2 * latency), "{fresh:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ten_lost_connections_in_a_row_do_not_end_the_wait() {
    for seed in 0..SEEDS {
        let mut script = vec![Answer::Now(Phase::Running)];
        script.extend([Answer::Busy(None); 10]);
        script.push(Answer::Now(Phase::Succeeded));
        let watch = Watch::new(Scripted::new(script)).with_seed(seed);
        assert_eq!(watch.await.unwrap(), 12);
    }
}
