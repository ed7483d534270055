//! Connections that can be cut while a request is being answered.

use std::io::{self, ErrorKind, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// The switch of one connection, and who is at its other end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire {
    is_cut: Arc<AtomicBool>,
    peer: Option<IpAddr>,
}

impl Wire {
    /// Lets nothing more through to the client, so that the server gives the connection up.
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::Release);
    }

    /// Who is at the other end.
    pub(super) fn peer(&self) -> Option<IpAddr> {
        self.peer
    }

    fn check(&self) -> io::Result<()> {
        let cut = self.is_cut.load(Ordering::Acquire);
        if cut {
            Err(ErrorKind::ConnectionReset.into())
        } else {
            Ok(())
        }
    }
}

/// A listener whose connections have a switch.
#[derive(Debug)]
pub(crate) struct Wires(pub(crate) TcpListener);

impl Wires {
    /// The next connection; an accept that fails, as for want of descriptors, is tried again.
    pub(super) async fn accept(&mut self) -> (Switched, Wire) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        let wire = Wire {
            is_cut: Arc::default(),
            peer: Some(peer.ip()),
        };
        let switched = Switched {
            stream,
            wire: wire.clone(),
        };
        (switched, wire)
    }
}

/// A TCP stream with a switch.
#[derive(Debug)]
pub(crate) struct Switched {
    stream: TcpStream,
    wire: Wire,
}

impl AsyncRead for Switched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Switched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.wire.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wire.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.wire.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
