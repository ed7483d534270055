//! A running simulator: the handle that tests and programs hold.

mod v1;
mod v2;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::core::fault::Fault;
use crate::core::record::{Origin, Recorded};
use crate::core::speed::{Speed, SpeedError};
#[cfg(feature = "clock")]
use crate::server::driver::drive;
use crate::server::listen::serve;
use crate::server::rush::rush;
use crate::server::shared::{Opening, Shared};
use crate::server::storage::fault::BlobFault;
use crate::server::v2::deliver::deliver;
use crate::server::wire::Wires;
use crate::server::{api, storage};

/// A running simulator of the service.
///
/// Dropping it stops both servers; [`shutdown`](Self::shutdown) also waits until they have.
#[must_use = "dropping a simulator stops it"]
pub struct Simulator {
    pub(crate) shared: Arc<Shared>,
    base_url: String,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

impl Simulator {
    pub(crate) fn open(
        runtime: &Handle,
        opening: Opening,
        base_url: String,
        api_socket: Wires,
        blob_socket: Wires,
    ) -> Self {
        let (stop, stopped) = watch::channel(false);
        let shared = Arc::new(Shared::new(opening, stopped.clone()));
        let servers = vec![
            runtime.spawn(serve(api_socket, api(&shared), stopped.clone())),
            runtime.spawn(serve(blob_socket, storage(&shared), stopped.clone())),
            runtime.spawn(deliver(Arc::clone(&shared), stopped.clone())),
            runtime.spawn(rush(Arc::clone(&shared), stopped.clone())),
            #[cfg(feature = "clock")]
            runtime.spawn(drive(Arc::clone(&shared), stopped)),
        ];
        Self {
            shared,
            base_url,
            stop,
            servers,
        }
    }

    #[cfg(feature = "clock")]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Returns the address of the API, such as `http://127.0.0.1:4010`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the base URL of the Serika API, on the same server.
    pub fn serika_url(&self) -> String {
        format!("{}{}", self.base_url, crate::server::serika::BASE)
    }

    /// Returns the base URL of the PhotoGPT API, on the same server.
    pub fn photogpt_url(&self) -> String {
        format!("{}{}", self.base_url, crate::server::photogpt::BASE)
    }

    /// Returns the address that links to blobs begin with.
    pub fn blob_url(&self) -> &str {
        &self.shared.blob_url
    }

    /// Returns the seed that everything follows from which looks random.
    pub fn seed(&self) -> u64 {
        self.shared.seed.0
    }

    /// Returns the bearer token that the API accepts.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// Moves simulated time forward: everything that is due by then happens, and requests that wait
    /// for it are answered.
    pub fn advance(&self, by: Duration) {
        self.shared.advance(by);
    }

    /// Lets simulated time run as fast from now on.
    ///
    /// # Errors
    ///
    /// Fails for a speed that is out of its range; nothing changes then.
    pub fn set_speed(&self, speed: Speed) -> Result<(), SpeedError> {
        if !speed.is_valid() {
            return Err(SpeedError);
        }
        self.shared.set_speed(speed);
        Ok(())
    }

    /// Returns how fast simulated time runs.
    pub fn speed(&self) -> Speed {
        self.shared.clock.speed()
    }

    /// Returns the simulated time since the start.
    pub fn elapsed(&self) -> Duration {
        self.shared.clock.now()
    }

    /// Returns the requests so far, in order of arrival: the latest 10,000 at most.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.requests()
    }

    /// Orders a fault for the next request to one of the servers.
    ///
    /// Faults wait in line: each request takes one.
    pub fn fail_next(&self, origin: Origin, fault: Fault) {
        self.shared.order(origin, fault);
    }

    /// Orders a fault for the next good request to storage.
    ///
    /// Faults wait in line: each request takes one.
    pub fn fail_next_blob(&self, fault: BlobFault) {
        self.shared.storage.order(fault);
    }

    /// Returns the most transfers from storage that were under way at once.
    pub fn most_transfers(&self) -> usize {
        self.shared.storage.gauge.most()
    }

    /// Completes once at least `count` transfers from storage have come to a standstill, as
    /// [`BlobFault::Stall`] makes them.
    pub async fn until_stalled(&self, count: usize) {
        self.shared.storage.gauge.until_stalled(count).await;
    }

    /// Completes once at least `count` requests that wait are held.
    ///
    /// A test that moves time by hand calls this first, so that time does not pass before the request
    /// has arrived.
    pub async fn until_held(&self, count: usize) {
        self.shared.waits.until_held(count).await;
    }

    /// Stops both servers and waits until they have ended; requests that are held are answered first.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for server in self.servers.drain(..) {
            // A server that was cancelled with its runtime has ended as well.
            let _ = server.await;
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("base_url", &self.base_url)
            .field("blob_url", &self.shared.blob_url)
            .finish_non_exhaustive()
    }
}
