//! A server on a socket: bound, served, and stopped in its own time.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::wire::{Wire, Wires};

/// How long open connections may take to end at the stop; this is time on the wall.
const GRACE: Duration = Duration::from_secs(2);

/// Binds an address, and returns it with the port that was given.
pub(crate) async fn listen(address: SocketAddr) -> io::Result<(Wires, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    Ok((Wires(listener), bound))
}

/// Serves until the simulator stops, and then for a short while what is under way.
pub(crate) async fn serve(wires: Wires, router: Router, stopped: watch::Receiver<bool>) {
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
