//! A bare HTTP caller of version 2: no rules, no retries, only what a test asks for.

use std::time::Duration;

use civitai_api::{Http, v2};
use civitai_sim::{SimTime, Simulator, SimulatorBuilder};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// Time by hand, one worker, round delays: a step of one image has ended after 16 s.
pub(crate) fn builder() -> SimulatorBuilder {
    Simulator::builder()
        .seed(3)
        .time(SimTime::manual())
        .queue_delay(secs(8))
        .work_delay(secs(8))
        .workers(1)
}

/// Everything that is asked for is there at once.
pub(crate) fn instant() -> SimulatorBuilder {
    builder()
        .queue_delay(Duration::ZERO)
        .work_delay(Duration::ZERO)
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The generated client.
pub(crate) fn typed(sim: &Simulator) -> v2::Client {
    let http = Http::builder(sim.base_url()).token(sim.token().to_owned());
    v2::Client::new(http.build().unwrap())
}

/// A step that makes one picture for 8 Buzz.
pub(crate) fn image(prompt: &str) -> Value {
    json!({"$type": "imageGen", "input": {
        "engine": "flux2", "model": "klein", "operation": "createImage", "modelVersion": "4b",
        "prompt": prompt, "width": 512, "height": 512, "seed": 5,
    }})
}

pub(crate) fn echo(message: &Value) -> Value {
    json!({"$type": "echo", "input": {"message": message}})
}

pub(crate) fn workflow(steps: &[Value]) -> Value {
    json!({"steps": steps, "currencies": []})
}

/// A workflow with one more member.
pub(crate) fn with(mut workflow: Value, name: &str, value: Value) -> Value {
    workflow[name] = value;
    workflow
}

pub(crate) fn id(workflow: &Value) -> &str {
    workflow["id"].as_str().unwrap()
}

pub(crate) struct Caller<'a> {
    pub(crate) sim: &'a Simulator,
    pub(crate) http: Client,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(sim: &'a Simulator) -> Self {
        let http = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        Self {
            sim,
            http: http.build().unwrap(),
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/v2/consumer/{path}", self.sim.base_url());
        self.http.request(method, url).bearer_auth(self.sim.token())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.request(Method::GET, path)).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        read(self.request(method, path).json(body)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(Method::POST, path, body).await
    }

    /// Submits a workflow that is accepted.
    pub(crate) async fn submit(&self, workflow: &Value) -> Value {
        let (status, workflow) = self.post("workflows", workflow).await;
        assert!(status == 200 || status == 202, "{status}: {workflow}");
        workflow
    }

    pub(crate) async fn look(&self, workflow: &Value) -> Value {
        self.get(&format!("workflows/{}", id(workflow))).await.1
    }

    /// Submits a workflow and lets it end.
    pub(crate) async fn finished(&self, workflow: &Value) -> Value {
        let workflow = self.submit(workflow).await;
        self.sim.advance(secs(600));
        self.look(&workflow).await
    }
}

pub(crate) async fn read(request: RequestBuilder) -> (u16, Value) {
    let reply = request.send().await.unwrap();
    let status: StatusCode = reply.status();
    let body = reply.bytes().await.unwrap();
    let value = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&body).unwrap()
    };
    (status.as_u16(), value)
}
