//! Requests that are held until something has changed.

use civitai_sim::{Loading, SimTime, Simulator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, id, image, secs, with, workflow};

/// The reply to a request that waits for a change while time moves by this many seconds, the last of
/// them by itself: what was answered before tells another time.
async fn next(sim: &Simulator, workflow: &Value, seconds: u64) -> (u16, Value) {
    let caller = Caller::new(sim);
    let path = format!("workflows/{}?wait=100&until=change", id(workflow));
    let advance = async {
        sim.until_held(1).await;
        sim.advance(secs(seconds - 1));
        tokio::task::yield_now().await;
        sim.advance(secs(1));
    };
    tokio::join!(caller.get(&path), advance).0
}

#[tokio::test]
async fn each_change_is_told_when_it_happens() {
    let sim = builder().reassignments(0).start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[image("a")])).await;
    for (seconds, code, status, progress) in [
        (2, 202, "preparing", json!(0.25)),
        (2, 202, "scheduled", json!(0.0)),
        (4, 202, "processing", json!(0.0)),
        (2, 202, "processing", json!(0.25)),
        (2, 202, "processing", json!(0.5)),
        (2, 202, "processing", json!(0.75)),
        (2, 200, "succeeded", Value::Null),
    ] {
        let (found, body) = next(&sim, &submitted, seconds).await;
        assert_eq!((found, &body["status"]), (code, &json!(status)));
        let step = &body["steps"][0];
        let shown = step.get("estimatedProgressRate").unwrap_or(&Value::Null);
        assert_eq!(*shown, progress, "{status}");
    }
}

#[tokio::test]
async fn moving_up_in_the_queue_is_a_change() {
    let sim = builder().queue_delay(secs(0)).start().await.unwrap();
    let caller = Caller::new(&sim);
    for _ in 0..2 {
        caller.submit(&workflow(&[image("a")])).await;
    }
    let last = with(image("b"), "priority", "low".into());
    let last = caller.submit(&workflow(&[last])).await;
    assert_eq!(last["steps"][0]["queuePosition"]["precedingJobs"], 1);
    let (_, moved) = next(&sim, &last, 8).await;
    let place = &moved["steps"][0]["queuePosition"];
    assert_eq!(place["precedingJobs"], 0);
    assert_eq!(moved["status"], "scheduled");
}

#[tokio::test]
async fn the_model_that_loads_is_told_of_every_tenth() {
    let model = "urn:air:flux2:lora:civitai:144972@908325";
    let loading = Loading::new(1_000).speed(10);
    let sim = builder().not_loaded(model, loading).start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut step = image("a");
    step["input"]["loras"] = json!({ model: 0.5 });
    let submitted = caller.submit(&workflow(&[step])).await;
    for progress in [0.1, 0.2, 0.3] {
        let (_, body) = next(&sim, &submitted, 10).await;
        assert_eq!(body["steps"][0]["preparation"][0]["progress"], progress);
    }
    let path = format!("workflows/{}?wait=100&until=change", id(&submitted));
    let boost = async {
        sim.until_held(1).await;
        let path = format!("workflows/{}", id(&submitted));
        let change = json!({"downloadPriority": "high"});
        caller.send(Method::PUT, &path, &change).await
    };
    let ((_, body), _) = tokio::join!(caller.get(&path), boost);
    assert_eq!(body["steps"][0]["preparation"][0]["lane"], "high");
}

#[tokio::test]
async fn an_ended_workflow_and_an_unknown_word_are_answered_at_once() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let ended = caller.finished(&workflow(&[image("a")])).await;
    let path = format!("workflows/{}?wait=100&until", id(&ended));
    assert_eq!(caller.get(&format!("{path}=change")).await.0, 200);
    assert_eq!(caller.get(&format!("{path}=completion")).await.0, 200);
    assert_eq!(caller.get(&format!("{path}=dawn")).await.0, 400);
}

#[tokio::test]
async fn time_that_runs_by_itself_wakes_the_request() {
    let sim = builder()
        .time(SimTime::real(1_000.0))
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[image("a")])).await;
    let path = format!("workflows/{}?wait=100&until=change", id(&submitted));
    let mut replies = 0;
    while caller.get(&path).await.0 == 202 {
        replies += 1;
        assert!(replies < 20);
    }
}
