//! Coverage of models, and consumption of a period.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use civitai_jobs::jobs::WorkerAssetAvailability;
use civitai_jobs::{Air, Buzz, Client};
use civitai_sim::Origin;
use serde_json::json;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::stage::{CANARY, Stage, request};

fn model(version: u64) -> Air {
    Air::civitai("sd1", "checkpoint", 4384, version).unwrap()
}

#[tokio::test]
async fn coverage_tells_each_model_apart() {
    let stage = Stage::with(|sim| sim.workers(3).uncovered(model(2).as_str())).await;
    let models = [model(1), model(2)];
    let coverage = stage.client.account().coverage(&models).await.unwrap();
    assert_eq!(coverage.iter().count(), 2);
    let [good, bad] = models.each_ref().map(|air| coverage.get(air).unwrap());
    assert!(good.is_available() && !bad.is_available());
    assert_eq!((good.workers, bad.workers), (Some(3), Some(0)));
    assert_eq!(bad.readiness, WorkerAssetAvailability::Unavailable);
    assert_eq!(coverage.get(&model(3)), None);
    assert_eq!(
        stage.client.account().coverage_of(&model(1)).await.unwrap(),
        *good
    );
}

#[tokio::test]
async fn many_models_take_few_requests_and_none_takes_none() {
    let stage = Stage::new().await;
    let models: Vec<_> = (0..120).map(model).collect();
    let coverage = stage.client.account().coverage(&models).await.unwrap();
    assert!(models.iter().all(|air| coverage.get(air).is_some()));
    assert_eq!(stage.requests(Origin::Api).len(), 3);
    let none = stage.client.account().coverage(&[]).await.unwrap();
    assert_eq!(none.iter().count(), 0);
    assert_eq!(stage.requests(Origin::Api).len(), 3);
}

#[tokio::test]
async fn coverage_keeps_what_it_does_not_know() {
    let server = MockServer::start().await;
    let reply = json!({
        "URN:AIR:sd1:checkpoint:civitai:4384@1": {"availability": "Degraded", "workers": -1, "new": 1},
        "civitai:4384@2": {},
    });
    Mock::given(matchers::path("/v1/consumer/coverage"))
        .respond_with(ResponseTemplate::new(200).set_body_json(reply))
        .mount(&server)
        .await;
    let client = Client::builder()
        .token(CANARY)
        .base_url(server.uri())
        .build()
        .unwrap();
    let coverage = client.account().coverage(&[model(1)]).await.unwrap();
    let odd = coverage.get(&model(1)).unwrap();
    assert_eq!((odd.readiness.as_str(), odd.workers), ("Degraded", None));
    let unasked = client.account().coverage_of(&model(9)).await.unwrap();
    assert_eq!(unasked.readiness, WorkerAssetAvailability::Unknown);
    assert!(
        coverage
            .iter()
            .any(|(name, seen)| name == "civitai:4384@2" && !seen.is_available())
    );
}

#[tokio::test]
async fn consumption_counts_what_lies_in_the_period() {
    let stage = Stage::new().await;
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    let minute = TimeDelta::minutes(1);
    stage.client.jobs().submit(&request()).await.unwrap();
    stage.sim.advance(Duration::from_secs(60));
    stage
        .client
        .jobs()
        .submit(&request().quantity(2))
        .await
        .unwrap();
    stage.sim.advance(Duration::from_secs(60));

    let client = &stage.client;
    let all = client.account().consumption(..).await.unwrap();
    assert_eq!((all.images, all.cost), (Some(3), Some(Buzz::from(3))));
    assert_eq!(
        (all.start, all.end),
        (Some(start), Some(start + minute * 2))
    );
    let first = client
        .account()
        .consumption(..start + minute)
        .await
        .unwrap();
    assert_eq!((first.images, first.cost), (Some(1), Some(Buzz::from(1))));
    let second = client
        .account()
        .consumption(start + minute..)
        .await
        .unwrap();
    assert_eq!(second.images, Some(2));
    let neither = client
        .account()
        .consumption(start + minute..=start + minute)
        .await;
    assert_eq!(neither.unwrap().images, Some(0));
}

#[tokio::test]
async fn a_period_that_ends_before_it_starts_is_not_sent() {
    let stage = Stage::new().await;
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    let error = stage
        .client
        .account()
        .consumption(start..start - TimeDelta::seconds(1))
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.fields()[0].field(), "startDate");
    assert!(stage.sim.requests().is_empty());
}
