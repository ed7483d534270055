//! What a watch costs: requests for the service, and time after the end for the caller.

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

/// The most polls and the longest time from end to notice, over all seeds.
async fn cost(policy: WatchPolicy, job: impl Fn() -> Timed) -> (usize, Duration) {
    let (mut polls, mut lag) = (0, Duration::ZERO);
    for seed in 0..SEEDS {
        let job = job();
        let (start, watch) = (Instant::now(), Watch::new(job.clone()));
        watch.policy(policy).seed(seed).await.unwrap();
        polls = polls.max(job.polls().len());
        lag = lag.max(start.elapsed() - job.queue - job.run);
    }
    (polls, lag)
}

#[tokio::test(start_paused = true)]
async fn a_known_length_finds_the_end_with_few_polls() {
    let policy = WatchPolicy::default();
    // What is expected is hardly ever right to the second; what is off costs a poll or a second.
    for (expected, most_polls, most_lag) in
        [(26, 7, 2), (27, 7, 2), (28, 6, 1), (29, 6, 1), (30, 6, 2)]
    {
        let job = || Timed {
            says_start: true,
            ..half_a_minute()
        };
        let (polls, lag) = cost(policy.expected(secs(expected)), job).await;
        assert!(
            polls <= most_polls,
            "{polls} polls where {expected} s are expected"
        );
        assert!(
            lag <= secs(most_lag),
            "{lag:?} where {expected} s are expected"
        );
    }
    let says_share = || Timed {
        says_start: true,
        says_percent: true,
        ..half_a_minute()
    };
    let (polls, lag) = cost(policy, says_share).await;
    assert!(polls <= 6 && lag <= secs(1), "{polls} polls, {lag:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_known_costs_polls_or_time() {
    let (polls, lag) = cost(WatchPolicy::default(), half_a_minute).await;
    assert!(polls <= 11, "{polls} polls");
    assert!(lag <= secs(15), "the cap of the pace; {lag:?}");
    // Where the begin is not known, the polls that find it come on top.
    let policy = WatchPolicy::default().expected(secs(28));
    let (polls, lag) = cost(policy, half_a_minute).await;
    assert!(polls <= 8 && lag <= secs(3), "{polls} polls, {lag:?}");
}

#[tokio::test(start_paused = true)]
async fn a_long_poll_is_answered_at_the_end() {
    let job = || Timed {
        long_poll: Some(secs(100)),
        latency: millis(40),
        ..half_a_minute()
    };
    let (polls, lag) = cost(WatchPolicy::default(), job).await;
    assert!(polls <= 2 && lag <= millis(50), "{polls} polls, {lag:?}");
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_cuts_long_polls_ends_no_watch() {
    for seconds in [10, 20, 29] {
        let job = Timed {
            long_poll: Some(secs(100)),
            cut: Some(secs(seconds)),
            ..Timed::new(secs(0), secs(300))
        };
        let policy = WatchPolicy::default().tolerance(job_watch::Tolerance::none());
        let ended = Watch::new(job.clone()).policy(policy).await.unwrap();
        assert_eq!(ended, secs(300), "watched to the end");
        // After one cut, long polls are short enough to last.
        let most = 2 + 300 / (seconds * 3 / 4);
        assert!(job.polls().len() <= most as usize, "{:?}", job.polls());
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_the_service_asks_for_is_made() {
    for seed in 0..SEEDS {
        let busy = Answer::Busy(Some(secs(7)));
        let script = [Answer::Hint(secs(7)), busy, Answer::Now(Phase::Succeeded)];
        let job = Scripted::new(script);
        Watch::new(job.clone()).seed(seed).await.unwrap();
        let polls = job.polls();
        let pauses = polls.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(pauses.min_by(f64::total_cmp).unwrap() >= 7.0, "{polls:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_watches_that_start_together_poll_in_turns() {
    let throttle = Throttle::per_second(100);
    let jobs: Vec<_> = (0..1_000)
        .map(|_| Timed::new(secs(0), secs(3_600)))
        .collect();
    let watch = |(seed, job): (u64, &Timed)| {
        let watch = Watch::new(job.clone()).deadline(secs(60));
        watch.throttle(&throttle).seed(seed).into_future()
    };
    let start = Instant::now();
    let ended = join_all((0..).zip(&jobs).map(watch)).await;
    assert!(ended.iter().all(
        |end| matches!(end, Err(WatchError::TimedOut { elapsed, .. }) if *elapsed == secs(60))
    ));

    let mut polls: Vec<_> = jobs.iter().flat_map(Timed::instants).collect();
    // The last poll of each is bound to its deadline, which they share.
    polls.retain(|poll| *poll < start + secs(59));
    polls.sort();
    let second = |first: &Instant| {
        let within = polls
            .iter()
            .filter(|poll| (*first..*first + secs(1)).contains(poll));
        within.count()
    };
    let most = polls.iter().step_by(7).map(second).max().unwrap();
    assert!(
        most * 20 <= polls.len(),
        "{most} of {} in a second",
        polls.len()
    );
}

#[tokio::test(start_paused = true)]
async fn one_watch_does_not_notice_the_throttle() {
    let throttle = Throttle::per_second(100);
    let script =
        || Scripted::new([Phase::Running, Phase::Running, Phase::Succeeded].map(Answer::Now));
    let (alone, sharing) = (script(), script());
    Watch::new(alone.clone()).seed(1).await.unwrap();
    let watch = Watch::new(sharing.clone()).throttle(&throttle);
    watch.seed(1).await.unwrap();
    assert_eq!(alone.polls(), sharing.polls());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_hardly_overrun() {
    let silent = || Scripted::new([Answer::Now(Phase::Running), Answer::Nothing]);
    for deadline in [0, 1, 20, 45, 90] {
        let start = Instant::now();
        let watch = Watch::new(silent()).deadline(secs(deadline));
        let error = watch.await.unwrap_err();
        assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
        let over = start.elapsed().saturating_sub(secs(deadline));
        assert!(over < millis(50), "{over:?} after {deadline} s");
    }
    for (latency, long_poll) in [(300, None), (2_000, None), (300, Some(secs(90)))] {
        for seed in 0..SEEDS {
            let job = Timed {
                latency: millis(latency),
                long_poll,
                ..Timed::new(secs(0), secs(3_600))
            };
            let start = Instant::now();
            let watch = Watch::new(job.clone()).deadline(secs(60));
            let error = watch.seed(seed).await.unwrap_err();
            assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
            let over = start.elapsed().saturating_sub(secs(60));
            assert!(over < millis(50), "{over:?} with {latency} ms");
            // The last poll was not in vain.
            let fresh = *error.last().unwrap();
            assert!(fresh >= secs(60) - millis(2 * latency), "{fresh:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ten_lost_connections_in_a_row_do_not_end_the_watch() {
    for seed in 0..SEEDS {
        let mut script = vec![Answer::Now(Phase::Running)];
        script.extend([Answer::Busy(None); 10]);
        script.push(Answer::Now(Phase::Succeeded));
        let watch = Watch::new(Scripted::new(script)).seed(seed);
        assert_eq!(watch.await.unwrap(), 12);
    }
}
