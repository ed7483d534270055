//! Cancelling, and marking results as bad.

use std::time::Duration;

use civitai_jobs::{ClientKey, JobState, Money, Taint, Token};
use civitai_sim::{Fault, Origin};
use serde_json::json;

use crate::labels;
use crate::stage::{Stage, request};

#[tokio::test]
async fn force_decides_whether_a_job_that_has_begun_is_cancelled() {
    for (force, by_id, begun, cancelled) in [
        (true, false, true, true),
        (true, true, true, true),
        (false, false, true, false),
        (false, true, true, false),
        (false, false, false, true),
        (false, true, false, true),
    ] {
        let stage = Stage::new().await;
        let job = stage.client.submit(&request()).await.unwrap();
        stage
            .sim
            .advance(Duration::from_secs(if begun { 4 } else { 1 }));
        let done = if by_id {
            stage.client.cancel_job(&job.ids()[0], force).await
        } else {
            stage.client.cancel(job.token(), force).await
        };
        done.unwrap();
        let seen = stage.client.jobs().by_id(&job.ids()[0]).await.unwrap();
        let expected = [JobState::Running, JobState::Canceled][usize::from(cancelled)];
        assert_eq!(
            seen.state, expected,
            "force {force}, by id {by_id}, begun {begun}"
        );
    }
}

#[tokio::test]
async fn every_kind_of_token_can_be_cancelled_and_repeated() {
    let stage = Stage::new().await;
    let full = stage.sim.balance();
    let key = ClientKey::new();
    let job = stage.client.submit_as(&request(), key).await.unwrap();
    let by_id = Token::of_job(&job.ids()[0]).unwrap();
    for token in [key.into(), by_id, job.token().clone()] {
        stage.sim.fail_next(Origin::Api, Fault::DropReply);
        stage.client.cancel(&token, true).await.unwrap();
        assert_eq!(stage.sim.balance(), full);
    }
}

#[tokio::test]
async fn a_web_page_is_not_taken_for_a_yes() {
    let stage = Stage::new().await;
    let job = stage.client.submit(&request()).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::HtmlPage);
    job.cancel().await.unwrap();
    let seen = stage.client.jobs().by_id(&job.ids()[0]).await.unwrap();
    assert_eq!(seen.state, JobState::Canceled);

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
        client.taint(&token, &mark("by token")).await.unwrap(),
        Some(3)
    );
    client.taint_job(&ids[0], &mark("by id")).await.unwrap();
    let search = client.jobs().property("run", 2);
    assert_eq!(search.taint(&mark("by label")).await.unwrap(), Some(1));

    let reasons = |id: &str| {
        let marks = stage.sim.taints(id).into_iter();
        assert!(marks.clone().all(|mark| mark.context["fingers"] == 6));
        let reasons: Vec<_> = marks.filter_map(|mark| mark.reason).collect();
        reasons.join(",")
    };
    let seen: Vec<_> = ids.iter().map(|id| reasons(id)).collect();
    assert_eq!(seen, ["by token,by id", "by token", "by token,by label"]);
}

#[tokio::test]
async fn a_taint_without_a_target_is_not_sent() {
    let stage = Stage::new().await;
    let everything = stage.client.jobs().properties([]);
    let error = everything.taint(&Taint::default()).await.unwrap_err();
    assert_eq!(error.fields()[0].field(), "properties");
    assert!(stage.client.taint_job("", &Taint::default()).await.is_err());
    assert!(stage.client.cancel_job("", true).await.is_err());
    assert!(stage.sim.requests().is_empty());

    let nothing: Token = "bm90aGluZw==".parse().unwrap();
    let error = stage.client.taint(&nothing, &Taint::default()).await;
    assert_eq!(error.unwrap_err().status(), Some(404));
    let error = stage.client.cancel(&nothing, true).await;
    assert_eq!(error.unwrap_err().status(), Some(404));
}
