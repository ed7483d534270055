//! One answer of storage: the whole file or a range of it, streamed.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};

use crate::core::content::{CHUNK, Content};

use super::fault::{BlobFault, Mishap};
use super::gauge::{Gauge, Transfer};
use super::refusal::Refusal;

/// A file and what tells one state of it from another.
pub(super) struct Stored {
    pub(super) content: Content,
    pub(super) tag: String,
    pub(super) modified: String,
}

/// The whole file or the range that was asked for, with what goes wrong on the way.
pub(super) fn serve(
    gauge: &Arc<Gauge>,
    mut stored: Stored,
    asked: &HeaderMap,
    mishap: Mishap,
) -> Response {
    let fault = mishap.fault;
    let text = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let size = stored.content.size();
    let same = |validator| validator == stored.tag || validator == stored.modified;
    let unchanged = text(header::IF_RANGE).is_none_or(same);
    if fault == Some(BlobFault::Replaced) {
        stored.tag = format!("\"{}\"", "0".repeat(32));
        stored.modified = "Thu, 01 Jan 1970 00:00:00 GMT".to_owned();
    }
    let range = text(header::RANGE)
        .filter(|_| unchanged || fault == Some(BlobFault::Replaced))
        .filter(|_| fault != Some(BlobFault::Whole))
        .map(|range| parse(range, size));
    let (status, part, shown) = match range {
        None | Some(Asked::Unclear) => (StatusCode::OK, 0..size, None),
        Some(Asked::Part(part)) => {
            let shown = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            (StatusCode::PARTIAL_CONTENT, part, Some(shown))
        }
        Some(Asked::Beyond) => {
            let reply = Refusal(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "InvalidRange",
                "The range lies beyond the end.",
            );
            return ([(header::CONTENT_RANGE, format!("bytes */{size}"))], reply).into_response();
        }
    };
    let mut headers = HeaderMap::new();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, stored.content.media_type());
    put(header::CONTENT_LENGTH, &(part.end - part.start).to_string());
    put(header::ACCEPT_RANGES, "bytes");
    if let Some(shown) = shown {
        put(header::CONTENT_RANGE, &shown);
    }
    match fault {
        Some(BlobFault::Untagged) => {}
        Some(BlobFault::WeakTag) => put(header::ETAG, &format!("W/{}", stored.tag)),
        _ => {
            put(header::ETAG, &stored.tag);
            put(header::LAST_MODIFIED, &stored.modified);
        }
    }
    let sent = Sent::of(part, mishap);
    (status, headers, body(gauge, stored.content, sent)).into_response()
}

/// What is really sent of the part that was announced.
struct Sent {
    part: Range<u64>,
    end: End,
}

/// How a body ends.
enum End {
    Whole,
    Broken,
    Never,
}

impl Sent {
    fn of(part: Range<u64>, mishap: Mishap) -> Self {
        let length = part.end - part.start;
        let (sent, end) = match mishap.fault {
            Some(BlobFault::Cut) => ((length as f64 * mishap.place) as u64, End::Broken),
            Some(BlobFault::Short) => (length.saturating_sub(10), End::Broken),
            Some(BlobFault::Stall) => (length / 2, End::Never),
            _ => (length, End::Whole),
        };
        let part = part.start..part.start + sent.min(length);
        Self { part, end }
    }
}

/// Sends chunk after chunk, and counts as a transfer until the last one is handed over.
fn body(gauge: &Arc<Gauge>, content: Content, sent: Sent) -> Body {
    let transfer = gauge.begin();
    let chunks = chunks(content, sent.part, transfer);
    let end = match sent.end {
        End::Whole => return Body::from_stream(chunks.map(Ok::<_, io::Error>)),
        End::Broken => stream::once(async {
            // The server sends what it has while this waits.
            tokio::task::yield_now().await;
            Err(io::Error::from(io::ErrorKind::ConnectionReset))
        })
        .boxed(),
        End::Never => {
            let gauge = Arc::clone(gauge);
            stream::once(async move { Err(gauge.stall().await) }).boxed()
        }
    };
    Body::from_stream(chunks.map(Ok).chain(end))
}

fn chunks(
    content: Content,
    part: Range<u64>,
    transfer: Transfer,
) -> impl Stream<Item = Bytes> + Send + 'static {
    stream::unfold((part.start, Some(transfer)), move |(at, transfer)| {
        let to = part.end.min(at + CHUNK);
        let chunk = (at < to).then(|| content.chunk(at..to));
        // Let go before the client can see the end and begin its next transfer.
        let transfer = transfer.filter(|_| to < part.end);
        std::future::ready(chunk.map(|chunk| (chunk, (to, transfer))))
    })
}

/// What a Range header asks for.
#[derive(Debug, PartialEq)]
enum Asked {
    Part(Range<u64>),
    Beyond,
    /// Several ranges or none that can be read: the whole is sent.
    Unclear,
}

fn parse(header: &str, size: u64) -> Asked {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .and_then(|r| r.split_once('-'))
    else {
        return Asked::Unclear;
    };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Asked::Unclear,
    };
    if part.start < part.end {
        Asked::Part(part)
    } else {
        Asked::Beyond
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_every_form() {
        for (header, asked) in [
            ("bytes=0-9", Asked::Part(0..10)),
            ("bytes=90-", Asked::Part(90..100)),
            ("bytes=90-500", Asked::Part(90..100)),
            ("bytes=-10", Asked::Part(90..100)),
            ("bytes=-500", Asked::Part(0..100)),
            ("bytes=100-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=9-0", Asked::Unclear),
            ("bytes=0-1,5-6", Asked::Unclear),
            ("lines=0-1", Asked::Unclear),
        ] {
            assert_eq!(parse(header, 100), asked, "{header}");
        }
    }
}
