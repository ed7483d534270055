//! Submitting: once, and with a clear word on what became of it.

use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::{Client, ClientKey, FieldProblem, Money, Naming, SkipClock, SubmitPolicy};
use civitai_sim::{Fault, Origin};

use crate::stage::{CANARY, Stage, builder, chain, request};

#[tokio::test]
async fn a_wrong_request_is_not_sent() {
    let stage = Stage::new().await;
    let error = stage
        .client
        .jobs()
        .submit(&request().size(100, 9).steps(0))
        .await
        .unwrap_err();
    let fields: Vec<_> = error.fields().iter().map(FieldProblem::field).collect();
    assert_eq!(fields, ["width", "height", "steps"]);
    assert_eq!((error.money(), error.status()), (Money::Untouched, None));
    assert!(error.is_invalid() && !error.is_outcome_unknown());
    assert!(stage.sim.requests().is_empty());
}

#[tokio::test]
async fn a_submission_is_one_request_without_a_hold() {
    let stage = Stage::new().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    assert_eq!(job.ids().len(), 1);
    let sent = stage.sim.requests();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].query.as_deref(), Some("detailed=false"));
}

#[tokio::test]
async fn a_search_is_asked_again_and_keeps_away_for_as_long_as_it_is_told() {
    let stage = Stage::new().await;
    let key = ClientKey::new();
    for (faults, searches, found) in [
        (vec![Fault::Status(503), Fault::DropReply], 3, true),
        (vec![Fault::Status(503); 4], 4, false),
        (vec![Fault::Throttled(Duration::from_secs(61))], 1, false),
        (vec![Fault::Status(401)], 1, false),
    ] {
        let before = stage.sim.requests().len();
        for fault in faults {
            stage.sim.fail_next(Origin::Api, fault);
        }
        assert_eq!(stage.client.jobs().find(key).await.is_ok(), found);
        assert_eq!(stage.sim.requests().len() - before, searches);
    }
    stage
        .sim
        .fail_next(Origin::Api, Fault::Throttled(Duration::from_secs(7)));
    let before = stage.sim.elapsed();
    stage.client.jobs().find(key).await.unwrap();
    let away = stage.sim.elapsed() - before;
    assert!(
        away >= Duration::from_secs(7) && away < Duration::from_secs(9),
        "{away:?}"
    );
}

#[tokio::test]
async fn a_refusal_leaves_the_money_alone() {
    for (fault, retryable) in [
        (Fault::Status(400), false),
        (Fault::Status(401), false),
        (Fault::Status(402), false),
        (Fault::Status(403), false),
        (Fault::Status(413), false),
        (Fault::Throttled(Duration::from_secs(61)), true),
    ] {
        let stage = Stage::new().await;
        stage.sim.fail_next(Origin::Api, fault.clone());
        let error = stage.client.jobs().submit(&request()).await.unwrap_err();
        assert_eq!(error.money(), Money::Untouched, "{fault:?}");
        assert!(!error.is_outcome_unknown(), "{fault:?}");
        assert_eq!(error.is_retryable(), retryable, "{fault:?}");
        assert_eq!(error.retry_after().is_some(), retryable, "{fault:?}");
        assert!(error.request_id().is_some(), "{fault:?}");
        assert_eq!(
            error.is_unauthorized(),
            matches!(fault, Fault::Status(401 | 403))
        );
    }
}

#[tokio::test]
async fn an_empty_account_is_told_as_such() {
    let stage = Stage::with(|sim| sim.balance(0.5)).await;
    let error = stage.client.jobs().submit(&request()).await.unwrap_err();
    assert_eq!(
        (error.status(), error.money()),
        (Some(402), Money::Untouched)
    );
}

#[tokio::test]
async fn the_fields_that_the_service_refuses_come_back() {
    let stage = Stage::new().await;
    let odd = request().scheduler("euler_a".into()).allow_unchecked();
    let error = stage.client.jobs().submit(&odd).await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert_eq!(error.fields()[0].field(), "jobs[0].params.scheduler");
}

#[tokio::test]
async fn a_busy_service_gets_the_request_again_when_it_asked_for_it() {
    let stage = Stage::new().await;
    let away = Duration::from_secs(7);
    stage.sim.fail_next(Origin::Api, Fault::Throttled(away));
    stage.client.jobs().submit(&request()).await.unwrap();
    let sent = stage.requests(Origin::Api);
    assert_eq!(sent.len(), 2);
    assert!(sent[1].at - sent[0].at >= away);

    for _ in 0..4 {
        stage.sim.fail_next(Origin::Api, Fault::Throttled(away));
    }
    let error = stage.client.jobs().submit(&request()).await.unwrap_err();
    assert_eq!(
        (error.status(), error.money()),
        (Some(429), Money::Untouched)
    );
    assert_eq!(error.retry_after(), Some(away));
    assert_eq!(stage.submissions(), 6);
}

#[tokio::test]
async fn a_service_that_is_not_there_costs_nothing() {
    let clock = SkipClock::new();
    let client = Client::builder()
        .token(CANARY)
        .base_url("http://127.0.0.1:1")
        .clock(Arc::new(clock.clone()))
        .build()
        .unwrap();
    let error = client.jobs().submit(&request()).await.unwrap_err();
    assert!(error.is_unreachable() && !error.is_outcome_unknown());
    assert!(error.is_retryable());
    assert_eq!(error.money(), Money::Untouched);
    assert!(!clock.elapsed().is_zero(), "it was tried once only");
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_unknown() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder()
        .token(CANARY)
        .base_url(address)
        .timeout(Duration::from_millis(50))
        .submit_policy(SubmitPolicy::default().patience(Duration::from_secs(5)))
        .clock(Arc::new(SkipClock::new()))
        .build()
        .unwrap();
    let error = client.jobs().submit(&request()).await.unwrap_err();
    assert!(
        error.is_outcome_unknown() && error.is_unreachable(),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_token_shows_nowhere() {
    let stage = Stage::new().await;
    assert!(!format!("{:?}", stage.client).contains(CANARY));
    assert!(!format!("{:?}", builder(&stage.sim)).contains(CANARY));
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    assert!(!format!("{job:?} {job}").contains(CANARY));
    for faults in [
        vec![Fault::Status(401)],
        vec![Fault::HtmlPage],
        vec![Fault::DropReply, Fault::Status(401)],
    ] {
        for fault in faults {
            stage.sim.fail_next(Origin::Api, fault);
        }
        let error = stage.client.jobs().submit(&request()).await.unwrap_err();
        assert!(!chain(&error).contains(CANARY));
    }
}

#[tokio::test]
async fn every_step_can_run_in_a_task_of_its_own() {
    let stage = Stage::new().await;
    let (client, dir) = (stage.client.clone(), stage.dir.path().to_owned());
    let task = tokio::spawn(async move {
        let job = client.jobs().submit(&request()).await.unwrap();
        let outputs = job.watch().await.unwrap().files();
        job.poll().await.unwrap();
        job.cancel().await.unwrap();
        let saved = client.save(&outputs, &dir, &Naming::default()).await;
        saved.unwrap().len()
    });
    assert_eq!(task.await.unwrap(), 1);
}
