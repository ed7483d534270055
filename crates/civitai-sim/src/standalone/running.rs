//! A server that runs: started, ready, and ended in its own time.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
#[cfg(unix)]
use std::task::Poll;

use serde::Serialize;

use crate::core::time::SimTime;
use crate::error::StartError;
use crate::saved::{Saved, SavedError};
use crate::scenario::Scenario;
use crate::simulator::Simulator;
use crate::v2::wallet::Currency;

use super::options::Options;
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

/// Why a server did not start, or did not save its state.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The simulator did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The file of the state cannot be read or written.
    #[error("cannot read or write the state in `{path}`", path = path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What the system or the JSON says.
        #[source]
        source: io::Error,
    },
    /// The scenario file cannot be read.
    #[error("cannot read the scenario in `{path}`", path = path.display())]
    Scenario {
        /// The file.
        path: PathBuf,
        /// What the system or the JSON says.
        #[source]
        source: io::Error,
    },
    /// The state cannot be written down.
    #[error("cannot save the state")]
    Save(#[from] SavedError),
    /// A seed was asked for that is not that of the state.
    #[error("the state in `{path}` has the seed {saved}, so that `--seed {asked}` cannot be: leave it out, or name another file", path = path.display())]
    Seed {
        /// The file.
        path: PathBuf,
        /// The seed in it.
        saved: u64,
        /// The seed that was asked for.
        asked: u64,
    },
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

    /// Serves until `stop` completes, lets what is under way end, for two seconds at most, and saves the
    /// state where a file was named.
    ///
    /// # Errors
    ///
    /// Fails where the state cannot be saved.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<(), ServerError> {
        stop.await;
        let shared = Arc::clone(&self.simulator.shared);
        self.simulator.shutdown().await;
        if let Some(path) = &self.state {
            state_file::write(path, &Saved::of(&shared)?)?;
        }
        Ok(())
    }
}

fn scenario(path: &Path) -> Result<Scenario, ServerError> {
    let read = std::fs::read(path).and_then(|text| Ok(serde_json::from_slice(&text)?));
    read.map_err(|source| ServerError::Scenario {
        path: path.to_owned(),
        source,
    })
}

/// Returns a future that completes at Ctrl-C, and on Unix at SIGTERM; never where the system lets nobody
/// listen for them.
///
/// Signals count from this call on, whether the future is waited for or not. It must be called within a
/// tokio runtime.
pub fn interrupted() -> impl Future<Output = ()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        let mut signals: Vec<_> = kinds.into_iter().flat_map(signal).collect();
        std::future::poll_fn(move |context| {
            let mut signals = signals.iter_mut();
            if signals.any(|signal| signal.poll_recv(context).is_ready()) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
    }
    #[cfg(not(unix))]
    async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
