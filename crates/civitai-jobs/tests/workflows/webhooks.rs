//! Deliveries over real sockets, with everything that may happen to them on the way.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use civitai_jobs::events::Secret;
use civitai_jobs::workflows::CallbackEvent;
use civitai_jobs::{Phase, WatchError, Workflow, WorkflowRequest, WorkflowSnapshot};
use civitai_sim::Disorder;
use futures_util::future::{join_all, select};
use serde_json::{Value, json};

use self::receiver::Receiver;
use crate::stage::{Stage, many, picture};

mod receiver;

const WORKFLOWS: usize = 100;
const FALLBACK: Duration = Duration::from_secs(20);
/// Every workflow takes so long, and every third fails halfway.
const QUEUE: Duration = Duration::from_secs(2);
const WORK: Duration = Duration::from_secs(10);
/// How far time moves at once.
const STRIDE: Duration = Duration::from_millis(200);
/// How long a poll and a delivery may be under way while time moves.
const UNDER_WAY: Duration = Duration::from_secs(1);

async fn stage(seed: u64, disorder: Disorder) -> Stage {
    Stage::in_strides(STRIDE, |sim| {
        sim.seed(seed)
            .queue_delay(QUEUE)
            .work_delay(WORK)
            .workers(WORKFLOWS)
            .disorder(disorder)
            .fail_when(|step| {
                step.prompt()
                    .contains("eclipse")
                    .then(|| "Too dark.".to_owned())
            })
    })
    .await
}

/// Submits workflows that call back on every event, every third of which fails.
async fn submit(stage: &Stage, receiver: &Receiver) -> Vec<Workflow> {
    let mut workflows = Vec::new();
    for number in 0..many(WORKFLOWS) {
        let events = ["workflow:*", "step:*", "job:*"].map(CallbackEvent::from);
        // The address has no TLS.
        let request = WorkflowRequest::new().allow_unchecked();
        let mut request = request.callback(receiver.address.as_str(), events);
        request.add(match number % 3 {
            0 => picture("an eclipse"),
            _ => picture("a lighthouse in fog"),
        });
        let submitted = stage.client.workflows().submit(&request).await;
        workflows.push(submitted.unwrap());
    }
    workflows
}

/// How a wait ended, and when.
struct Ended {
    last: WorkflowSnapshot,
    at: Duration,
}

/// Waits for all; each wait ends once, since it is a value.
async fn complete(stage: &Stage, receiver: &Receiver, workflows: &[Workflow]) -> Vec<Ended> {
    let waits = workflows.iter().map(async |workflow| {
        let last = match receiver.inbox.wait(workflow).await {
            Ok(done) => done,
            Err(WatchError::Ended { last, .. }) => last,
            Err(error) => panic!("expected an end; got {error:?}"),
        };
        let at = stage.sim.elapsed();
        Ended { last, at }
    });
    join_all(waits).await
}

/// That each ended as the service says, and not before it did.
fn assert_true_ends(ended: &[Ended], began: Duration) {
    for (number, Ended { last, at }) in ended.iter().enumerate() {
        let (phase, worked) = match number % 3 {
            0 => (Phase::Failed, WORK / 2),
            _ => (Phase::Succeeded, WORK),
        };
        assert_eq!(last.phase(), phase, "{number}");
        assert!(*at >= QUEUE + worked, "{number} ended early, at {at:?}");
        assert!(
            *at <= began + QUEUE + worked + FALLBACK + UNDER_WAY,
            "{number} at {at:?}"
        );
    }
}

/// The polls of each workflow are a second apart; gives how many there were, and the most at one.
fn assert_polls_apart(stage: &Stage) -> (usize, usize) {
    let mut polls: HashMap<String, Vec<Duration>> = HashMap::new();
    for request in stage.requests() {
        if request.method == "GET" {
            polls.entry(request.path).or_default().push(request.at);
        }
    }
    for times in polls.values() {
        for pair in times.windows(2) {
            assert!(pair[1] - pair[0] >= Duration::from_secs(1), "{pair:?}");
        }
    }
    let most = polls.values().map(Vec::len).max().unwrap_or(0);
    (polls.values().map(Vec::len).sum(), most)
}

