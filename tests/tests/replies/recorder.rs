//! A proxy in front of the simulator that sees every reply.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use axum::response::Response;
use civitai_sim::Simulator;

/// A reply, and what it is the reply to.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) media_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// A proxy, which ends with the runtime that it was started on.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    pub(crate) base_url: String,
    pub(crate) token: String,
    target: String,
    http: reqwest::Client,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Recorder {
    pub(crate) async fn before(sim: &Simulator) -> Self {
        Self::to(sim.base_url(), sim.token()).await
    }

    /// A proxy in front of an address of the simulator.
    pub(crate) async fn to(url: &str, token: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        let recorder = Self {
            base_url: format!("http://{}", listener.local_addr().unwrap()),
            token: token.to_owned(),
            target: url.to_owned(),
            http: http.build().unwrap(),
            exchanges: Arc::default(),
        };
        let router = Router::new().fallback(forward).with_state(recorder.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        recorder
    }

    /// What the generated clients stand on.
    pub(crate) fn http(&self) -> civitai_api::Http {
        let http = civitai_api::Http::builder(&*self.base_url).token(self.token.clone());
        http.build().unwrap()
    }

    /// A request of any form, with the token.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.base_url);
        let method = method.to_uppercase().parse().unwrap();
        self.http.request(method, url).bearer_auth(&self.token)
    }

    /// The same without the token.
    pub(crate) fn stranger(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.to_uppercase().parse().unwrap();
        self.http
            .request(method, format!("{}{path}", self.base_url))
    }

    /// A link to the simulator as one that goes through here.
    pub(crate) fn through(&self, link: &str) -> String {
        let path = link.strip_prefix(&self.target);
        let path = path.unwrap_or_else(|| panic!("{link} leads elsewhere"));
        format!("{}{path}", self.base_url)
    }

    /// The replies so far, in their order.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap().clone()
    }
}

async fn forward(State(recorder): State<Recorder>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let url = format!("{}{}", recorder.target, parts.uri);
    let mut headers = parts.headers;
    headers.remove(HOST);
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let sent = recorder
        .http
        .request(parts.method.clone(), url)
        .headers(headers)
        .body(body);
    let reply = sent.send().await.unwrap();
    let (status, mut headers) = (reply.status(), reply.headers().clone());
    let body = reply.bytes().await.unwrap();
    let media_type = headers
        .get(CONTENT_TYPE)
        .map(|value| value.to_str().unwrap().to_owned());
    recorder.exchanges.lock().unwrap().push(Exchange {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        status: status.as_u16(),
        media_type,
        body: body.to_vec(),
    });
    headers.remove(TRANSFER_ENCODING);
    let mut passed = Response::new(Body::from(body));
    (*passed.status_mut(), *passed.headers_mut()) = (status, headers);
    passed
}
