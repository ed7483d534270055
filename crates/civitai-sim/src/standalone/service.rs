//! What a command line asks for: a simulator, the recording of a service, or its replay.

use std::net::SocketAddr;

use serde::Serialize;

use crate::cassette::{Cassette, Recording, Replay};

use super::error::ServerError;
use super::options::Options;
use super::running::{Ready, Server};

/// The service that is recorded where none is named.
const CIVITAI: &str = "https://orchestration.civitai.com";

/// A service that runs until it is told to end.
#[derive(Debug)]
#[must_use = "dropping a service stops it"]
pub struct Service(Kind);

#[derive(Debug)]
enum Kind {
    Simulator(Box<Server>),
    Cassette(Cassette, String),
}

/// The ready line of a cassette.
#[derive(Debug, Serialize)]
struct Loaded<'a> {
    ready: bool,
    api: &'a str,
    storage: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<String>,
    /// Any token opens a replay; a recording wants that of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl Service {
    /// Starts what the options ask for on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails where options contradict each other, a port is taken, or a file cannot be read or written.
    pub async fn start(options: Options) -> Result<Self, ServerError> {
        options.check()?;
        let api = SocketAddr::new(options.host, options.port);
        let storage = SocketAddr::new(options.host, options.storage());
        let shown = |path: std::path::PathBuf| path.display().to_string();
        let (cassette, record, upstream) = if let Some(file) = options.record {
            let upstream = options.upstream.unwrap_or_else(|| CIVITAI.to_owned());
            let recording = Recording::of(&upstream, &file)
                .hide_prompts(options.hide_prompts)
                .listen(api)
                .listen_storage(storage);
            (recording.start().await?, Some(shown(file)), Some(upstream))
        } else if let Some(file) = &options.replay {
            let replay = Replay::of(file).listen(api).listen_storage(storage);
            (replay.start().await?, None, None)
        } else {
            let server = Box::new(Server::start(options).await?);
            return Ok(Self(Kind::Simulator(server)));
        };
        let replay = options.replay.map(shown);
        let ready = line(&Loaded {
            ready: true,
            api: cassette.base_url(),
            storage: cassette.storage_url(),
            record,
            upstream,
            token: replay.is_some().then_some(options.token),
            replay,
        });
        Ok(Self(Kind::Cassette(cassette, ready)))
    }

    /// Returns where it is and what opens it, as one line of JSON.
    pub fn ready_line(&self) -> String {
        match &self.0 {
            Kind::Simulator(server) => line::<Ready>(server.ready()),
            Kind::Cassette(_, line) => line.clone(),
        }
    }

    /// Serves until `stop` completes, and lets what is under way end, for two seconds at most.
    ///
    /// # Errors
    ///
    /// Fails where a state or a cassette could not be written whole.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<(), ServerError> {
        match self.0 {
            Kind::Simulator(server) => server.run_until(stop).await,
            Kind::Cassette(cassette, _) => {
                stop.await;
                Ok(cassette.shutdown().await?)
            }
        }
    }
}

/// Plain texts and numbers always become JSON.
fn line<T: Serialize>(ready: &T) -> String {
    serde_json::to_string(ready).unwrap_or_default()
}
