//! Callbacks, as a caller's server gets them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use civitai_sim::{Disorder, Loading};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::caller::{Caller, builder, id, image, secs, with, workflow};

/// A server that keeps what it is told.
struct Receiver {
    url: String,
    events: watch::Receiver<Vec<Value>>,
    /// How many events it turns away first.
    deaf: Arc<Mutex<usize>>,
}

type Ears = (Arc<watch::Sender<Vec<Value>>>, Arc<Mutex<usize>>);

impl Receiver {
    async fn start(deaf: usize) -> Self {
        let (sender, events) = watch::channel(Vec::new());
        let deaf = Arc::new(Mutex::new(deaf));
        let router = Router::new()
            .route("/hook", post(hear))
            .with_state((Arc::new(sender), Arc::clone(&deaf)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { url, events, deaf }
    }

    /// What was told once there are so many events.
    async fn events(&mut self, count: usize) -> Vec<Value> {
        let told = self.events.wait_for(|events| events.len() >= count);
        tokio::time::timeout(Duration::from_secs(20), told)
            .await
            .unwrap()
            .unwrap()
            .clone()
    }
}

async fn hear(State((events, deaf)): State<Ears>, Json(event): Json<Value>) -> StatusCode {
    let mut deaf = deaf.lock().unwrap();
    if *deaf > 0 {
        *deaf -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    events.send_modify(|events| events.push(event));
    StatusCode::NO_CONTENT
}

fn told(events: &[Value], scope: &str) -> Vec<String> {
    let of_scope = events.iter().filter(|event| event["$type"] == scope);
    of_scope
        .map(|event| event["status"].as_str().unwrap().to_owned())
        .collect()
}

fn calling(url: &str, types: &Value) -> Value {
    let callback = json!({"url": url, "type": types});
    with(workflow(&[image("a")]), "callbacks", json!([callback]))
}

#[tokio::test]
async fn each_scope_is_told_what_it_asked_for() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut receiver = Receiver::start(0).await;
    let types = json!([
        "workflow:*",
        "step:succeeded",
        "job:processing",
        "job:succeeded"
    ]);
    let submitted = caller.submit(&calling(&receiver.url, &types)).await;
    sim.advance(secs(20));
    let events = receiver.events(7 + 1 + 2).await;
    let walk = [
        "unassigned",
        "preparing",
        "scheduled",
        "preparing",
        "scheduled",
        "processing",
        "succeeded",
    ];
    assert_eq!(told(&events, "workflow"), walk);
    assert_eq!(told(&events, "step"), ["succeeded"]);
    assert_eq!(told(&events, "job"), ["processing", "succeeded"]);
    for event in &events {
        assert_eq!(event["workflowId"], id(&submitted));
        assert_eq!(
            event.get("timestamp").is_some(),
            event["$type"] == "workflow"
        );
    }
    assert_eq!(submitted["callbacks"][0]["url"], receiver.url);
}

#[tokio::test]
async fn a_step_that_is_prepared_says_with_what() {
    let model = "urn:air:flux2:lora:civitai:144972@908325";
    let sim = builder()
        .not_loaded(model, Loading::new(100))
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let mut receiver = Receiver::start(0).await;
    let mut template = calling(&receiver.url, &json!(["step:*"]));
    template["steps"][0]["input"]["loras"] = json!({ model: 0.5 });
    caller.submit(&template).await;
    sim.advance(secs(100));
    let events = receiver.events(4).await;
    let walk = ["preparing", "scheduled", "processing", "succeeded"];
    assert_eq!(told(&events, "step"), walk);
    assert_eq!(events[0]["preparation"][0]["resource"], model);
    assert!(events[1].get("preparation").is_none());
}

#[tokio::test]
async fn details_tell_results_without_the_type_of_the_step() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut receiver = Receiver::start(0).await;
    let mut template = calling(
        &receiver.url,
        &json!(["workflow:succeeded", "step:succeeded"]),
    );
    template["callbacks"][0]["detailed"] = true.into();
    caller.submit(&template).await;
    sim.advance(secs(20));
    let events = receiver.events(2).await;
    let (step, whole) = (&events[0]["details"], &events[1]["details"]["steps"][0]);
    assert_eq!((&whole["name"], &whole["cost"]), (&json!("$0"), &json!(8)));
    assert_eq!(step["retries"], 0);
    for details in [step, whole] {
        assert_eq!(details.get("$type"), None);
        assert!(details["output"]["images"][0]["url"].is_string());
    }
}

#[tokio::test]
async fn what_is_not_taken_comes_again_in_order() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut receiver = Receiver::start(1).await;
    caller
        .submit(&calling(&receiver.url, &json!(["workflow:*"])))
        .await;
    sim.advance(secs(20));
    // The first one waits for its second try, and all others for the first one.
    while receiver.events.borrow().len() < 7 {
        sim.advance(secs(11));
        tokio::task::yield_now().await;
    }
    assert_eq!(*receiver.deaf.lock().unwrap(), 0);
    let events = receiver.events(7).await;
    assert_eq!(told(&events, "workflow")[..2], ["unassigned", "preparing"]);
}

#[tokio::test]
async fn events_are_lost_doubled_overtaken_late_and_forged_as_ordered() {
    let whole = Disorder::default();
    for (disorder, expected) in [
        (
            whole.duplicated(1.0),
            vec!["processing", "processing", "succeeded", "succeeded"],
        ),
        (whole.reordered(1.0), vec!["succeeded", "processing"]),
        (whole.late(1.0, secs(30)), vec!["processing", "succeeded"]),
        (
            whole.forged(1.0),
            vec!["succeeded", "processing", "succeeded", "succeeded"],
        ),
    ] {
        let sim = builder().disorder(disorder).start().await.unwrap();
        let caller = Caller::new(&sim);
        let mut receiver = Receiver::start(0).await;
        let types = json!(["workflow:processing", "workflow:succeeded"]);
        caller.submit(&calling(&receiver.url, &types)).await;
        sim.advance(secs(20));
        sim.advance(secs(30));
        let events = receiver.events(expected.len()).await;
        assert_eq!(told(&events, "workflow"), expected);
    }
    let sim = builder().disorder(whole.lost(1.0)).start().await.unwrap();
    let mut receiver = Receiver::start(0).await;
    let caller = Caller::new(&sim);
    caller
        .submit(&calling(&receiver.url, &json!(["workflow:*"])))
        .await;
    sim.advance(secs(20));
    // An event of another simulator arrives where one that is lost would long have.
    let heard = builder().start().await.unwrap();
    let caller = Caller::new(&heard);
    let other = caller
        .submit(&calling(&receiver.url, &json!(["workflow:unassigned"])))
        .await;
    let events = receiver.events(1).await;
    assert_eq!((events.len(), &events[0]["workflowId"]), (1, &other["id"]));
}
