//! The storage of blobs: signed links, ranges, and pictures painted when they are asked for.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::link::{self, LinkError};
use crate::paint::paint;
use crate::seed::Seed;
use crate::template::Picture;

use super::Pairs;
use super::shared::{Shared, lock};

/// Pictures that are kept, so that a range does not paint anew.
const KEPT: usize = 16;

/// The pictures painted last.
#[derive(Debug, Default)]
pub(crate) struct Gallery(Mutex<VecDeque<(String, Bytes)>>);

/// Why storage has nothing to give.
struct Refusal(StatusCode, &'static str, &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, code, message) = self;
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Error><Code>{code}</Code><Message>{message}</Message></Error>"
        );
        (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
    }
}

pub(super) async fn blob(
    State(shared): State<Arc<Shared>>,
    Path(key): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let (picture, seed) =
        find(&shared, &key, &query, &headers).map_err(IntoResponse::into_response)?;
    // What a key stands for never changes, so the key is all that the validator needs.
    let tag = format!("\"{}\"", &Seed(0).sign(&[&key])[..32]);
    let file = shared
        .gallery
        .picture(key, picture, seed)
        .await
        .map_err(IntoResponse::into_response)?;
    Ok(serve(&file, &tag, &headers))
}

/// Checks the link and looks up what the blob shows.
fn find(
    shared: &Shared,
    key: &str,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> Result<(Picture, u32), Refusal> {
    if headers.contains_key(header::AUTHORIZATION) {
        let message = "A signed link must come without an Authorization header.";
        return Err(Refusal(StatusCode::BAD_REQUEST, "InvalidArgument", message));
    }
    let service = shared.service();
    let now = service.settings.date(service.now);
    link::check(service.settings.seed, key, query, now).map_err(|error| {
        let (code, message) = match error {
            LinkError::Unsigned => ("AccessDenied", "The link is not signed."),
            LinkError::Forged => (
                "SignatureDoesNotMatch",
                "The signature is not the right one.",
            ),
            LinkError::Expired => ("AccessDenied", "The link has expired."),
        };
        Refusal(StatusCode::FORBIDDEN, code, message)
    })?;
    let missing = Refusal(StatusCode::NOT_FOUND, "NoSuchKey", "There is no such blob.");
    let Some(&(number, index)) = service.blobs.get(key) else {
        return Err(missing);
    };
    let job = &service.jobs[number];
    let uploaded = job
        .drawn_at(index)
        .map(|at| at + service.settings.upload_lag);
    match &job.template.picture {
        Some(picture) if uploaded.is_some_and(|at| at <= service.now) => {
            Ok((picture.clone(), job.image_seed(index)))
        }
        _ => Err(missing),
    }
}

impl Gallery {
    async fn picture(&self, key: String, picture: Picture, seed: u32) -> Result<Bytes, Refusal> {
        if let Some((_, file)) = lock(&self.0).iter().find(|(kept, _)| *kept == key) {
            return Ok(file.clone());
        }
        let Picture {
            prompt,
            width,
            height,
            ..
        } = picture;
        let painting = tokio::task::spawn_blocking(move || paint(&prompt, seed, width, height));
        let Ok(Ok(file)) = painting.await else {
            let message = "The picture could not be painted.";
            return Err(Refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalError",
                message,
            ));
        };
        let (file, mut kept) = (Bytes::from(file), lock(&self.0));
        kept.truncate(KEPT - 1);
        kept.push_front((key, file.clone()));
        Ok(file)
    }
}

/// The whole file or the range that was asked for.
fn serve(file: &Bytes, tag: &str, headers: &HeaderMap) -> Response {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let unchanged = text(header::IF_RANGE).is_none_or(|validator| validator == tag);
    let range = text(header::RANGE)
        .filter(|_| unchanged)
        .map(|range| parse(range, file.len()));
    let (status, body, shown) = match range {
        None | Some(Asked::Unclear) => (StatusCode::OK, file.clone(), None),
        Some(Asked::Part(part)) => {
            let shown = format!("bytes {}-{}/{}", part.start, part.end - 1, file.len());
            (StatusCode::PARTIAL_CONTENT, file.slice(part), Some(shown))
        }
        Some(Asked::Beyond) => {
            let size = format!("bytes */{}", file.len());
            let reply = Refusal(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "InvalidRange",
                "The range lies beyond the end.",
            );
            return ([(header::CONTENT_RANGE, size)], reply).into_response();
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "image/png".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag.to_owned()),
    ];
    let shown = shown.map(|shown| [(header::CONTENT_RANGE, shown)]);
    (status, headers, shown, body).into_response()
}

/// What a Range header asks for.
#[derive(Debug, PartialEq)]
enum Asked {
    Part(Range<usize>),
    Beyond,
    /// Several ranges or none that can be read: the whole is sent.
    Unclear,
}

fn parse(header: &str, size: usize) -> Asked {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .and_then(|r| r.split_once('-'))
    else {
        return Asked::Unclear;
    };
    let part = match (first.parse::<usize>(), last.parse::<usize>()) {
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
