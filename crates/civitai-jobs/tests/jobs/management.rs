//! Cancelling, and marking results as bad.

use std::time::Duration;

use civitai_jobs::{ClientKey, JobId, Money, Phase, Taint, Token};
use civitai_sim::{Fault, Origin};
use serde_json::json;

use crate::labels;
use crate::stage::{Stage, request};

#[tokio::test]
async fn what_has_begun_is_cancelled_unless_only_what_waits_is_meant() {
    for (queued_only, begun, cancelled) in [
        (false, true, true),
        (true, true, false),
        (false, false, true),
        (true, false, true),
    ] {
        let stage = Stage::new().await;
        let job = stage.client.jobs().submit(&request()).await.unwrap();
        stage
            .sim
            .advance(Duration::from_secs(if begun { 4 } else { 1 }));
        let done = if queued_only {
            job.cancel_queued().await
        } else {
            job.cancel().await
        };
        done.unwrap();
        let seen = stage.client.jobs().get(&job.ids()[0]).await.unwrap();
        let expected = [Phase::Running, Phase::Canceled][usize::from(cancelled)];
        let case = format!("queued only {queued_only}, begun {begun}");
        assert_eq!(seen.phase(), expected, "{case}");
    }
    let stage = Stage::new().await;
    let two = [request(), request()];
    let batch = stage.client.jobs().submit_all(&two).await.unwrap();
    stage.client.jobs().cancel(&batch.ids()[1]).await.unwrap();
    let seen = batch.poll().await.unwrap();
    let canceled = |job: &civitai_jobs::JobSnapshot| job.phase() == Phase::Canceled;
    assert_eq!(seen.jobs().iter().filter(|job| canceled(job)).count(), 1);
}

#[tokio::test]
async fn every_kind_of_token_can_be_cancelled_and_repeated() {
    let stage = Stage::new().await;
    let full = stage.sim.balance();
    let key = ClientKey::new();
    let job = stage
        .client
        .jobs()
        .submit(&request())
        .resume(key)
        .await
        .unwrap();
    let by_id = Token::from(job.ids()[0].clone());
    for token in [key.into(), by_id, job.token().clone()] {
        stage.sim.fail_next(Origin::Api, Fault::DropReply);
        stage.client.jobs().attach(&token).cancel().await.unwrap();
        assert_eq!(stage.sim.balance(), full);
    }
}

#[tokio::test]
async fn a_web_page_is_not_taken_for_a_yes() {
    let stage = Stage::new().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::HtmlPage);
    job.cancel().await.unwrap();
    let seen = stage.client.jobs().get(&job.ids()[0]).await.unwrap();
    assert_eq!(seen.phase(), Phase::Canceled);

    for _ in 0..4 {
        stage.sim.fail_next(Origin::Api, Fault::HtmlPage);
    }
    let error = job.cancel().await.unwrap_err();
    assert!(error.is_web_page() && error.is_retryable());
    assert_eq!((error.status(), error.money()), (Some(200), Money::Spent));
}

#[tokio::test]
async fn a_taint_reaches_the_jobs_that_it_names() {
    let stage = Stage::new().await;
    let labels = [json!({"run": 1}), json!({"run": 1}), json!({"run": 2})];
    let (token, ids) = labels::submit(&stage, &labels).await;
    let client = &stage.client;
    let mark = |reason: &str| Taint::new(reason).context("fingers", 6);

    assert_eq!(
        client
            .jobs()
            .attach(&token)
            .taint(&mark("by token"))
            .await
            .unwrap(),
        Some(3)
    );
    client.jobs().taint(&ids[0], &mark("by id")).await.unwrap();
    let search = client.jobs().list().property("run", 2);
    assert_eq!(search.taint(&mark("by label")).await.unwrap(), Some(1));

    let reasons = |id: &JobId| {
        let marks = stage.sim.taints(id.as_str()).into_iter();
        assert!(marks.clone().all(|mark| mark.context["fingers"] == 6));
        let reasons: Vec<_> = marks.filter_map(|mark| mark.reason).collect();
        reasons.join(",")
    };
    let seen: Vec<_> = ids.iter().map(reasons).collect();
    assert_eq!(seen, ["by token,by id", "by token", "by token,by label"]);
}

#[tokio::test]
async fn a_taint_without_a_target_is_not_sent() {
    let stage = Stage::new().await;
    let everything = stage.client.jobs().list().properties([]);
    let error = everything.taint(&Taint::default()).await.unwrap_err();
    assert_eq!(error.fields()[0].field(), "properties");
    assert!(stage.sim.requests().is_empty());

    let nothing: Token = "bm90aGluZw==".parse().unwrap();
    let error = stage
        .client
        .jobs()
        .attach(&nothing)
        .taint(&Taint::default())
        .await;
    assert_eq!(error.unwrap_err().status(), Some(404));
    let error = stage.client.jobs().attach(&nothing).cancel().await;
    assert_eq!(error.unwrap_err().status(), Some(404));
}
