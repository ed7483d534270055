//! A bare HTTP caller: no rules, no retries, only what a test asks for.

use std::time::Duration;

use civitai_sim::{SimTime, Simulator, SimulatorBuilder};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// Time by hand, one worker, round delays: a job of one image is drawn after 10 s.
pub(crate) fn builder() -> SimulatorBuilder {
    Simulator::builder()
        .seed(3)
        .time(SimTime::manual())
        .queue_delay(secs(2))
        .work_delay(secs(8))
        .upload_lag(secs(1))
        .workers(1)
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn http() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

pub(crate) fn job() -> Value {
    json!({
        "$type": "textToImage",
        "model": "urn:air:sd1:checkpoint:civitai:4384@128713",
        "params": {"prompt": "a lighthouse in fog", "width": 128, "height": 96, "seed": 5},
        "properties": {"run": "r1"},
    })
}

pub(crate) struct Caller<'a> {
    pub(crate) sim: &'a Simulator,
    pub(crate) http: Client,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(sim: &'a Simulator) -> Self {
        Self { sim, http: http() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/v1/consumer/{path}", self.sim.base_url());
        self.http.request(method, url).bearer_auth(self.sim.token())
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> StatusCode {
        self.request(Method::DELETE, path)
            .send()
            .await
            .unwrap()
            .status()
    }

    /// Submits a job, lets it finish, and returns the link to its blob.
    pub(crate) async fn finished_link(&self) -> String {
        let (_, batch) = self.post("jobs", &job()).await;
        self.sim.advance(secs(11));
        let (_, batch) = self.get(&format!("jobs?token={}", token(&batch))).await;
        batch["jobs"][0]["result"]["blobUrl"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

pub(crate) async fn read(request: RequestBuilder) -> (StatusCode, Value) {
    let reply = request.send().await.unwrap();
    let status = reply.status();
    let body = reply.bytes().await.unwrap();
    (
        status,
        if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).unwrap()
        },
    )
}

/// The token of a batch, ready for a query.
pub(crate) fn token(batch: &Value) -> String {
    batch["token"].as_str().unwrap().replace('+', "%2B")
}

pub(crate) fn id(batch: &Value) -> &str {
    batch["jobs"][0]["jobId"].as_str().unwrap()
}
