//! The latest requests with their bodies, for who looks on. No header is kept, so that no token is.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Response;
use bytes::{Bytes, BytesMut};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use serde::Serialize;

use crate::core::lock::lock;
use crate::core::record::Origin;

/// Requests that are kept.
const KEPT: usize = 100;
/// Bytes of a reply that is noted before it is sent.
const AT_ONCE: u64 = 64 << 10;
/// Bytes of a body that are kept.
const BODY_AT_MOST: usize = 16 << 10;

type Ring = Arc<Mutex<VecDeque<Exchange>>>;

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Recent(Ring);

/// A request and its reply, as far as they have come.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Exchange {
    pub(super) number: usize,
    server: &'static str,
    method: String,
    /// The path with its query.
    address: String,
    status: Option<u16>,
    #[serde(skip)]
    request: Shown,
    #[serde(skip)]
    reply: Shown,
}

/// A body, or the beginning of it.
#[derive(Clone, Debug, Default)]
struct Shown {
    bytes: BytesMut,
    size: usize,
}

/// Notes what becomes of one request.
#[derive(Debug)]
pub(crate) struct Recorder {
    ring: Ring,
    number: usize,
}

impl Recent {
    /// Notes that a request has arrived.
    pub(crate) fn begin(&self, number: usize, origin: Origin, request: &Request) -> Recorder {
        let mut ring = lock(&self.0);
        if ring.len() == KEPT {
            ring.pop_front();
        }
        ring.push_back(Exchange {
            number,
            server: match origin {
                Origin::Api => "api",
                Origin::Blob => "storage",
            },
            method: request.method().to_string(),
            address: request.uri().to_string(),
            status: None,
            request: Shown::default(),
            reply: Shown::default(),
        });
        Recorder {
            ring: Arc::clone(&self.0),
            number,
        }
    }

    /// The latest requests, newest first.
    pub(super) fn latest(&self) -> Vec<Exchange> {
        lock(&self.0).iter().rev().cloned().collect()
    }

    /// The bodies of one of them.
    pub(super) fn bodies(&self, number: usize) -> Option<(String, String)> {
        let ring = lock(&self.0);
        let found = ring.iter().find(|exchange| exchange.number == number)?;
        Some((found.request.text(), found.reply.text()))
    }
}

impl Recorder {
    /// The request, whose body is noted as it is read.
    pub(crate) fn request(&self, request: Request) -> Request {
        if request.body().size_hint().exact() == Some(0) {
            return request;
        }
        let (ring, number) = (Arc::clone(&self.ring), self.number);
        let note = move |bytes: &Bytes| edit(&ring, number, |one| one.request.add(bytes));
        request.map(|body| watched(body, note))
    }

    /// The reply, whose body is noted: at once where it is there, and else as it is sent.
    pub(crate) async fn reply(&self, reply: Response<Body>) -> Response<Body> {
        let status = reply.status().as_u16();
        let size = reply.body().size_hint().exact();
        if size.is_some_and(|size| size <= AT_ONCE) {
            let (parts, body) = reply.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            edit(&self.ring, self.number, |one| {
                one.status = Some(status);
                one.reply.add(&body);
            });
            return Response::from_parts(parts, Body::from(body));
        }
        edit(&self.ring, self.number, |one| one.status = Some(status));
        let (ring, number) = (Arc::clone(&self.ring), self.number);
        let note = move |bytes: &Bytes| edit(&ring, number, |one| one.reply.add(bytes));
        reply.map(|body| watched(body, note))
    }
}

impl Shown {
    fn add(&mut self, bytes: &Bytes) {
        self.size += bytes.len();
        let room = BODY_AT_MOST
            .saturating_sub(self.bytes.len())
            .min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
    }

    fn text(&self) -> String {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) if self.size == self.bytes.len() => text.to_owned(),
            Ok(text) => format!("{text}\n… {} bytes in all", self.size),
            // Cut in the middle of a character, or no text at all.
            Err(error) if error.error_len().is_none() => {
                let text = String::from_utf8_lossy(&self.bytes[..error.valid_up_to()]);
                format!("{text}\n… {} bytes in all", self.size)
            }
            Err(_) => format!("{} bytes that are no text", self.size),
        }
    }
}

fn watched(body: Body, note: impl Fn(&Bytes) + Send + Unpin + 'static) -> Body {
    Body::new(Watched { body, note })
}

/// A body as it was, length included, whose pieces are noted.
struct Watched<F> {
    body: Body,
    note: F,
}

impl<F: Fn(&Bytes) + Unpin> HttpBody for Watched<F> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(bytes) = frame.data_ref()
        {
            (self.note)(bytes);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn edit(ring: &Ring, number: usize, change: impl FnOnce(&mut Exchange)) {
    let mut ring = lock(ring);
    let found = ring
        .iter_mut()
        .rev()
        .find(|exchange| exchange.number == number);
    if let Some(exchange) = found {
        change(exchange);
    }
}
