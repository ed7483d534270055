//! Requests that are held until something has changed.

use std::time::Duration;

use civitai_sim::{SimTime, Simulator};
use serde_json::Value;

use crate::caller::{Caller, builder, id, image, secs, with, workflow};

/// The reply to a request that waits for a change, and when it came; time moves second by second.
async fn next(sim: &Simulator, caller: &Caller<'_>, workflow: &Value) -> (u16, Value, u64) {
    let path = format!("workflows/{}?wait=100&until=change", id(workflow));
    let reply = caller.get(&path);
    tokio::pin!(reply);
    loop {
        let held = tokio::select! {
            (status, body) = &mut reply => return (status, body, sim.elapsed().as_secs()),
            () = sim.until_held(1) => true,
        };
        assert!(held);
        sim.advance(secs(1));
        // A request that is answered is not held any more.
        let answered = tokio::time::timeout(Duration::from_millis(20), &mut reply).await;
        if let Ok((status, body)) = answered {
            return (status, body, sim.elapsed().as_secs());
        }
    }
}

#[tokio::test]
async fn each_change_is_told_when_it_happens() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[image("a")])).await;
    let mut changes = Vec::new();
    loop {
        let (status, body, at) = next(&sim, &caller, &submitted).await;
        let progress = body["steps"][0]["estimatedProgressRate"].as_f64();
        changes.push((at, body["status"].as_str().unwrap().to_owned(), progress));
        if status == 200 {
            break;
        }
        assert_eq!(status, 202);
    }
    let running = changes
        .iter()
        .filter(|(_, status, _)| status == "processing");
    let running: Vec<_> = running
        .map(|(at, _, share)| (*at, share.unwrap()))
        .collect();
    assert_eq!(running, [(8, 0.0), (10, 0.25), (12, 0.5), (14, 0.75)]);
    assert_eq!(changes.last().unwrap().0, 16);
    let walk: Vec<&str> = changes.iter().map(|(_, status, _)| &**status).collect();
    assert_eq!(walk[..3], ["preparing", "scheduled", "preparing"]);
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
    let (_, moved, at) = next(&sim, &caller, &last).await;
    assert_eq!(moved["steps"][0]["queuePosition"]["precedingJobs"], 0);
    assert_eq!((moved["status"].as_str(), at), (Some("scheduled"), 8));
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
