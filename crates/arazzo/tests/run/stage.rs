//! A server that answers by a script, and a flow that is played against it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arazzo_run::{Event, Flow, Outcome, RunError, Runner};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use job_watch::SkipClock;
use serde_json::{Value, json};

/// A reply of the script.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "scripts read better without references"
)]
pub(crate) fn reply(status: u16, body: Value) -> Reply {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Reply {
        status,
        headers,
        body: body.to_string(),
    }
}

impl Reply {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.body);
        self
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    /// Method and path with query.
    pub(crate) line: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

#[derive(Default)]
struct Script {
    replies: BTreeMap<String, VecDeque<Reply>>,
    got: Vec<Got>,
}

/// A server and its script. Where the script has nothing, 200 and an empty object is the answer; the last
/// reply for an operation is given again and again.
#[derive(Clone)]
pub(crate) struct Stage {
    script: Arc<Mutex<Script>>,
    pub(crate) url: String,
}

/// What a flow left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) outcome: Result<Outcome, RunError>,
    pub(crate) events: Vec<String>,
    /// The time that was waited.
    pub(crate) waited: Duration,
}

impl Stage {
    pub(crate) async fn open() -> Self {
        let script = Arc::new(Mutex::new(Script::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { script, url }
    }

    /// Answers an operation, such as `GET /a`, by these replies one after the other.
    pub(crate) fn answer(
        &self,
        operation: &str,
        replies: impl IntoIterator<Item = Reply>,
    ) -> &Self {
        let mut script = self.script.lock().unwrap();
        script
            .replies
            .insert(operation.to_owned(), replies.into_iter().collect());
        self
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.script.lock().unwrap().got.clone()
    }

    /// The requests so far, as method and path.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.got().into_iter().map(|got| got.line).collect()
    }

    /// Plays the first workflow of a document whose head is made here.
    pub(crate) async fn play(&self, workflows: &str, inputs: Value) -> Ran {
        self.play_with(workflows, inputs, |runner| runner).await
    }

    pub(crate) async fn play_with(
        &self,
        workflows: &str,
        inputs: Value,
        set: impl FnOnce(Runner) -> Runner,
    ) -> Ran {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("api.json"), contract().to_string()).unwrap();
        let head = "arazzo: 1.1.0\ninfo: {title: T, version: '1'}\nsourceDescriptions: [{name: api, url: \
                    api.json, type: openapi}]\n";
        let file = dir.path().join("flow.yaml");
        std::fs::write(&file, format!("{head}{workflows}")).unwrap();
        self.run(Flow::load(&file).unwrap(), inputs, set).await
    }

    pub(crate) async fn run(
        &self,
        flow: Flow,
        inputs: Value,
        set: impl FnOnce(Runner) -> Runner,
    ) -> Ran {
        let clock = SkipClock::new();
        let events: Arc<Mutex<Vec<String>>> = Arc::default();
        let told = Arc::clone(&events);
        let runner = Runner::new(flow)
            .server("api", &self.url)
            .clock(Arc::new(clock.clone()))
            .on_event(move |event: &Event| told.lock().unwrap().push(event.to_string()));
        let inputs = inputs.as_object().cloned().unwrap_or_default();
        let outcome = set(runner).run(None, inputs).await;
        let events = events.lock().unwrap().clone();
        Ran {
            outcome,
            events,
            waited: clock.elapsed(),
        }
    }
}

impl Ran {
    pub(crate) fn outputs(&self) -> Value {
        let outcome = self
            .outcome
            .as_ref()
            .unwrap_or_else(|error| panic!("{error}: {self:#?}"));
        Value::Object(outcome.outputs().clone())
    }

    /// How it ended, in words.
    pub(crate) fn end(&self) -> String {
        match &self.outcome {
            Ok(outcome) => outcome.end().to_string(),
            Err(error) => format!("error: {error}"),
        }
    }
}

/// Operations `getA`, `postA` and so on, which say nothing of their replies.
pub(crate) fn contract() -> Value {
    let mut paths = serde_json::Map::new();
    let replies = json!({"default": {"description": "Any."}});
    for name in ["A", "B", "C"] {
        let path = format!("/{}", name.to_lowercase());
        let body = json!({"content": {"application/json": {}, "application/x-www-form-urlencoded": {},
            "text/plain": {}}});
        paths.insert(path, json!({
            "get": {"operationId": format!("get{name}"), "responses": replies},
            "post": {"operationId": format!("post{name}"), "requestBody": body, "responses": replies},
        }));
    }
    let parameters = json!([
        {"name": "id", "in": "path", "required": true},
        {"name": "tags", "in": "query", "style": "form", "explode": false},
        {"name": "filter", "in": "query", "style": "deepObject"},
        {"name": "q", "in": "query"}, {"name": "X-Note", "in": "header"}, {"name": "seen", "in": "cookie"},
    ]);
    paths.insert(
        "/items/{id}".to_owned(),
        json!({
            "get": {"operationId": "getItem", "parameters": parameters, "responses": replies},
        }),
    );
    json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let target = parts.uri.path_and_query().unwrap().as_str();
    let operation = format!("{} {}", parts.method, parts.uri.path());
    let reply = {
        let mut script = script.lock().unwrap();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        script.got.push(Got {
            line: format!("{} {target}", parts.method),
            headers: headers.collect(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        match script.replies.get_mut(&operation) {
            Some(replies) if replies.len() > 1 => replies.pop_front().unwrap(),
            Some(replies) => replies[0].clone(),
            None => reply(200, json!({})),
        }
    };
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}
