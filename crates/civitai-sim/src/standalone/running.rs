//! A server that runs: started, ready, and ended in its own time.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use crate::core::time::SimTime;
use crate::scenario::Scenario;
use crate::simulator::Simulator;
use crate::v2::wallet::Currency;

use super::error::ServerError;
use super::options::Options;
use super::saving::{save, save_until};
use super::state_file;

/// A simulator that serves programs, with its page and controls.
#[derive(Debug)]
#[must_use = "dropping a server stops it without saving its state"]
pub struct Server {
    simulator: Simulator,
    state: Option<PathBuf>,
    ready: Ready,
}

/// What a program needs to know of a server; as JSON, its first and only line on stdout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Ready {
    /// Always true.
    pub ready: bool,
    /// The base URL of both versions of the API.
    pub api: String,
    /// The address that links to files begin with.
    pub storage: String,
    /// The base URL of Serika.
    pub serika: String,
    /// The base URL of PhotoGPT.
    pub photogpt: String,
    /// The page for a browser.
    pub page: String,
    /// The bearer token that all services accept.
    pub token: String,
    /// The seed that the run follows from.
    pub seed: u64,
    /// Whether the run goes on from a saved state.
    pub taken_up: bool,
}

impl Server {
    /// Starts a server on the current tokio runtime; it takes its state up where the file is there.
    ///
    /// # Errors
    ///
    /// Fails where a port is taken, a file cannot be read, or an option is out of its range.
    pub async fn start(options: Options) -> Result<Self, ServerError> {
        let mut builder = Simulator::builder()
            .time(SimTime::at(options.speed))
            .token(options.token.clone())
            .shape(options.shape)
            .control(true)
            .listen(SocketAddr::new(options.host, options.port))
            .listen_blobs(SocketAddr::new(options.host, options.storage()));
        if let Some(seed) = options.seed {
            builder = builder.seed(seed);
        }
        if let Some(path) = &options.faults {
            builder = builder.scenario(scenario(path)?);
        }
        if let Some(buzz) = options.buzz {
            builder = builder.balance(f64::from(buzz));
            for currency in Currency::ALL {
                builder = builder.buzz(currency, u64::from(buzz));
            }
        }
        let mut taken_up = false;
        if let Some(path) = &options.state
            && let Some(saved) = state_file::read(path)?
        {
            let (saved_seed, asked) = (saved.seed(), options.seed);
            if let Some(asked) = asked.filter(|asked| *asked != saved_seed) {
                return Err(ServerError::Seed {
                    path: path.clone(),
                    saved: saved_seed,
                    asked,
                });
            }
            builder = builder.take_up(saved);
            taken_up = true;
        }
        let simulator = builder.start().await?;
        let ready = Ready {
            ready: true,
            api: simulator.base_url().to_owned(),
            storage: simulator.blob_url().to_owned(),
            serika: simulator.serika_url(),
            photogpt: simulator.photogpt_url(),
            page: format!("{}/", simulator.base_url()),
            token: simulator.token().to_owned(),
            seed: simulator.seed(),
            taken_up,
        };
        Ok(Self {
            simulator,
            state: options.state,
            ready,
        })
    }

    /// Returns where it is and what opens it.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Returns the simulator, for programs that move it.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Serves until `stop` completes, and lets what is under way end, for two seconds at most. Where a file
    /// was named, the state is saved every few seconds in which it changes, and at the end.
    ///
    /// # Errors
    ///
    /// Fails where the state cannot be saved at the end.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<(), ServerError> {
        let Some(path) = &self.state else {
            stop.await;
            self.simulator.shutdown().await;
            return Ok(());
        };
        let shared = Arc::clone(&self.simulator.shared);
        save_until(stop, path, &shared).await;
        self.simulator.shutdown().await;
        save(path, &shared)
    }
}

fn scenario(path: &Path) -> Result<Scenario, ServerError> {
    let read = std::fs::read(path).and_then(|text| Ok(serde_json::from_slice(&text)?));
    read.map_err(|source| ServerError::Scenario {
        path: path.to_owned(),
        source,
    })
}
