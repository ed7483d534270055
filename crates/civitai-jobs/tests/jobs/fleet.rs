//! A fleet of jobs against the simulator.

use std::collections::HashSet;
use std::time::Duration;

use civitai_jobs::jobs::BatchWatch;
use civitai_jobs::{Batch, ClientKey, Phase, RequestBudget, Token, WatchError, WatchPolicy};
use civitai_sim::{Fault, Origin, Recorded};
use futures_util::future::join_all;
use serde_json::json;

use crate::labels;
use crate::stage::{Stage, builder, chain, request};

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// Submits batches of so many jobs each.
async fn batches(stage: &Stage, batches: usize, jobs: usize) -> Vec<Batch> {
    let mut submitted = Vec::new();
    for batch in 0..batches {
        let jobs = vec![json!({ "batch": batch }); jobs];
        let (token, _) = labels::submit(stage, &jobs).await;
        submitted.push(stage.client.jobs().attach(token));
    }
    submitted
}

fn polls(stage: &Stage) -> Vec<Recorded> {
    let mut polls = stage.requests(Origin::Api);
    polls.retain(|request| request.method == "GET");
    polls
}

/// The most requests in any sliding second.
fn rush(polls: &[Recorded]) -> usize {
    let within = |first: &Recorded| {
        let second = first.at..=first.at + secs(1);
        polls
            .iter()
            .filter(|poll| second.contains(&poll.at))
            .count()
    };
    polls.iter().map(within).max().unwrap_or_default()
}

#[tokio::test]
async fn one_poll_covers_all_jobs_of_a_token() {
    let stage = Stage::with(|sim| sim.workers(100)).await;
    let jobs = batches(&stage, 6, 10).await;
    let (fleet, driver) = stage.client.jobs().fleet(RequestBudget::per_second(2));
    let done = driver
        .until(async {
            // Everybody waits for the whole, three times over.
            let watches = (0..3).flat_map(|_| fleet.watch_all(&jobs));
            join_all(watches.collect::<Vec<_>>()).await
        })
        .await;
    assert_eq!(done.len(), 18);
    for snapshot in done {
        let snapshot = snapshot.unwrap();
        assert_eq!(snapshot.phase(), Phase::Succeeded);
        assert_eq!(snapshot.files().len(), 10);
    }
    let polls = polls(&stage);
    assert!(rush(&polls) <= 2, "{} in a second", rush(&polls));
    let tokens: HashSet<_> = polls.iter().map(|poll| poll.query.clone()).collect();
    assert!(tokens.len() <= 12, "by token, in detail or not");
    assert!(polls.iter().all(|poll| poll.path == "/v1/consumer/jobs"));
    assert!(polls.len() < 60, "{} polls for 60 jobs", polls.len());
}

#[tokio::test]
async fn each_job_of_a_batch_can_be_waited_for_on_its_own() {
    // One worker: the jobs of the batch end one after the other.
    let stage = Stage::with(|sim| sim.workers(1)).await;
    let key = ClientKey::new();
    let (token, ids) =
        labels::submit(&stage, &vec![json!({"clientKey": key.to_string()}); 4]).await;
    let found = stage.client.jobs().find(key).await.unwrap().unwrap();
    assert_eq!(found.ids(), ids);
    for batch in [found, stage.client.jobs().attach(token)] {
        let (fleet, driver) = stage.client.jobs().fleet(RequestBudget::default());
        let watches = match batch.ids() {
            [] => ids.iter().map(|id| fleet.watch_job(&batch, id)).collect(),
            _ => fleet.watch_each(&batch),
        };
        let end = |watch: BatchWatch| async {
            let id = watch.job().id().unwrap().to_owned();
            (id, watch.await.unwrap(), stage.sim.elapsed())
        };
        let ended = driver.until(join_all(watches.into_iter().map(end))).await;
        let mut order = Vec::new();
        for (id, snapshot, at) in ended {
            assert_eq!(snapshot.jobs().len(), 1);
            assert_eq!(snapshot.jobs()[0].id(), Some(&id));
            assert_eq!(snapshot.files().len(), 1);
            order.push((at, id));
        }
        assert!(order.is_sorted_by_key(|(at, _)| *at), "{order:?}");
        assert!(ids.iter().eq(order.iter().map(|(_, id)| id)));
    }
}

