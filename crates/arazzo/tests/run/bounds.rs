//! Sizes and times have bounds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arazzo_run::Limits;
use job_watch::{Clock, SkipClock, Sleep};
use serde_json::json;

use crate::stage::{Stage, reply};

/// A clock by which every limit is over at once.
#[derive(Debug)]
struct NoPatience(SkipClock);

impl Clock for NoPatience {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        self.0.sleep(pause)
    }

    fn limit(&self, _: Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_a_failure_of_its_step() {
    let stage = Stage::open().await;
    let flow = "workflows: [{workflowId: w, steps: [{stepId: a, operationId: getA, timeout: 1500, onFailure: [
        {name: late, type: end}]}]}]";
    let clock = Arc::new(NoPatience(SkipClock::new()));
    let ran = stage
        .play_with(flow, json!({}), |runner| runner.clock(clock))
        .await;
    assert_eq!(ran.end(), "ended after a failure at `a` by `late`");
    assert!(
        ran.events
            .iter()
            .any(|event| event.contains("no reply within 1.5 s")),
        "{ran:#?}"
    );
}

#[tokio::test]
async fn a_reply_that_is_too_large_is_a_failure() {
    let stage = Stage::open().await;
    stage.answer("GET /a", [reply(200, json!("x".repeat(5_000)))]);
    let flow = "workflows: [{workflowId: w, steps: [{stepId: a, operationId: getA}]}]";
    let limits = Limits::default().reply(1_000);
    let ran = stage
        .play_with(flow, json!({}), |runner| runner.limits(limits))
        .await;
    assert_eq!(
        ran.end(),
        "failed at `a`: the reply has more than 1000 bytes"
    );
}

#[tokio::test]
async fn a_pause_longer_than_the_run_is_not_waited_for() {
    let stage = Stage::open().await;
    stage.answer("GET /a", [reply(500, json!({}))]);
    let flow = "workflows: [{workflowId: w, steps: [{stepId: a, operationId: getA, onFailure: [
        {name: again, type: retry, retryAfter: 100, retryLimit: 9}]}]}]";
    let limits = Limits::default().run(Duration::from_secs(250));
    let ran = stage
        .play_with(flow, json!({}), |runner| runner.limits(limits))
        .await;
    assert!(
        ran.outcome
            .as_ref()
            .is_err_and(arazzo_run::RunError::is_deadline),
        "{ran:#?}"
    );
    assert_eq!(
        (stage.lines().len(), ran.waited),
        (3, Duration::from_secs(200))
    );
}

#[tokio::test]
async fn retries_count_as_calls() {
    let stage = Stage::open().await;
    stage.answer("GET /a", [reply(500, json!({}))]);
    let flow = "workflows: [{workflowId: w, steps: [{stepId: a, operationId: getA, onFailure: [
        {name: again, type: retry, retryAfter: 0, retryLimit: 4000000000}]}]}]";
    let limits = Limits::default().steps(20);
    let ran = stage
        .play_with(flow, json!({}), |runner| runner.limits(limits))
        .await;
    assert!(ran.outcome.is_err_and(|error| error.is_limit()));
    assert_eq!(stage.lines().len(), 20);
}
