//! Replies as they were seen on the wire, served over HTTP and read in every way there is.

use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::events::Event;
use civitai_jobs::{Buzz, Client, File, Phase, SkipClock, Token, WatchError};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stage::{CANARY, request};

/// A service that answers every poll with these replies in turn, and goes on with the last one.
async fn telling(replies: &[Value]) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let (last, first) = replies.split_last().unwrap();
    for reply in first {
        let template = ResponseTemplate::new(200).set_body_json(reply);
        let mock = Mock::given(method("GET")).respond_with(template);
        mock.up_to_n_times(1).mount(&server).await;
    }
    let template = ResponseTemplate::new(200).set_body_json(last);
    Mock::given(method("GET"))
        .respond_with(template)
        .mount(&server)
        .await;
    let client = Client::builder()
        .token(CANARY)
        .base_url(server.uri())
        .clock(Arc::new(SkipClock::new()))
        .build()
        .unwrap();
    (server, client)
}

/// How many files can be fetched.
fn available(files: &[File]) -> usize {
    files.iter().filter(|file| file.is_available()).count()
}

fn token() -> Token {
    "W3siSm9icyI6WyI2N2U1NSJdfV0".parse().unwrap()
}

fn batch(jobs: impl Into<Value>) -> Value {
    json!({"token": token(), "jobs": jobs.into()})
}

fn file(key: &str, available: bool) -> Value {
    let key = key.repeat(32);
    let mut file = json!({"blobKey": key, "available": available});
    if available {
        file["blobUrl"] = format!("https://blobs.test/{key}?X-Amz-Expires=3600").into();
        file["blobUrlExpirationDate"] = "2026-01-01T01:00:00Z".into();
    }
    file
}

#[tokio::test]
async fn one_status_reads_the_same_by_id_by_token_and_by_callback() {
    use Phase::*;
    let hex = "0F".repeat(32);
    let event = |kind: &str, over: bool| {
        json!({"jobId": "67e55", "serviceProviders": {}, "scheduled": !over, "lastEvent": {
            "type": kind, "jobHasCompleted": over, "claimHasCompleted": over, "jobType": "Comfy",
            "provider": "Civitai", "serviceProvider": "Civitai", "workerId": "Civitai-7",
            "jobPriority": 1, "context": {}, "jobProperties": {}, "retryAttempt": 0,
            "claimDuration": "00:00:43.7707452", "jobDuration": "00:01:02"}})
    };
    let many = json!([file("AA", true), file("BB", true), file("CC", true)]);
    // As reported against a client that took such a job for a failed one.
    let reported = json!({"jobId": "67e55", "cost": 0.64, "scheduled": false,
        "result": [file("AA", false), file("BB", false)]});
    for (job, state, count) in [
        (
            json!({"jobId": "67e55", "cost": 0.64, "result": file("AA", false), "scheduled": true}),
            Running,
            0,
        ),
        (
            json!({"jobId": "67e55", "result": file("AA", true)}),
            Succeeded,
            1,
        ),
        (
            json!({"jobId": "67e55", "result": [file("AA", true)]}),
            Succeeded,
            1,
        ),
        (
            json!({"jobId": hex, "result": many, "scheduled": false}),
            Succeeded,
            3,
        ),
        (reported, Undecided, 0),
        (
            json!({"jobId": "67e55", "cost": 1, "scheduled": false}),
            Undecided,
            0,
        ),
        (event("Failed", true), Failed, 0),
        (event("Expired", true), Expired, 0),
        (event("Deleted", true), Canceled, 0),
        (event("Succeeded", true), Succeeded, 0),
        (event("ClaimExpired", false), Queued, 0),
        (event("LateRejected", false), Queued, 0),
        (event("Rejected", false), Queued, 0),
        (event("Claimed", false), Running, 0),
    ] {
        for reply in [job.clone(), batch([job.clone()])] {
            let (_server, client) = telling(&[reply]).await;
            let id = job["jobId"].as_str().unwrap().parse().unwrap();
            let seen = client.jobs().get(&id).await.unwrap();
            assert_eq!(
                (seen.phase(), available(seen.files())),
                (state, count),
                "{job}"
            );
            let cost = job["cost"].as_f64().map(Buzz::from_f64);
            assert_eq!((seen.id(), seen.cost()), (Some(&id), cost));
            let raw = seen.reply().unwrap();
            assert_eq!(serde_json::to_value(&raw.result).unwrap(), job["result"]);
        }
        let (_server, client) = telling(&[batch([job.clone(), job.clone()])]).await;
        let seen = client.jobs().attach(token()).poll().await.unwrap();
        assert_eq!(
            (seen.phase(), available(&seen.files())),
            (state, 2 * count),
            "{job}"
        );
        let event = Event::parse(job.to_string().as_bytes()).unwrap();
        assert_eq!(event.claimed_status(), state.to_string(), "{job}");
    }
}

