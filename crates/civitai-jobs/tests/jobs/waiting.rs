//! Waiting: for the result, through trouble, to the deadline.

use std::time::Duration;

use civitai_jobs::{Buzz, Phase, Token, WatchError, WatchPolicy};
use civitai_sim::{Fault, Origin};

use crate::stage::{Stage, builder, chain, request};

#[tokio::test]
async fn an_upload_that_takes_its_time_is_no_failure() {
    for early in [false, true] {
        let lag = Duration::from_secs(300);
        let stage = Stage::with(|sim| sim.upload_lag(lag).early_links(early)).await;
        let job = stage.client.jobs().submit(&request()).await.unwrap();
        let done = job.watch().await.unwrap();
        assert_eq!(done.files().len(), 1);
        assert!(stage.sim.elapsed() >= lag);
    }
}

#[tokio::test]
async fn progress_tells_the_place_in_the_queue_and_then_the_result() {
    let stage = Stage::with(|sim| sim.workers(1)).await;
    let first = stage.client.jobs().submit(&request()).await.unwrap();
    let second = stage.client.jobs().submit(&request()).await.unwrap();
    let mut watch = second.watch();
    let update = watch.next().await.unwrap().unwrap();
    assert_eq!(update.snapshot.phase(), Phase::Queued);
    assert_eq!(update.snapshot.queue().unwrap().preceding_jobs, Some(1));
    let mut last = update.snapshot;
    while let Some(update) = watch.next().await.unwrap() {
        last = update.snapshot;
    }
    assert_eq!(last.phase(), Phase::Succeeded);
    assert_eq!(last.jobs()[0].id(), Some(&second.ids()[0]));
    assert_eq!(last.cost(), Some(Buzz::from(1)));
    assert!(first.poll().await.unwrap().phase().is_terminal());
}

#[tokio::test]
async fn a_failed_job_ends_the_wait_at_once_and_says_why() {
    let stage = Stage::with(|sim| sim.fail_when(|_| Some("Too dark.".to_owned()))).await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    let error = job.watch().await.unwrap_err();
    let WatchError::Ended { phase, last, .. } = error else {
        panic!("expected an end; got {error:?}");
    };
    assert_eq!((phase, last.reason()), (Phase::Failed, Some("Too dark.")));
    assert!(stage.sim.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn the_deadline_gives_the_handle_back() {
    let stage = Stage::with(|sim| sim.queue_delay(Duration::from_secs(3600))).await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    let error = job
        .watch()
        .deadline(Duration::from_secs(60))
        .await
        .unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
    let done = error
        .job()
        .watch()
        .deadline(Duration::from_secs(7200))
        .await;
    assert_eq!(done.unwrap().files().len(), 1);
    assert_eq!(stage.submissions(), 1);
}

#[tokio::test]
async fn a_cancelled_job_ends_as_such() {
    let stage = Stage::new().await;
    let full = stage.sim.balance();
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    job.cancel().await.unwrap();
    let error = job.watch().await.unwrap_err();
    assert!(
        matches!(
            error,
            WatchError::Ended {
                phase: Phase::Canceled,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(stage.sim.balance(), full);
}

#[tokio::test]
async fn passing_trouble_is_borne() {
    let stage = Stage::new().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    for fault in [
        Fault::Status(503),
        Fault::DropConnection,
        Fault::Throttled(Duration::from_secs(7)),
        Fault::HtmlPage,
        Fault::TruncateBody,
        Fault::EmptyBody,
    ] {
        stage.sim.fail_next(Origin::Api, fault);
    }
    assert_eq!(job.watch().await.unwrap().files().len(), 1);
}

#[tokio::test]
async fn a_batch_that_was_just_accepted_need_not_be_listed_yet() {
    let stage = Stage::new().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    for _ in 0..3 {
        stage.sim.fail_next(Origin::Api, Fault::Status(404));
    }
    assert_eq!(job.watch().await.unwrap().files().len(), 1);

    // One that never appears is given up when the grace ends.
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    for _ in 0..99 {
        stage.sim.fail_next(Origin::Api, Fault::Status(404));
    }
    let error = job.watch().await.unwrap_err();
    assert!(matches!(error, WatchError::Poll { .. }), "{error:?}");
    assert!(chain(&error).contains("404"), "{}", chain(&error));
}

#[tokio::test]
async fn lasting_trouble_ends_the_wait_and_names_the_handle() {
    let stage = Stage::new().await;
    let unknown = stage
        .client
        .jobs()
        .attach("bm90aGluZw==".parse::<Token>().unwrap());
    let error = unknown.watch().await.unwrap_err();
    assert!(
        matches!(&error, WatchError::Poll { faults: 1, .. }),
        "{error:?}"
    );
    assert_eq!(error.job().token(), unknown.token());
    let text = chain(&error);
    assert!(text.contains("404"), "{text}");
}

#[tokio::test]
async fn the_policy_of_the_client_is_that_of_its_watches() {
    let stage = Stage::with(|sim| sim.queue_delay(Duration::from_secs(3600))).await;
    let policy = WatchPolicy::default().deadline(Duration::from_secs(5));
    let client = builder(&stage.sim).watch_policy(policy).build().unwrap();
    let error = client
        .jobs()
        .submit(&request())
        .await
        .unwrap()
        .watch()
        .await
        .unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }));
    assert!(stage.sim.elapsed() <= Duration::from_secs(6));
}
