//! Every reply of the other services that the simulator plays, against their contracts.

use std::sync::Arc;
use std::time::Duration;

use civitai_sim::{Fault, Origin, SimTime, Simulator};
use job_watch::Clock as _;
use serde_json::{Value, json};

use crate::judge::Judge;
use crate::recorder::Recorder;
use crate::refusals::provoke;

async fn simulator() -> Simulator {
    let sim = Simulator::builder().time(SimTime::manual());
    let sim = sim.model_training(Duration::from_secs(60));
    let dark = |job: &civitai_sim::Submission<'_>| {
        job.prompt()
            .contains("dark")
            .then(|| "Too dark.".to_owned())
    };
    sim.fail_when(dark).start().await.unwrap()
}

/// Sends a request with a body of JSON, or without one, and returns the JSON of the reply.
async fn ask(recorder: &Recorder, method: &str, path: &str, body: Option<Value>) -> Value {
    let request = recorder.request(method, path).header("api-version", "1");
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let reply = request.send().await.unwrap();
    assert!(
        reply.status().is_success(),
        "{method} {path}: {}",
        reply.status()
    );
    let text = reply.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Lets time pass until all work has ended.
async fn pass(sim: &Simulator) {
    Arc::new(sim.clock()).sleep(Duration::from_secs(600)).await;
}

/// Holds every reply against the contract, and every operation and status that it declares against the
/// replies.
async fn judged(recorder: &Recorder, contract: &str) {
    let mut judge = Judge::new(contract);
    provoke(recorder, &judge).await;
    for exchange in recorder.exchanges() {
        judge.judge(&exchange);
    }
    assert_eq!(judge.unseen(), [""; 0], "declared, and never seen");
    println!(
        "{contract}: {} replies, {} kinds",
        judge.judged,
        judge.seen.len()
    );
}

#[tokio::test]
async fn replies_of_serika() {
    let sim = simulator().await;
    let recorder = Recorder::to(&sim.serika_url(), sim.token()).await;
    let image = |prompt: &str| {
        Some(json!({ "model": "tensorart-animagine-xl", "prompt": prompt, "seed": 3 }))
    };
    let mut jobs = Vec::new();
    for (path, prompt) in [("/jobs/images", "fog"), ("/jobs/image", "dark")] {
        let job = ask(&recorder, "post", path, image(prompt)).await;
        jobs.push(format!("/jobs/{}", job["id"].as_str().unwrap()));
    }
    for end in [false, true] {
        for job in &jobs {
            let seen = ask(&recorder, "get", job, None).await;
            assert_eq!(
                ["COMPLETED", "FAILED"].contains(&seen["status"].as_str().unwrap()),
                end
            );
        }
        pass(&sim).await;
    }
    let chat = |stream: bool| {
        let said = json!([{ "role": "user", "content": "Who are you?" }]);
        Some(json!({ "model": "any", "messages": said, "stream": stream }))
    };
    for (method, path, body) in [
        ("get", "/jobs", None),
        (
            "post",
            "/images/generations",
            Some(json!({ "prompt": "fog", "n": 2 })),
        ),
        ("post", "/chat/completions", chat(false)),
        ("post", "/chat/completions", chat(true)),
        ("get", "/models", None),
        ("get", "/characters", None),
        ("get", "/characters/keeper", None),
    ] {
        ask(&recorder, method, path, body).await;
    }
    sim.fail_next(Origin::Api, Fault::Throttled(Duration::from_secs(3)));
    let refused = recorder.request("post", "/jobs/images").json(&image("fog"));
    assert_eq!(refused.send().await.unwrap().status(), 429);
    judged(&recorder, "serika").await;
}

#[tokio::test]
async fn replies_of_photogpt() {
    let sim = simulator().await;
    let recorder = Recorder::to(&sim.photogpt_url(), sim.token()).await;
    let ask = async |method: &str, path: &str, body: Option<Value>| {
        ask(&recorder, method, path, body).await["result"].clone()
    };
    let person = json!({ "name": "Ada", "age": 36, "gender": "Female", "ethnicity": "any", "eyeColor": "brown" });
    let model = ask("post", "/models", Some(person)).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let model = format!("/models/{model}");
    let mut picture = String::new();
    for _ in 0..13 {
        picture = upload(&recorder, model.trim_start_matches("/models/")).await;
    }
    for (method, path) in [("get", &picture), ("delete", &picture)] {
        ask(method, path, None).await;
    }
    ask("get", &format!("{model}/train"), None).await;
    let mut jobs = Vec::new();
    for (path, body) in [
        (
            "/images/generation",
            json!({ "modelID": "seedream", "prompt": "fog", "numImages": 2 }),
        ),
        (
            "/images/generation",
            json!({ "modelID": "seedream", "prompt": "dark" }),
        ),
        ("/images/upscaling", json!({ "imageID": "picture-0" })),
        (
            "/videos/generation",
            json!({ "modelID": "veo-3.1", "prompt": "waves" }),
        ),
    ] {
        let job = ask("post", path, Some(body)).await;
        jobs.push(format!("/jobs/{}", job["jobId"].as_str().unwrap()));
    }
    for _ in 0..2 {
        for path in &jobs {
            ask("get", path, None).await;
        }
        ask("get", &model, None).await;
        pass(&sim).await;
    }
    assert_eq!(ask("get", &model, None).await["status"], "ready");
    let videos = ask("get", "/videos", None).await;
    let video = format!("/videos/{}", videos[0]["id"].as_str().unwrap());
    for (method, path) in [
        ("get", "/ping".to_owned()),
        ("get", "/presets".to_owned()),
        ("get", "/jobs".to_owned()),
        ("get", "/models".to_owned()),
        ("get", format!("{model}/images?imageType=input&pageSize=5")),
        ("get", format!("{video}/create-download")),
        ("get", format!("{video}/download")),
        ("get", video.clone()),
        ("delete", video),
        ("delete", model),
    ] {
        ask(method, &path, None).await;
    }
    judged(&recorder, "photogpt").await;
}

/// Uploads a picture for a model, and returns its path.
async fn upload(recorder: &Recorder, model: &str) -> String {
    let mut body =
        b"--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n"
            .to_vec();
    body.extend(civitai_sim::paint("a face", 7, 8, 8).unwrap());
    let data = json!({ "modelID": model, "type": "modelInput" });
    body.extend(format!("\r\n--cut\r\ncontent-disposition: form-data; name=\"data\"\r\n\r\n{data}\r\n--cut--\r\n").bytes());
    let request = recorder
        .request("post", "/images/upload")
        .header("api-version", "1");
    let request = request.header("content-type", "multipart/form-data; boundary=cut");
    let reply = request.body(body).send().await.unwrap();
    let reply: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
    format!("/images/{}", reply["result"]["id"].as_str().unwrap())
}
