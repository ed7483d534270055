//! Replies that come bit by bit: events (`text/event-stream`), lines of JSON, sequences of JSON.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::frames::{Cut, Frames};
use super::response::Response;
use super::wire::Blank;
use super::{DecodeError, Error, ResponseValue, decode};

type Read<T> = fn(&[u8]) -> Result<T, DecodeError>;

/// The items of a reply, each a JSON document, as they come. Neither their number nor the time that they
/// take is bounded as a whole reply is; each item is, and so is the silence between two.
pub struct ItemStream<T> {
    frames: Frames,
    read: Read<T>,
}

impl<T> ItemStream<T> {
    /// Returns the next item, or `None` at the end. An item that cannot be read is an error, and the
    /// next one can be asked for; a connection that breaks ends the stream.
    ///
    /// # Errors
    ///
    /// The connection broke, nothing came in time, or an item is no such document.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            let frame = match ready!(self.frames.poll(cx)) {
                Some(Ok(frame)) => frame.bytes,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            if !frame.trim_ascii().is_empty() {
                let read = (self.read)(&frame);
                let read = read.map_err(|source| self.frames.undecodable(frame, source));
                return Poll::Ready(Some(read));
            }
        }
    }
}

impl<T> Stream for ItemStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemStream")
    }
}

/// One event of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// What kind of event it is, where the service says so.
    pub kind: Option<String>,
    /// The last name of an event that the service gave, to go on from there later (`Last-Event-ID`).
    pub id: Option<String>,
    /// What it says.
    pub data: T,
}

/// The events of a reply as they come; see [`ItemStream`] for what is bounded. `[DONE]`, which many
/// services send behind the last event, ends it.
pub struct EventStream<T> {
    frames: Frames,
    read: Read<T>,
    /// Whether the data is JSON, so that `[DONE]` is none.
    json: bool,
    started: bool,
    kind: Option<String>,
    id: Option<String>,
    data: Option<Vec<u8>>,
}

impl<T> EventStream<T> {
    /// Returns the next event, or `None` at the end. An event that cannot be read is an error, and the
    /// next one can be asked for; a connection that breaks ends the stream.
    ///
    /// # Errors
    ///
    /// The connection broke, nothing came in time, or an event says something else than the contract.
    pub async fn next(&mut self) -> Option<Result<Event<T>, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event<T>, Error>>> {
        loop {
            let line = match ready!(self.frames.poll(cx)) {
                // An event that no empty line ends is not whole.
                Some(Ok(frame)) if !frame.whole => return Poll::Ready(None),
                Some(Ok(frame)) => frame.bytes,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            if !line.is_empty() {
                self.line(&line);
                let length = self.data.as_ref().map_or(0, Vec::len);
                if self.frames.is_large(length) {
                    return Poll::Ready(Some(Err(self.frames.fail_large())));
                }
                continue;
            }
            let kind = self.kind.take();
            let Some(data) = self.data.take() else {
                continue;
            };
            if self.json && data == b"[DONE]" {
                self.frames.end();
                return Poll::Ready(None);
            }
            let id = self.id.clone();
            let event = (self.read)(&data).map(|data| Event { kind, id, data });
            let event = event.map_err(|source| self.frames.undecodable(data.into(), source));
            return Poll::Ready(Some(event));
        }
    }

    fn line(&mut self, line: &Bytes) {
        let start = if std::mem::replace(&mut self.started, true) {
            line
        } else {
            line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line)
        };
        let colon = start.iter().position(|byte| *byte == b':');
        let (name, value) = match colon {
            Some(at) => (&start[..at], &start[at + 1..]),
            None => (start, &start[start.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        let text = || Some(String::from_utf8_lossy(value).into_owned());
        match name {
            b"data" => match &mut self.data {
                Some(data) => {
                    data.push(b'\n');
                    data.extend_from_slice(value);
                }
                None => self.data = Some(value.to_vec()),
            },
            b"event" => self.kind = text(),
            b"id" if !value.contains(&0) => self.id = text(),
            _ => {}
        }
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<Event<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStream")
    }
}

impl<T: Blank> ResponseValue<ItemStream<T>> {
    /// Takes a reply that holds a JSON document in each line.
    pub(crate) fn lines(response: Response) -> Self {
        Self::items(response, Cut::Line)
    }

    /// Takes a reply that holds JSON documents with a sign before each.
    pub(crate) fn sequence(response: Response) -> Self {
        Self::items(response, Cut::Record)
    }

    fn items(response: Response, cut: Cut) -> Self {
        Self::with(response, |response| ItemStream {
            frames: Frames::new(response, cut),
            read: decode,
        })
    }
}

impl<T: Blank> ResponseValue<EventStream<T>> {
    /// Takes a reply of events whose data is JSON.
    pub(crate) fn events(response: Response) -> Self {
        Self::with(response, |response| events(response, decode, true))
    }
}

impl ResponseValue<EventStream<String>> {
    /// Takes a reply of events whose data is text.
    pub(crate) fn text_events(response: Response) -> Self {
        let read = |data: &[u8]| Ok(String::from_utf8_lossy(data).into_owned());
        Self::with(response, |response| events(response, read, false))
    }
}

fn events<T>(response: Response, read: Read<T>, json: bool) -> EventStream<T> {
    EventStream {
        frames: Frames::new(response, Cut::Line),
        read,
        json,
        started: false,
        kind: None,
        id: None,
        data: None,
    }
}
