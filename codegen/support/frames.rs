//! A body that comes in frames: lines, or texts with a sign before each.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::Error;
use super::body::MaxReply;
use super::response::Response;

type Body = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// What stands between two frames.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    /// The end of a line: `\n`, `\r\n` or `\r`.
    Line,
    /// The sign that stands before each record (RFC 7464).
    Record,
}

/// The frames of a reply. No frame may be larger than the client's limit for a reply; all of them
/// together may.
pub(super) struct Frames {
    body: Body,
    buffer: BytesMut,
    /// How much of the buffer holds no cut.
    seen: usize,
    cut: Cut,
    most: usize,
    /// Whether the last line ended in `\r`, so that a `\n` behind it belongs to it.
    returned: bool,
    ended: bool,
    status: StatusCode,
    headers: HeaderMap,
}

impl Frames {
    pub(super) fn new(response: Response, cut: Cut) -> Self {
        let MaxReply(most) = MaxReply::of(&response);
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: Box::pin(response.bytes_stream()),
            buffer: BytesMut::new(),
            seen: 0,
            cut,
            most,
            returned: false,
            ended: false,
        }
    }

    /// The next frame, without what cuts it off; the last one may be cut off by the end.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame, Error>>> {
        loop {
            if let Some(bytes) = self.take() {
                let whole = true;
                return Poll::Ready(Some(Ok(Frame { bytes, whole })));
            }
            if self.ended {
                let bytes = self.buffer.split().freeze();
                self.seen = 0;
                let rest = (!bytes.is_empty()).then_some(Ok(Frame {
                    bytes,
                    whole: false,
                }));
                return Poll::Ready(rest);
            }
            if self.buffer.len() > self.most {
                return Poll::Ready(Some(Err(self.fail_large())));
            }
            match ready!(self.body.as_mut().poll_next(cx)) {
                Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                Some(Err(error)) => {
                    self.end();
                    return Poll::Ready(Some(Err(error.into())));
                }
                None => self.ended = true,
            }
        }
    }

    /// Makes nothing of what may still come.
    pub(super) fn end(&mut self) {
        self.ended = true;
        self.seen = 0;
        self.buffer.clear();
    }

    /// A frame, or an event of several, that is larger than the limit.
    pub(super) fn fail_large(&mut self) -> Error {
        self.end();
        Error::too_large(self.status, self.headers.clone(), self.most)
    }

    /// Whether something is larger than the limit.
    pub(super) fn is_large(&self, bytes: usize) -> bool {
        bytes > self.most
    }

    pub(super) fn undecodable(&self, body: Bytes, source: super::DecodeError) -> Error {
        Error::undecodable(self.status, self.headers.clone(), body, source)
    }

    fn take(&mut self) -> Option<Bytes> {
        if self.returned && self.buffer.first() == Some(&b'\n') {
            self.buffer.advance(1);
            self.returned = false;
        }
        let is_cut = |byte: &u8| match self.cut {
            Cut::Line => matches!(byte, b'\n' | b'\r'),
            Cut::Record => *byte == 0x1E,
        };
        let found = self.buffer[self.seen..].iter().position(is_cut);
        let Some(at) = found.map(|at| at + self.seen) else {
            self.seen = self.buffer.len();
            return None;
        };
        self.returned = self.buffer[at] == b'\r';
        let frame = self.buffer.split_to(at).freeze();
        self.buffer.advance(1);
        self.seen = 0;
        Some(frame)
    }
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Frames")
    }
}

/// What stands between two cuts.
pub(super) struct Frame {
    pub(super) bytes: Bytes,
    /// Whether a cut came behind it, and not the end.
    pub(super) whole: bool,
}
