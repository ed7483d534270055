//! Version 1: all operations, and jobs in every state.

use std::time::Duration;

use civitai_api::v1::Client;
use civitai_sim::{Fault, Origin, SimTime, Simulator};
use contract_tests::{Contract, Maker, Twist};
use serde_json::{Value, json};

use crate::judge::Judge;
use crate::recorder::Recorder;
use crate::refusals::provoke;

const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";

fn job(prompt: &str) -> Value {
    json!({
        "$type": "textToImage", "model": MODEL, "quantity": 2, "properties": { "run": prompt },
        "params": { "prompt": prompt, "width": 64, "height": 64 },
    })
}

#[tokio::test]
async fn every_reply_is_what_the_contract_says() {
    let sim = Simulator::builder()
        .time(SimTime::manual())
        .workers(1)
        .page_size(2);
    let sim = sim.fail_when(|job| {
        job.prompt()
            .contains("eclipse")
            .then(|| "Too dark.".to_owned())
    });
    let sim = sim.start().await.unwrap();
    let (recorder, mut judge) = (Recorder::before(&sim).await, Judge::new("v1"));
    let client = Client::new(recorder.http());

    let prompts = ["fog", "eclipse", "dusk", "dawn"];
    let jobs = json!({ "jobs": prompts.map(job) });
    let jobs = serde_json::from_value(jobs).unwrap();
    let batch = client
        .submit_jobs(Some(true), None, &jobs)
        .await
        .unwrap()
        .into_inner();
    let token = batch.token.unwrap();
    let ids = batch
        .jobs
        .unwrap()
        .into_iter()
        .map(|job| job.job_id.unwrap());
    let ids: Vec<String> = ids.collect();
    client.cancel_job(&ids[3], Some(false)).await.unwrap();
    for _ in 0..40 {
        sim.advance(Duration::from_secs(5));
        for detailed in [None, Some(true)] {
            client.get_jobs(detailed, &token, None).await.unwrap();
            for id in &ids {
                client.get_job(id, detailed).await.unwrap();
            }
            let query = json!({ "properties": { "run": "fog" } });
            let query = serde_json::from_value(query).unwrap();
            client.query_jobs(detailed, &query).await.unwrap();
            let all = client
                .query_jobs(detailed, &Default::default())
                .await
                .unwrap();
            assert!(all.cursor.is_some());
        }
    }
    let over = client.get_jobs(None, &token, Some(true)).await.unwrap();
    assert_eq!(over.status().as_u16(), 200);

    client
        .taint_job(&ids[0], &Default::default())
        .await
        .unwrap();
    client
        .taint_jobs(Some(&token), &Default::default())
        .await
        .unwrap();
    client.cancel_jobs(Some(true), &token).await.unwrap();
    client.get_coverage(&vec![MODEL.to_owned()]).await.unwrap();
    client.get_consumption(None, None).await.unwrap();

    // Jobs of every kind, as far as the simulator takes them.
    let contract = Contract::load("v1");
    let mut maker = Maker::new(&contract, Twist::Nothing);
    for (tag, schema) in contract.variants("JobRequest") {
        for seed in 0..3 {
            let mut job = maker.make(&schema, seed).back;
            job["$type"] = json!(tag);
            let sent = recorder.request("post", "/v1/consumer/jobs?wait=false");
            sent.json(&json!({ "jobs": [job] })).send().await.unwrap();
            sim.advance(Duration::from_secs(60));
        }
    }

    provoke(&recorder, &judge).await;
    for id in ["?token=none", "/none"] {
        recorder
            .request("get", &format!("/v1/consumer/jobs{id}"))
            .send()
            .await
            .unwrap();
        recorder
            .request("delete", &format!("/v1/consumer/jobs{id}"))
            .send()
            .await
            .unwrap();
    }
    // Nobody waits for an answer that costs everything.
    for _ in 0..2 {
        let dear = json!({ "jobs": vec![job("fog"); 400] });
        recorder
            .request("post", "/v1/consumer/jobs")
            .json(&dear)
            .send()
            .await
            .unwrap();
    }
    for fault in [
        Fault::Throttled(Duration::from_secs(7)),
        Fault::Status(503),
        Fault::StatusAfter(502),
    ] {
        sim.fail_next(Origin::Api, fault);
        recorder
            .request("post", "/v1/consumer/jobs")
            .json(&json!({ "jobs": [job("fog")] }))
            .send()
            .await
            .unwrap();
    }

    for exchange in recorder.exchanges() {
        judge.judge(&exchange);
    }
    println!("{} replies of {} kinds", judge.judged, judge.seen.len());
    assert_eq!(judge.unseen(), [""; 0]);
}
