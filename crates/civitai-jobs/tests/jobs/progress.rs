//! Progress, held answers, and the pace that the service's estimates set.

use std::time::Duration;

use civitai_jobs::{Phase, Update, WatchError, WatchPolicy};
use civitai_sim::{Fault, Origin, Recorded};

use crate::stage::{Stage, request};

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A service whose jobs of one image end after half a minute.
async fn half_a_minute() -> Stage {
    Stage::with(|sim| {
        let sim = sim.queue_delay(secs(2)).work_delay(secs(28));
        sim.upload_lag(Duration::ZERO)
    })
    .await
}

/// The polls of jobs by their token.
fn polls(stage: &Stage) -> Vec<Recorded> {
    let mut polls = stage.requests(Origin::Api);
    polls.retain(|request| request.method == "GET");
    polls
}

/// The policy of who asks for long polls, which a batch does not do by itself.
fn long_polls() -> WatchPolicy {
    WatchPolicy::default().long_poll(secs(90))
}

fn is_long(poll: &Recorded) -> bool {
    poll.query
        .as_deref()
        .unwrap_or_default()
        .contains("wait=true")
}

#[tokio::test]
async fn files_come_one_by_one() {
    let stage = Stage::with(|sim| sim.work_delay(secs(20))).await;
    let four = request().quantity(4);
    let job = stage.client.jobs().submit(&four).await.unwrap();
    let mut watch = job.watch();
    let (mut keys, mut percents) = (Vec::new(), Vec::new());
    let (mut most, mut last): (usize, Option<Update<_, _>>) = (0, None);
    while let Some(update) = watch.next().await.unwrap() {
        most = most.max(update.new_items.len());
        let new = update.new_items.iter();
        keys.extend(new.map(|file| file.blob_id().unwrap().to_owned()));
        percents.extend(update.progress.percent);
        last = Some(update);
    }
    let last = last.unwrap();
    assert_eq!((last.progress.finished, last.progress.items), (4, Some(4)));
    let all: Vec<_> = last.snapshot.files().into_iter().collect();
    assert!(all.iter().all(|file| {
        keys.iter()
            .filter(|key| Some(&***key) == file.blob_id())
            .count()
            == 1
    }));
    assert!(most < 4, "not all at once");
    assert!(
        percents.is_sorted() && percents.last() == Some(&100.0),
        "{percents:?}"
    );
}

#[tokio::test]
async fn the_job_is_polled_when_the_service_expects_its_start() {
    let stage = Stage::with(|sim| sim.workers(1).queue_delay(secs(40)).work_delay(secs(60))).await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    let mut watch = job.watch().seed(1);
    let first = watch.next().await.unwrap().unwrap();
    assert_eq!(
        (first.phase, first.progress.queue_position),
        (Phase::Queued, Some(0))
    );
    assert_eq!(first.progress.starts_in, Some(secs(40)));
    while watch.next().await.unwrap().unwrap().phase == Phase::Queued {}
    let begun: Vec<_> = polls(&stage).iter().map(|poll| poll.at).collect();
    assert!(begun.len() <= 5, "{begun:?}");
    let late = *begun.last().unwrap() - secs(40);
    assert!(late <= secs(1), "{late:?} after the start");
}

#[tokio::test]
async fn a_job_of_expected_length_is_noticed_with_few_polls() {
    for seed in 0..20 {
        let stage = half_a_minute().await;
        let job = stage.client.jobs().submit(&request()).await.unwrap();
        let watch = job.watch().expected(secs(28));
        watch.seed(seed).await.unwrap();
        let (polls, lag) = (polls(&stage).len(), stage.sim.elapsed() - secs(30));
        assert!(polls <= 6 && lag <= secs(1), "{polls} polls, {lag:?}");
    }
}

#[tokio::test]
async fn three_jobs_teach_how_long_the_next_takes() {
    for seed in 0..10 {
        let stage = half_a_minute().await;
        for index in 0..6 {
            let job = stage.client.jobs().submit(&request()).await.unwrap();
            let (before, start) = (polls(&stage).len(), stage.sim.elapsed());
            job.watch().seed(100 * seed + index).await.unwrap();
            let polls = polls(&stage).len() - before;
            let lag = stage.sim.elapsed() - start - secs(30);
            if index >= 3 {
                assert!(polls <= 6 && lag <= secs(2), "{polls} polls, {lag:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_long_poll_is_answered_the_moment_the_job_ends() {
    let stage = half_a_minute().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    let watch = job.watch().policy(long_polls()).into_future();
    let time = async {
        stage.sim.until_held(1).await;
        stage.sim.advance(Duration::from_millis(29_999));
        assert_eq!(polls(&stage).len(), 1, "the long poll is still open");
        stage.sim.advance(Duration::from_millis(1));
    };
    let (done, ()) = tokio::join!(watch, time);
    assert_eq!(done.unwrap().phase(), Phase::Succeeded);
    assert_eq!(stage.sim.elapsed(), secs(30));
    let polls = polls(&stage);
    assert!(polls.len() == 1 && is_long(&polls[0]), "{polls:?}");
}

#[tokio::test]
async fn a_service_that_refuses_long_polls_gets_plain_ones() {
    let stage = half_a_minute().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::Status(400));
    job.watch().policy(long_polls()).await.unwrap();
    let long: Vec<bool> = polls(&stage).iter().map(is_long).collect();
    assert!(long[0] && long.len() > 2, "{long:?}");
    assert!(!long[1..].contains(&true), "{long:?}");
}

#[tokio::test]
async fn by_itself_no_poll_of_a_batch_is_long() {
    let stage = half_a_minute().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    job.watch().await.unwrap();
    assert!(!polls(&stage).iter().any(is_long));
}

#[tokio::test]
async fn ten_lost_connections_in_a_row_do_not_end_the_watch() {
    let stage = half_a_minute().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    (0..10).for_each(|_| stage.sim.fail_next(Origin::Api, Fault::DropConnection));
    assert_eq!(job.watch().await.unwrap().phase(), Phase::Succeeded);
}

#[tokio::test]
async fn a_throttled_watch_leaves_the_service_alone() {
    let stage = half_a_minute().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::Throttled(secs(7)));
    job.watch().await.unwrap();
    let polls = polls(&stage);
    assert_eq!(polls[0].status, Some(429));
    assert!(polls[1].at - polls[0].at >= secs(7));
}

#[tokio::test]
async fn what_timed_out_can_be_cancelled_by_its_error() {
    let stage = Stage::with(|sim| sim.queue_delay(secs(3_600))).await;
    let full = stage.sim.balance();
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    let error = job.watch().deadline(secs(60)).await.unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
    assert_eq!(error.last().unwrap().phase(), Phase::Queued);
    error.job().cancel().await.unwrap();
    assert_eq!(stage.sim.balance(), full);
}