#[tokio::test]
async fn a_job_that_failed_says_why_and_the_others_go_on() {
    let stage = Stage::with(|sim| {
        sim.fail_when(|job| (job.properties()["n"] == 1).then(|| "Too dark.".to_owned()))
    })
    .await;
    let (token, ids) = labels::submit(&stage, &[json!({"n": 0}), json!({"n": 1})]).await;
    let batch = stage.client.jobs().attach(token);
    let (fleet, driver) = stage.client.jobs().fleet(RequestBudget::default());
    let watches = ids.iter().map(|id| fleet.watch_job(&batch, id));
    let watches: Vec<_> = watches.collect();
    let ended = driver.until(join_all(watches)).await;
    assert_eq!(ended[0].as_ref().unwrap().files().len(), 1);
    let Err(WatchError::Ended {
        job, phase, last, ..
    }) = &ended[1]
    else {
        panic!("expected an end; got {:?}", ended[1]);
    };
    assert_eq!((job.id(), *phase), (Some(&ids[1]), Phase::Failed));
    assert_eq!(last.reason(), Some("Too dark."));
    // The last event of all of them costs no poll of its own.
    assert!(
        polls(&stage)
            .iter()
            .all(|poll| poll.path == "/v1/consumer/jobs")
    );
}

#[tokio::test]
async fn too_many_requests_rest_the_whole_fleet() {
    let stage = Stage::with(|sim| sim.workers(100)).await;
    let jobs = batches(&stage, 3, 2).await;
    stage.sim.fail_next(Origin::Api, Fault::Throttled(secs(7)));
    let (fleet, driver) = stage
        .client
        .jobs()
        .fleet(RequestBudget::per_second(20).in_flight(1));
    let watches = fleet.watch_all(&jobs);
    let done = driver.until(join_all(watches)).await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    let polls = polls(&stage);
    assert_eq!(polls[0].status, Some(429));
    assert!(polls[1].at - polls[0].at >= secs(7), "{:?}", polls[1].at);
}

#[tokio::test]
async fn a_batch_that_nobody_knows_delays_no_other() {
    let stage = Stage::with(|sim| sim.queue_delay(secs(600))).await;
    let policy = WatchPolicy::default().deadline(secs(300));
    let client = builder(&stage.sim).watch_policy(policy).build().unwrap();
    let job = client.jobs().submit(&request()).await.unwrap();
    let unknown = client
        .jobs()
        .attach("bm90aGluZw==".parse::<Token>().unwrap());
    let (fleet, driver) = client.jobs().fleet(RequestBudget::default());
    let wait = async {
        let (late, lost) = (fleet.watch(&job), fleet.watch(&unknown));
        let patient = fleet.watch(&job).deadline(secs(3_600));
        (lost.await, late.await, patient.await)
    };
    let (lost, late, patient) = driver.until(wait).await;
    let lost = lost.unwrap_err();
    assert!(matches!(lost, WatchError::Poll { .. }), "{lost:?}");
    assert!(chain(&lost).contains("404"), "{}", chain(&lost));
    let late = late.unwrap_err();
    assert!(matches!(late, WatchError::TimedOut { .. }), "{late:?}");
    assert_eq!(late.job().batch().token(), job.token());
    assert_eq!(patient.unwrap().files().len(), 1);
}

#[tokio::test]
async fn a_fleet_runs_in_the_background_until_it_is_dropped() {
    let stage = Stage::with(|sim| sim.queue_delay(secs(600))).await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    let (fleet, driver) = stage.client.jobs().fleet(RequestBudget::default());
    let mut watch = fleet.watch(&job);
    let driver = tokio::spawn(driver);
    let update = watch.next().await.unwrap().unwrap();
    assert_eq!(update.phase, Phase::Queued);
    assert_eq!(fleet.watching(), 1);
    drop(fleet);
    driver.await.unwrap();
    let error = loop {
        match watch.next().await {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(
        error.to_string().ends_with("its fleet was dropped"),
        "{error}"
    );
}
