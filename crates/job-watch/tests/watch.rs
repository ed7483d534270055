//! What somebody who watches a job notices, in simulated time.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]
#![allow(
    dead_code,
    reason = "the jobs are shared, and this test plays little of them"
)]

mod scripted;
mod timed;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use job_watch::{Pace, Phase, SkipClock, Tolerance, Watch, WatchError, WatchPolicy};
use scripted::{Answer, Refusal, Scripted};
use timed::Timed;
use tokio::time::{Instant, advance, timeout};

const RUNNING: Answer = Answer::Now(Phase::Running);
const DONE: Answer = Answer::Now(Phase::Succeeded);

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// Pauses of 1, 2, 4, 8, 8... seconds, no jitter.
fn policy() -> WatchPolicy {
    let pace = Pace::growing(secs(1), secs(8)).factor(2.0).jitter(0.0);
    WatchPolicy::default().pace(pace)
}

fn watch(job: &Scripted) -> Watch<Scripted> {
    Watch::new(job.clone()).policy(policy())
}

#[tokio::test(start_paused = true)]
async fn awaiting_gives_the_result() {
    let job = Scripted::new([Answer::Now(Phase::Queued), RUNNING, RUNNING, RUNNING, DONE]);
    assert_eq!(watch(&job).await.unwrap(), 5);
    assert_eq!(job.polls(), [0.0, 1.0, 3.0, 7.0, 15.0]);
}

