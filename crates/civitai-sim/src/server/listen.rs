//! A server on a socket: bound, served, and stopped in its own time.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::wire::{Switched, Wires};

/// How long open connections may take to end at the stop; this is time on the wall.
const GRACE: Duration = Duration::from_secs(2);
/// How long the head of a request may take to arrive, from the end of the one before; this is time on the
/// wall.
const HEAD: Duration = Duration::from_secs(30);

/// Binds an address, and returns it with the port that was given.
pub(crate) async fn listen(address: SocketAddr) -> io::Result<(Wires, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    Ok((Wires(listener), bound))
}

/// Serves until the simulator stops, and then for a short while what is under way.
pub(crate) async fn serve(mut wires: Wires, router: Router, mut stopped: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let service = TowerToHyperService::new(router);
    let under_way = GracefulShutdown::new();
    // What has not ended in time ends with this.
    let mut connections = JoinSet::new();
    loop {
        let (switched, wire) = tokio::select! {
            accepted = wires.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            // A sender that is gone means the same as its last word.
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let service = service.clone();
        let with_wire = move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(wire.clone()));
            service.call(request)
        };
        let io: TokioIo<Switched> = TokioIo::new(switched);
        let connection = under_way.watch(http.serve_connection(io, service_fn(with_wire)));
        // A client that breaks off, or is cut off, is no failure of the server.
        connections.spawn(async { drop(connection.await) });
    }
    drop(wires);
    tokio::select! {
        () = under_way.shutdown() => {}
        () = tokio::time::sleep(GRACE) => {}
    }
}