#[tokio::test]
async fn a_job_that_polls_lost_is_waited_for() {
    let lost =
        json!({"jobId": "67e55", "cost": 0.64, "scheduled": false, "result": [file("AA", false)]});
    let found =
        json!({"jobId": "67e55", "cost": 0.64, "scheduled": false, "result": [file("AA", true)]});
    let lost = batch([lost]);
    // Each poll by token is followed by one by id, which may tell the last event.
    let replies = [
        lost.clone(),
        lost.clone(),
        lost.clone(),
        lost,
        batch([found]),
    ];
    let (_server, client) = telling(&replies).await;
    let done = client.jobs().attach(token()).watch().await.unwrap();
    assert_eq!(done.files().len(), 1);
}

#[tokio::test]
async fn a_job_without_a_result_has_failed_when_its_grace_is_over() {
    for job in [
        json!({"jobId": "67e55", "scheduled": false}),
        json!({"jobId": "67e55", "result": null}),
    ] {
        let (server, client) = telling(&[batch([job])]).await;
        let error = client.jobs().attach(token()).watch().await.unwrap_err();
        assert!(matches!(error, WatchError::Ended { .. }), "{error:?}");
        assert!(server.received_requests().await.unwrap().len() > 4);
    }
}

#[tokio::test]
async fn an_acceptance_without_a_token_is_an_error() {
    for body in ["", "{}", r#"{"jobs": []}"#, r#"{"token": ""}"#] {
        let server = MockServer::start().await;
        let reply = ResponseTemplate::new(202).set_body_raw(body, "application/json");
        let accepted = Mock::given(method("POST")).and(path("/v1/consumer/jobs"));
        accepted.respond_with(reply).expect(1).mount(&server).await;
        let client = Client::builder().token(CANARY).base_url(server.uri());
        let client = client.clock(Arc::new(SkipClock::new())).build().unwrap();
        let error = client.jobs().submit(&request()).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn tokens_go_back_as_they_came() {
    for text in [
        "W3siSm9icyI6eyJhIjoiYiJ9fV0=",
        "W3siSm9icyI6WyJhIl19XQ",
        "eyJKb2JzIjpbIj8+Il19",
        "a+b/c==",
    ] {
        let (server, client) = telling(&[batch([json!({"jobId": "1"})])]).await;
        let token: Token = text.parse().unwrap();
        let batch = client.jobs().attach(&token);
        batch.poll().await.unwrap();
        batch.wait_for(Duration::ZERO).await.unwrap_err();
        batch.cancel().await.unwrap_err();
        let sent = server.received_requests().await.unwrap();
        let batches: Vec<_> = sent
            .iter()
            .filter(|r| r.url.path().ends_with("/jobs"))
            .collect();
        assert!(batches.len() >= 3);
        for request in batches {
            let mut query = request.url.query_pairs();
            assert!(query.any(|(name, value)| name == "token" && value == text));
        }
    }
}

#[tokio::test]
async fn labels_and_places_are_kept_as_they_are() {
    let place = json!({"precedingJobs": 12, "precedingCost": 7.5, "throughputRate": 0.5,
        "workerId": null, "estimatedStartDuration": "00:00:30", "estimatedStartDate": null});
    let job = json!({"jobId": "67e55", "scheduled": true,
        "properties": {"run": 7, "requestId": "a", "RequestId": "b"},
        "serviceProviders": {"Civitai": {"support": "Available", "queuePosition": place}}});
    let (_server, client) = telling(&[job]).await;
    let seen = client.jobs().get(&"67e55".parse().unwrap()).await.unwrap();
    let labels = seen.reply().unwrap().properties.clone().unwrap();
    assert_eq!(
        json!(labels),
        json!({"run": 7, "requestId": "a", "RequestId": "b"})
    );
    assert_eq!(seen.phase(), Phase::Queued);
    assert_eq!(seen.queue().unwrap().preceding_jobs, Some(12));
}

#[tokio::test]
async fn durations_can_be_objects_as_well() {
    let span = json!({"ticks": 437_707_452, "days": 0, "totalSeconds": 43.77});
    let job = json!({"jobId": "67e55", "result": file("AA", true), "lastEvent": {
        "type": "Succeeded", "claimDuration": span, "jobDuration": span}});
    let (_server, client) = telling(std::slice::from_ref(&job)).await;
    let seen = client.jobs().get(&"67e55".parse().unwrap()).await.unwrap();
    assert_eq!(
        (seen.phase(), available(seen.files())),
        (Phase::Succeeded, 1)
    );
    assert!(seen.reply().unwrap().last_event.is_some());
    let server = MockServer::start().await;
    let page = json!({"cursor": null, "jobs": [job]});
    Mock::given(path_regex("/query$"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page))
        .mount(&server)
        .await;
    let client = Client::builder()
        .token(CANARY)
        .base_url(server.uri())
        .build()
        .unwrap();
    let found = client.jobs().list().property("run", 7).all().await.unwrap();
    assert_eq!(found[0].phase(), Phase::Succeeded);
}