#[tokio::test(start_paused = true)]
async fn an_update_comes_before_the_pause() {
    let job = Scripted::new([RUNNING, DONE]);
    let mut watch = watch(&job);
    let start = Instant::now();

    let first = watch.next().await.unwrap().unwrap();
    assert_eq!(
        (first.phase, first.snapshot, first.polls),
        (Phase::Running, 1, 1)
    );
    assert_eq!(start.elapsed(), Duration::ZERO);

    let second = watch.next().await.unwrap().unwrap();
    assert_eq!(
        (second.phase, second.snapshot, second.elapsed),
        (Phase::Succeeded, 2, secs(1))
    );
    assert_eq!(watch.next().await.unwrap(), None);
    assert_eq!(watch.await.unwrap(), 2, "the result is still there");
    assert_eq!(job.polls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn progress_shows_the_queue_the_share_and_the_rest() {
    let job = Timed {
        says_start: true,
        says_percent: true,
        ..Timed::new(secs(20), secs(40))
    };
    let mut watch = Watch::new(job).seed(1);
    let (mut phases, mut percents) = (Vec::new(), Vec::new());
    let mut error = Duration::ZERO;
    while let Some(update) = watch.next().await.unwrap() {
        let progress = update.progress;
        if let Some(wait) = progress.starts_in {
            assert_eq!(update.elapsed + wait, secs(20));
        }
        if let Some(rest) = progress.ends_in {
            error = error.max((update.elapsed + rest).abs_diff(secs(60)));
        }
        phases.push(update.phase);
        percents.extend(progress.percent);
    }
    phases.dedup();
    assert_eq!(phases, [Phase::Queued, Phase::Running, Phase::Succeeded]);
    assert!(percents.is_sorted() && percents.len() > 3, "{percents:?}");
    assert_eq!(percents.last(), Some(&100.0));
    assert!(error > Duration::ZERO && error < secs(1), "{error:?}");
}

#[cfg(feature = "stream")]
#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_the_result_or_the_error() {
    use futures_util::{StreamExt, TryStreamExt};

    let job = Scripted::new([RUNNING, RUNNING, DONE]);
    let updates: Vec<_> = watch(&job).into_stream().try_collect().await.unwrap();
    assert_eq!(
        updates.iter().map(|u| u.snapshot).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(job.polls(), [0.0, 1.0, 3.0]);

    let mut updates = watch(&Scripted::new([Answer::Unknown, DONE])).into_stream();
    assert!(updates.next().await.unwrap().is_err());
    assert!(updates.next().await.is_none(), "an error is the end");
}

#[tokio::test(start_paused = true)]
async fn time_spent_by_the_caller_counts_as_pause() {
    let job = Scripted::new([RUNNING, DONE]);
    let mut watch = watch(&job);
    watch.next().await.unwrap();
    advance(Duration::from_millis(600)).await;
    watch.next().await.unwrap();
    assert_eq!(job.polls(), [0.0, 1.0]);
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_in_its_pause_loses_nothing() {
    let job = Scripted::new([RUNNING, RUNNING, DONE]);
    let mut watch = watch(&job);
    watch.next().await.unwrap();
    for _ in 0..3 {
        assert!(
            timeout(Duration::from_millis(300), watch.next())
                .await
                .is_err()
        );
    }
    watch.next().await.unwrap();
    assert_eq!(job.polls(), [0.0, 1.0]);
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_in_its_poll_goes_on_with_it() {
    let job = Scripted::new([Answer::LongPolled(secs(20), Phase::Succeeded)]).long_polls(secs(30));
    let mut watch = watch(&job);
    let mut ticks = 0;
    let update = loop {
        match timeout(secs(1), watch.next()).await {
            Ok(update) => break update.unwrap().unwrap(),
            Err(_) => ticks += 1,
        }
    };
    assert_eq!((update.phase, job.polls().len()), (Phase::Succeeded, 1));
    assert!((19..=20).contains(&ticks), "{ticks}");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_brings_one_last_poll_and_a_handle_to_go_on_with() {
    let mut script = vec![RUNNING; 8];
    script.push(DONE);
    let job = Scripted::new(script);
    let error = watch(&job).deadline(secs(30)).await.unwrap_err();
    assert_eq!(job.polls(), [0.0, 1.0, 3.0, 7.0, 15.0, 23.0, 30.0]);
    assert_eq!(
        error.to_string(),
        "job scripted-1 had not ended after 30.0s (number of polls: 7)"
    );
    let WatchError::TimedOut {
        job,
        last,
        elapsed,
        polls,
        ..
    } = error
    else {
        panic!("expected a time-out; got {error:?}");
    };
    assert_eq!((last, elapsed, polls), (Some(7), secs(30), 7));

    assert_eq!(watch(&job).await.unwrap(), 9, "the job went on");
}

#[tokio::test(start_paused = true)]
async fn a_result_at_the_last_poll_is_no_time_out() {
    let job = Scripted::new([RUNNING, RUNNING, DONE]);
    assert_eq!(
        watch(&job).deadline(secs(2)).await.unwrap_err().last(),
        Some(&2)
    );

    let job = Scripted::new([RUNNING, RUNNING, DONE]);
    assert_eq!(watch(&job).deadline(secs(3)).await.unwrap(), 3);

    let job = Scripted::new([DONE]);
    assert_eq!(watch(&job).deadline(Duration::ZERO).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn bad_ends_carry_the_latest_snapshot() {
    for phase in [Phase::Failed, Phase::Expired, Phase::Canceled] {
        let job = Scripted::new([RUNNING, Answer::Now(phase)]);
        let error = watch(&job).await.unwrap_err();
        let text = format!("job scripted-1 ended without a result ({phase})");
        assert_eq!(error.to_string(), text);
        assert_eq!((error.last(), error.job().polls().len()), (Some(&2), 2));
    }
}

#[tokio::test(start_paused = true)]
async fn doubt_becomes_failure_when_the_grace_is_over() {
    let doubt = Answer::Now(Phase::Undecided);
    let job = Scripted::new([RUNNING, doubt]);
    let watch = Watch::new(job.clone()).policy(policy().grace(secs(10)));
    let error = watch.await.unwrap_err();
    assert!(
        matches!(
            error,
            WatchError::Ended {
                phase: Phase::Undecided,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(
        job.polls(),
        [0.0, 1.0, 3.0, 7.0, 11.0],
        "polled until 10 s after the first doubt"
    );

    let job = Scripted::new([doubt, doubt, DONE]);
    assert_eq!(Watch::new(job).policy(policy()).await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_hint_beats_the_pace() {
    let busy = Answer::Busy(Some(secs(20)));
    let job = Scripted::new([Answer::Hint(secs(7)), RUNNING, busy, DONE]);
    watch(&job).await.unwrap();
    assert_eq!(job.polls(), [0.0, 7.0, 8.0, 28.0]);
}

#[tokio::test(start_paused = true)]
async fn trouble_passes() {
    let mut script = vec![Answer::Busy(None); 10];
    script.push(DONE);
    let job = Scripted::new(script);
    assert_eq!(watch(&job).await.unwrap(), 11);
}

#[tokio::test(start_paused = true)]
async fn trouble_that_does_not_pass_is_an_error() {
    for (answer, tolerated, polls, source) in [
        (Answer::Unknown, 5, 1, Refusal::Unknown),
        (Answer::Busy(None), 0, 1, Refusal::Busy(None)),
        (Answer::Busy(None), 5, 6, Refusal::Busy(None)),
    ] {
        let job = Scripted::new([RUNNING, answer]);
        let policy = policy().tolerance(Tolerance::in_a_row(tolerated));
        let error = Watch::new(job.clone()).policy(policy).await.unwrap_err();
        assert_eq!(job.polls().len(), 1 + polls);
        assert_eq!(error.last(), Some(&1));
        assert!(
            error.to_string().ends_with(&format!(": {source}")),
            "{error}"
        );
        let WatchError::Poll { faults, .. } = error else {
            panic!("expected a failed poll; got {error:?}");
        };
        assert_eq!(faults as usize, polls);
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_out_in_trouble_says_which() {
    let job = Scripted::new([Answer::Busy(None)]);
    let error = watch(&job).deadline(secs(5)).await.unwrap_err();
    assert!(
        matches!(
            error,
            WatchError::TimedOut {
                last: None,
                polls: 4,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(
        error.to_string().ends_with(": the service is busy"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_poll_without_an_answer_is_dropped() {
    let job = Scripted::new([Answer::Nothing, DONE]);
    assert_eq!(watch(&job).await.unwrap(), 2);
    assert_eq!(job.polls(), [0.0, 31.0]);

    let job = Scripted::new([Answer::Nothing]);
    let policy = policy()
        .tolerance(Tolerance::in_a_row(1))
        .poll_timeout(secs(5));
    let error = Watch::new(job).policy(policy).await.unwrap_err();
    let text = "job scripted-1 could not be polled: no answer within 5.0s (failures in a row: 2)";
    assert_eq!(error.to_string(), text);
}

#[tokio::test(start_paused = true)]
async fn long_polls_save_polls() {
    let ends = |after| Answer::LongPolled(secs(after), Phase::Succeeded);
    let job = Scripted::new([ends(75), ends(45), ends(15)]).long_polls(secs(90));
    assert_eq!(watch(&job).await.unwrap(), 3);
    assert_eq!(
        job.polls(),
        [0.0, 30.0, 60.0],
        "the limit of the policy, back to back"
    );

    let job = Scripted::new([Answer::LongPolled(secs(500), Phase::Succeeded)]).long_polls(secs(90));
    let error = watch(&job).deadline(secs(40)).await.unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { elapsed, .. } if elapsed == secs(40)));
    assert_eq!(job.polls(), [0.0, 30.0]);

    let job = Scripted::new([RUNNING, RUNNING, RUNNING, DONE]).long_polls(secs(90));
    watch(&job).await.unwrap();
    assert_eq!(
        job.polls(),
        [0.0, 1.0, 3.0, 7.0],
        "a long poll that is answered at once costs no more polls"
    );
}

#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_long_polls_gets_no_more_of_them() {
    let refused = Answer::NoLongPolls(Phase::Running);
    let job = Scripted::new([refused, refused, refused, DONE]).long_polls(secs(90));
    let policy = policy().tolerance(Tolerance::none());
    Watch::new(job.clone()).policy(policy).await.unwrap();
    assert_eq!(job.polls(), [0.0, 0.0, 1.0, 3.0]);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_watch_stops_polling() {
    let job = Scripted::new([RUNNING]);
    assert!(timeout(secs(10), watch(&job).into_future()).await.is_err());
    let polls = job.polls().len();
    advance(secs(3_600)).await;
    assert_eq!(job.polls().len(), polls);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ended_stays_ended() {
    let job = Scripted::new([RUNNING, Answer::Unknown, RUNNING, DONE]);
    let mut failed = watch(&job);
    assert!(failed.next().await.unwrap().is_some());
    let error = failed.next().await.unwrap_err();
    assert!(matches!(error, WatchError::Poll { .. }), "{error:?}");
    for _ in 0..3 {
        assert_eq!(failed.next().await.unwrap(), None);
    }
    let again = failed.await.unwrap_err();
    assert!(matches!(again, WatchError::Over { .. }), "{again:?}");
    assert_eq!(
        again.to_string(),
        "job scripted-1 is no longer watched; the watch ended with this error: job scripted-1 could \
         not be polled (failures in a row: 1): no such job"
    );
    assert_eq!((again.last(), job.polls().len()), (Some(&1), 2));

    let mut succeeded = watch(&job);
    while succeeded.next().await.unwrap().is_some() {}
    assert_eq!(succeeded.next().await.unwrap(), None);
    assert_eq!((succeeded.await.unwrap(), job.polls().len()), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn a_seed_settles_the_pauses_and_seeds_differ() {
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let job = Scripted::new([RUNNING, RUNNING, RUNNING, DONE]);
        Watch::new(job.clone()).seed(seed).await.unwrap();
        runs.push(job.polls());
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    for polls in &runs {
        let mut full = 1.0;
        for pair in polls.windows(2) {
            let pause = pair[1] - pair[0];
            assert!(
                (full * 0.749..=full * 1.001).contains(&pause),
                "{pause} of {full}"
            );
            full *= 1.5;
        }
    }
}

#[tokio::test]
async fn a_skip_clock_takes_no_real_time() {
    let clock = SkipClock::new();
    let job = Scripted::new([RUNNING]);
    let error = watch(&job)
        .clock(Arc::new(clock.clone()))
        .await
        .unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { elapsed, .. } if elapsed == secs(30 * 60)));
    assert_eq!(clock.elapsed(), secs(30 * 60));
}

#[test]
fn public_types_keep_their_promises() {
    fn send_sync<T: Send + Sync + 'static>() {}
    fn error<T: Error + Send + Sync + 'static>() {}
    fn send<T: Send>(_: &T) {}
    send_sync::<Watch<Scripted>>();
    send_sync::<WatchPolicy>();
    send_sync::<SkipClock>();
    error::<WatchError<Scripted>>();
    let mut watch = watch(&Scripted::new([DONE]));
    send(&watch.next());
    send(&watch.into_future());
}