#[tokio::test]
async fn each_workflow_completes_once_whatever_happens_to_its_deliveries() {
    let whole = Disorder::default();
    let late = Duration::from_secs(7);
    for (name, disorder) in [
        ("none", whole),
        ("duplicated", whole.duplicated(1.0)),
        ("reordered", whole.reordered(1.0)),
        ("late", whole.late(1.0, late)),
        ("half lost", whole.lost(0.5)),
        ("all lost", whole.lost(1.0)),
        (
            "a bit of all",
            whole
                .lost(0.2)
                .duplicated(0.3)
                .reordered(0.3)
                .late(0.3, late),
        ),
    ] {
        let stage = stage(11, disorder).await;
        let receiver = Receiver::start(FALLBACK).await;
        let workflows = submit(&stage, &receiver).await;
        let began = stage.sim.elapsed();
        let ended = complete(&stage, &receiver, &workflows).await;
        assert_true_ends(&ended, began);
        let lag = |ended: &Ended| {
            let end = ended.last.reply().completed_at.unwrap();
            let since = end - ended.last.reply().created_at;
            ended.at.saturating_sub(began + since.to_std().unwrap())
        };
        let worst = ended.iter().map(lag).max().unwrap();
        let deliveries = receiver.deliveries.load(Ordering::Relaxed);
        let (polls, most) = assert_polls_apart(&stage);
        println!(
            "{name}: {deliveries} deliveries, {polls} polls, at most {most} at one workflow, \
             noticed within {worst:?}"
        );
        match name {
            "none" | "duplicated" => assert!(worst <= 2 * UNDER_WAY, "{worst:?}"),
            "late" => assert!(worst <= late + 2 * UNDER_WAY, "{worst:?}"),
            "all lost" => assert_eq!(deliveries, 0),
            _ => {}
        }
        // What comes after the end wakes nobody.
        let before = stage.requests().len();
        stage.sim.advance(Duration::from_secs(60));
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        assert_eq!(stage.requests().len(), before);
    }
}

/// What a stranger may say of a workflow.
fn forgeries(workflow: &str, truth: &str) -> Vec<Value> {
    let claims = ["succeeded", "failed", "canceled", "expired"];
    let mut forgeries = Vec::new();
    for claim in claims.iter().filter(|claim| **claim != truth) {
        forgeries.push(
            json!({"$type": "workflow", "workflowId": workflow, "status": claim,
            "timestamp": "2026-01-01T00:00:00Z", "details": {"steps": []}}),
        );
        forgeries.push(
            json!({"$type": "step", "workflowId": workflow, "name": "hero",
            "status": claim}),
        );
        forgeries.push(
            json!({"$type": "job", "workflowId": workflow, "stepName": "hero",
            "jobId": "j", "status": claim, "reason": "none"}),
        );
    }
    forgeries
}

#[tokio::test]
async fn no_forged_delivery_changes_anything() {
    for knows_the_address in [false, true] {
        // The true deliveries are lost, so that only forged ones arrive.
        let stage = stage(13, Disorder::default().lost(1.0)).await;
        let receiver = Receiver::start(FALLBACK).await;
        let workflows = submit(&stage, &receiver).await;
        let began = stage.sim.elapsed();
        let address = if knows_the_address {
            receiver.address.clone()
        } else {
            let wrong = Secret::random();
            wrong.address(&receiver.base).unwrap()
        };
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let statuses: Arc<std::sync::Mutex<HashMap<u16, usize>>> = Arc::default();
        let forging = async {
            let mut random = fastrand::Rng::with_seed(17);
            loop {
                let workflow = &workflows[random.usize(..workflows.len())];
                for forged in forgeries(workflow.id().as_str(), "processing") {
                    let sent = http
                        .post(address.clone())
                        .json(&forged)
                        .send()
                        .await
                        .unwrap();
                    let status = sent.status().as_u16();
                    *statuses.lock().unwrap().entry(status).or_default() += 1;
                }
            }
        };
        let completing = complete(&stage, &receiver, &workflows);
        let ended = match select(std::pin::pin!(completing), std::pin::pin!(forging)).await {
            futures_util::future::Either::Left((ended, _)) => ended,
            futures_util::future::Either::Right(((), _)) => unreachable!("forging never ends"),
        };
        assert_true_ends(&ended, began);
        let (polls, most) = assert_polls_apart(&stage);
        let statuses = statuses.lock().unwrap().clone();
        let expected = if knows_the_address { 204 } else { 404 };
        assert_eq!(statuses.keys().collect::<Vec<_>>(), [&expected]);
        println!(
            "address known: {knows_the_address}; {} forged deliveries, {polls} polls, at most \
             {most} at one workflow",
            statuses[&expected]
        );
        if !knows_the_address {
            // One poll of once and one after each silence.
            assert!(most <= 2, "{most}");
        }
    }
}

#[tokio::test]
async fn a_route_refuses_what_is_no_delivery() {
    let receiver = Receiver::start(FALLBACK).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let send = async |address: &url::Url, body: Vec<u8>| {
        let sent = http.post(address.clone()).body(body).send().await;
        sent.unwrap().status().as_u16()
    };
    let event = br#"{"workflowId":"6-1","status":"failed","timestamp":"2026-01-01T00:00:00Z"}"#;
    assert_eq!(send(&receiver.address, event.to_vec()).await, 204);
    assert_eq!(send(&receiver.address, b"no event".to_vec()).await, 400);
    assert_eq!(
        send(&receiver.address, vec![b'a'; (4 << 20) + 1]).await,
        413
    );
    assert_eq!(send(&receiver.base, event.to_vec()).await, 404);
    let got = http.get(receiver.address.clone()).send().await.unwrap();
    assert_eq!(got.status(), 405);
}
