//! A running simulator: the handle that tests and programs hold.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::builder::{SimulatorBuilder, StartError};
use crate::fault::Fault;
use crate::http::{BlobFault, Shared, Wire, Wires, api, storage};
use crate::job::Taint;
use crate::record::{Origin, Recorded};
use crate::v2::http::deliver;

/// How long open connections may take to end at shutdown; this is time on the wall.
const GRACE: Duration = Duration::from_secs(2);

/// A running simulator of the service.
///
/// Dropping it stops both servers; [`shutdown`](Self::shutdown) also waits until they have.
#[must_use = "dropping a simulator stops it"]
pub struct Simulator {
    shared: Arc<Shared>,
    base_url: String,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// Returns a builder with settings that suit a first look.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::new()
    }

    pub(crate) async fn start(builder: SimulatorBuilder) -> Result<Self, StartError> {
        let runtime = Handle::try_current().map_err(StartError::NoRuntime)?;
        let (api_listener, api_address) = listen(builder.api).await?;
        let (blob_listener, blob_address) = listen(builder.blobs).await?;
        let (stop, stopped) = watch::channel(false);
        let base_url = format!("http://{api_address}");
        let blob_url = format!("http://{blob_address}");
        let shared = Shared::new(builder, base_url.clone(), blob_url, stopped.clone());
        let shared = Arc::new(shared);
        let servers = vec![
            runtime.spawn(serve(api_listener, api(&shared), stopped.clone())),
            runtime.spawn(serve(blob_listener, storage(&shared), stopped.clone())),
            runtime.spawn(deliver(Arc::clone(&shared), stopped)),
        ];
        Ok(Self {
            shared,
            base_url,
            stop,
            servers,
        })
    }

    /// The address of the API, such as `http://127.0.0.1:4010`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address that links to blobs begin with.
    pub fn blob_url(&self) -> &str {
        &self.shared.blob_url
    }

    /// The bearer token that the API accepts.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Moves simulated time forward; everything due by then happens, and held requests wake.
    pub fn advance(&self, by: Duration) {
        self.shared.clock.skip(by);
        self.shared.announce();
    }

    /// Simulated time since the start.
    pub fn elapsed(&self) -> Duration {
        self.shared.clock.now()
    }

    /// The Buzz left on the account of version 1.
    pub fn balance(&self) -> f64 {
        self.shared.service().balance()
    }

    /// The marks that a job was given as bad, in order; none for a job that there is not.
    pub fn taints(&self, job_id: &str) -> Vec<Taint> {
        let service = self.shared.service();
        let job = service.find(job_id).ok();
        job.map(|job| service.jobs[job].taints.clone())
            .unwrap_or_default()
    }

    /// The requests so far, in order of arrival; the log keeps the latest 10,000.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.requests()
    }

    /// Orders a fault for the next request to one of the servers.
    ///
    /// Faults wait in line: each request takes one.
    pub fn fail_next(&self, origin: Origin, fault: Fault) {
        self.shared.order(origin, fault);
    }

    /// Orders a fault for the next good request to storage; each request takes one.
    pub fn fail_next_blob(&self, fault: BlobFault) {
        self.shared.storage.order(fault);
    }

    /// The most transfers from storage that were under way at once.
    pub fn most_transfers(&self) -> usize {
        self.shared.storage.gauge.most()
    }

    /// Completes once at least `count` transfers from storage have come to a standstill.
    pub async fn until_stalled(&self, count: usize) {
        self.shared.storage.gauge.until_stalled(count).await;
    }

    /// Completes once at least `count` requests that wait are held.
    ///
    /// A test that moves time by hand calls this first, so that time does not pass before the
    /// request has arrived.
    pub async fn until_held(&self, count: usize) {
        self.shared.until_held(count).await;
    }

    /// Stops both servers and waits until they have ended; held requests are answered first.
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

async fn listen(address: SocketAddr) -> Result<(Wires, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((Wires(listener), bound))
}

async fn serve(wires: Wires, router: Router, stopped: watch::Receiver<bool>) {
    let mut patience = stopped.clone();
    let service = router.into_make_service_with_connect_info::<Wire>();
    let server = axum::serve(wires, service).with_graceful_shutdown(until_stopped(stopped));
    tokio::select! {
        // Serving ends only by being stopped: a failed accept is tried again.
        _ = server => {}
        () = async {
            let _ = patience.wait_for(|stopped| *stopped).await;
            tokio::time::sleep(GRACE).await;
        } => {}
    }
}

async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone means the same as its last word.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
