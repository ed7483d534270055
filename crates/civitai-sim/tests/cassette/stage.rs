//! A service, its recording and its replay.

use std::path::{Path, PathBuf};

use civitai_sim::cassette::{Cassette, Recording, Replay};
use civitai_sim::{SimTime, Simulator, Speed};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

/// The token of the service; no cassette may have it.
pub(crate) const CANARY: &str = "canary-token-7f3a";

/// A simulator that stands in for the service, and a folder for cassettes.
pub(crate) struct Stage {
    pub(crate) sim: Simulator,
    folder: tempfile::TempDir,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let sim = Simulator::builder()
            .token(CANARY)
            .time(SimTime::at(Speed::Max))
            .start()
            .await
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self { sim, folder }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("run.jsonl")
    }

    pub(crate) async fn record(&self) -> Caller {
        let recording = Recording::of(self.sim.base_url(), self.file());
        Caller::new(recording.start().await.unwrap(), CANARY)
    }

    /// Stops the service and the recording, and plays what was recorded.
    pub(crate) async fn replay(self, recorded: Caller) -> (Caller, tempfile::TempDir) {
        let file = self.file();
        recorded.cassette.shutdown().await.unwrap();
        self.sim.shutdown().await;
        (play(&file).await, self.folder)
    }
}

pub(crate) async fn play(file: &Path) -> Caller {
    Caller::new(Replay::of(file).start().await.unwrap(), "another-token")
}

/// A client of a cassette.
pub(crate) struct Caller {
    pub(crate) cassette: Cassette,
    http: Client,
    token: String,
}

impl Caller {
    fn new(cassette: Cassette, token: &str) -> Self {
        let http = Client::builder().no_proxy().redirect(Policy::none());
        Self {
            cassette,
            http: http.build().unwrap(),
            token: token.to_owned(),
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let url = format!("{}{path}", self.cassette.base_url());
        let mut request = self.http.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        read(self.send(Method::POST, path, Some(body)).await).await
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.send(Method::GET, path, None).await).await
    }

    /// A file by its link, without the token, over redirects.
    pub(crate) async fn fetch(&self, link: &str) -> Vec<u8> {
        let mut link = link.to_owned();
        loop {
            let own = [self.cassette.base_url(), self.cassette.storage_url()];
            assert!(own.iter().any(|own| link.starts_with(own)), "{link}");
            let reply = self.http.get(&link).send().await.unwrap();
            let Some(location) = reply.headers().get("location") else {
                assert_eq!(reply.status(), 200, "{link}");
                return reply.bytes().await.unwrap().to_vec();
            };
            link = location.to_str().unwrap().to_owned();
        }
    }
}

pub(crate) async fn read(reply: Response) -> (u16, Value) {
    let status = reply.status().as_u16();
    (status, reply.json().await.unwrap_or(Value::Null))
}

/// A workflow with a picture, under a key.
pub(crate) fn picture(prompt: &str, key: &str) -> Value {
    json!({"externalId": key, "currencies": [], "steps": [{"$type": "imageGen", "input": {
        "engine": "flux2", "model": "klein", "operation": "createImage", "modelVersion": "4b",
        "prompt": prompt,
    }}]})
}
