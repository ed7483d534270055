//! Progress, held answers, and the pace that the service's estimates set.

use std::time::Duration;

use civitai_jobs::{JobState, Phase, Update, WatchError};
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

/// The looks at jobs by their token.
fn looks(stage: &Stage) -> Vec<Recorded> {
    let mut looks = stage.requests(Origin::Api);
    looks.retain(|request| request.method == "GET");
    looks
}

fn is_held(look: &Recorded) -> bool {
    look.query
        .as_deref()
        .unwrap_or_default()
        .contains("wait=true")
}

#[tokio::test]
async fn files_are_told_of_one_by_one() {
    let stage = Stage::with(|sim| sim.work_delay(secs(20))).await;
    let four = request().quantity(4);
    let job = stage.client.submit(&four).await.unwrap();
    let mut watch = job.watch();
    let (mut keys, mut percents) = (Vec::new(), Vec::new());
    let (mut most, mut last): (usize, Option<Update<_>>) = (0, None);
    while let Some(update) = watch.next().await.unwrap() {
        let new = update.snapshot.outputs_of(&update.new_items);
        assert_eq!(new.len(), update.new_items.len());
        most = most.max(new.len());
        keys.extend(new.iter().map(|output| output.blob_key().to_owned()));
        percents.extend(update.progress.percent);
        last = Some(update);
    }
    let last = last.unwrap();
    assert_eq!((last.progress.finished, last.progress.items), (4, Some(4)));
    let all: Vec<_> = last.snapshot.outputs().into_iter().collect();
    assert!(
        all.iter()
            .all(|output| keys.iter().filter(|key| *key == output.blob_key()).count() == 1)
    );
    assert!(most < 4, "not all at once");
    assert!(
        percents.is_sorted() && percents.last() == Some(&100.0),
        "{percents:?}"
    );
}

#[tokio::test]
async fn the_start_that_the_service_foretells_is_waited_for() {
    let stage = Stage::with(|sim| sim.workers(1).queue_delay(secs(40)).work_delay(secs(60))).await;
    let job = stage.client.submit(&request()).await.unwrap();
    let mut watch = job.watch().with_seed(1);
    let first = watch.next().await.unwrap().unwrap();
    assert_eq!(
        (first.phase, first.progress.queue_place),
        (Phase::Waiting, Some(0))
    );
    assert_eq!(first.progress.starts_in, Some(secs(40)));
    while watch.next().await.unwrap().unwrap().phase == Phase::Waiting {}
    let begun: Vec<_> = looks(&stage).iter().map(|look| look.at).collect();
    assert!(begun.len() <= 5, "{begun:?}");
    let late = *begun.last().unwrap() - secs(40);
    assert!(late <= secs(1), "{late:?} after the start");
}

#[tokio::test]
async fn a_job_of_expected_length_is_noticed_with_few_looks() {
    for seed in 0..20 {
        let stage = half_a_minute().await;
        let job = stage.client.submit(&request()).await.unwrap();
        let watch = job.watch().with_expected(secs(28));
        watch.with_seed(seed).await.unwrap();
        let (looks, lag) = (looks(&stage).len(), stage.sim.elapsed() - secs(30));
        assert!(looks <= 6 && lag <= secs(1), "{looks} looks, {lag:?}");
    }
}

#[tokio::test]
async fn a_held_look_is_answered_the_moment_the_job_ends() {
    let stage = half_a_minute().await;
    let job = stage.client.submit(&request()).await.unwrap();
    let watch = job.with_wait().watch().into_future();
    let time = async {
        stage.sim.until_held(1).await;
        stage.sim.advance(Duration::from_millis(29_999));
        assert_eq!(looks(&stage).len(), 1, "the look is still held");
        stage.sim.advance(Duration::from_millis(1));
    };
    let (done, ()) = tokio::join!(watch, time);
    assert_eq!(done.unwrap().state(), JobState::Succeeded);
    assert_eq!(stage.sim.elapsed(), secs(30));
    let looks = looks(&stage);
    assert!(looks.len() == 1 && is_held(&looks[0]), "{looks:?}");
}

#[tokio::test]
async fn a_service_that_will_not_hold_is_looked_at() {
    let stage = half_a_minute().await;
    let job = stage.client.submit(&request()).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::Status(400));
    job.with_wait().watch().await.unwrap();
    let held: Vec<bool> = looks(&stage).iter().map(is_held).collect();
    assert!(held[0] && held.len() > 2, "{held:?}");
    assert!(!held[1..].contains(&true), "{held:?}");
}

#[tokio::test]
async fn without_being_told_no_look_is_held() {
    let stage = half_a_minute().await;
    let job = stage.client.submit(&request()).await.unwrap();
    job.watch().await.unwrap();
    assert!(!looks(&stage).iter().any(is_held));
}

#[tokio::test]
async fn ten_lost_connections_in_a_row_do_not_end_the_wait() {
    let stage = half_a_minute().await;
    let job = stage.client.submit(&request()).await.unwrap();
    (0..10).for_each(|_| stage.sim.fail_next(Origin::Api, Fault::DropConnection));
    assert_eq!(job.watch().await.unwrap().state(), JobState::Succeeded);
}

#[tokio::test]
async fn a_throttled_watch_leaves_the_service_alone() {
    let stage = half_a_minute().await;
    let job = stage.client.submit(&request()).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::Throttled(secs(7)));
    job.watch().await.unwrap();
    let looks = looks(&stage);
    assert_eq!(looks[0].status, Some(429));
    assert!(looks[1].at - looks[0].at >= secs(7));
}

#[tokio::test]
async fn what_timed_out_can_be_cancelled_by_its_error() {
    let stage = Stage::with(|sim| sim.queue_delay(secs(3_600))).await;
    let full = stage.sim.balance();
    let job = stage.client.submit(&request()).await.unwrap();
    let error = job.watch().with_deadline(secs(60)).await.unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
    assert_eq!(error.last().unwrap().state(), JobState::Waiting);
    error.job().cancel().await.unwrap();
    assert_eq!(stage.sim.balance(), full);
}
