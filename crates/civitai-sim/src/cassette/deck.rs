//! What a program holds: a recording or a replay, asked for and running.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use chrono::Utc;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::core::lock::lock;
use crate::server::listen::{listen, serve};
use crate::server::wire::Wires;

use super::error::CassetteError;
use super::exchange::{Header, Server, VERSION};
use super::hide::Veil;
use super::places::Places;
use super::record::{self, Recorder};
use super::replay::{self, Player};
use super::shelf::Shelf;
use super::tape::{self, Tape};
use super::upstream::Upstream;

/// A recording of what a service answers, to be started.
#[derive(Clone, Debug)]
#[must_use = "a recording does nothing until it is started"]
pub struct Recording {
    upstream: String,
    file: PathBuf,
    hides_prompts: bool,
    at: At,
}

/// A replay of a cassette, to be started.
#[derive(Clone, Debug)]
#[must_use = "a replay does nothing until it is started"]
pub struct Replay {
    file: PathBuf,
    at: At,
}

/// Where a cassette listens.
#[derive(Clone, Copy, Debug)]
struct At {
    api: SocketAddr,
    storage: SocketAddr,
}

/// A cassette that runs: its two servers.
///
/// Dropping it stops them; [`shutdown`](Self::shutdown) also waits until they have, and says whether all was
/// written.
#[derive(Debug)]
#[must_use = "dropping a cassette stops it"]
pub struct Cassette {
    places: Places,
    recorder: Option<Arc<Recorder>>,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

impl Recording {
    /// Returns a recording of the service at an address into a file, which must not be there yet.
    pub fn of(upstream: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        Self {
            upstream: upstream.into(),
            file: file.into(),
            hides_prompts: false,
            at: At::anywhere(),
        }
    }

    /// Sets whether prompts and other words of people are replaced in the file. Default: `false`.
    pub fn hide_prompts(mut self, hide: bool) -> Self {
        self.hides_prompts = hide;
        self
    }

    /// Sets the address in the place of the service. Default: a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.at.api = address;
        self
    }

    /// Sets the address in the place of other hosts. Default: a free port of 127.0.0.1.
    pub fn listen_storage(mut self, address: SocketAddr) -> Self {
        self.at.storage = address;
        self
    }

    /// Starts it on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails where the address of the service is none, the file is there already or cannot be written, or
    /// an address cannot be listened on.
    pub async fn start(self) -> Result<Cassette, CassetteError> {
        let upstream = Upstream::new(&self.upstream)?;
        let (sockets, places) = self.at.bind().await?;
        let header = Header {
            cassette: VERSION,
            upstream: upstream.address.clone(),
            recorded_at: Utc::now(),
            hides_prompts: self.hides_prompts,
        };
        let recorder = Arc::new(Recorder {
            places: places.clone(),
            upstream,
            tape: Mutex::new(Tape::begin(&self.file, &header)?),
            veil: Mutex::new(Veil::new(self.hides_prompts)),
            shown: Mutex::default(),
        });
        let routes = |server| record::routes(Arc::clone(&recorder), server);
        let routers = [routes(Server::Api), routes(Server::Storage)];
        Ok(Cassette::open(
            places,
            sockets,
            routers,
            Some(Arc::clone(&recorder)),
        ))
    }
}

impl Replay {
    /// Returns a replay of a file.
    pub fn of(file: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            at: At::anywhere(),
        }
    }

    /// Sets the address in the place of the service. Default: a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.at.api = address;
        self
    }

    /// Sets the address in the place of other hosts. Default: a free port of 127.0.0.1.
    pub fn listen_storage(mut self, address: SocketAddr) -> Self {
        self.at.storage = address;
        self
    }

    /// Starts it on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails where the file is no cassette, or an address cannot be listened on.
    pub async fn start(self) -> Result<Cassette, CassetteError> {
        let (header, exchanges) = tape::read(&self.file)?;
        let (sockets, places) = self.at.bind().await?;
        let player = Arc::new(Player {
            places: places.clone(),
            shelf: Mutex::new(Shelf::new(exchanges)),
            veil: Mutex::new(Veil::new(header.hides_prompts)),
        });
        let routes = |server| replay::routes(Arc::clone(&player), server);
        let routers = [routes(Server::Api), routes(Server::Storage)];
        Ok(Cassette::open(places, sockets, routers, None))
    }
}

impl At {
    fn anywhere() -> Self {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            api: anywhere,
            storage: anywhere,
        }
    }

    async fn bind(self) -> Result<([Wires; 2], Places), CassetteError> {
        let failed = |address| move |source| CassetteError::Listen { address, source };
        let (api, api_address) = listen(self.api).await.map_err(failed(self.api))?;
        let storage = listen(self.storage).await;
        let (storage, storage_address) = storage.map_err(failed(self.storage))?;
        let places = Places {
            api: format!("http://{api_address}"),
            storage: format!("http://{storage_address}"),
        };
        Ok(([api, storage], places))
    }
}

impl Cassette {
    fn open(
        places: Places,
        sockets: [Wires; 2],
        routers: [Router; 2],
        recorder: Option<Arc<Recorder>>,
    ) -> Self {
        let (stop, stopped) = watch::channel(false);
        let servers = sockets.into_iter().zip(routers);
        let servers = servers
            .map(|(socket, router)| tokio::spawn(serve(socket, router, stopped.clone())))
            .collect();
        Self {
            places,
            recorder,
            stop,
            servers,
        }
    }

    /// Returns the address in the place of the service, such as `http://127.0.0.1:4010`.
    pub fn base_url(&self) -> &str {
        &self.places.api
    }

    /// Returns the address that links to other hosts begin with.
    pub fn storage_url(&self) -> &str {
        &self.places.storage
    }

    /// Stops both servers, lets what is under way end, for two seconds at most, and waits for it.
    ///
    /// # Errors
    ///
    /// Fails where a recording could not be written whole.
    pub async fn shutdown(mut self) -> Result<(), CassetteError> {
        self.stop.send_replace(true);
        for server in self.servers.drain(..) {
            // A server that was cancelled with its runtime has ended as well.
            let _ = server.await;
        }
        match &self.recorder {
            Some(recorder) => lock(&recorder.tape).end(),
            None => Ok(()),
        }
    }
}

impl Drop for Cassette {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}
