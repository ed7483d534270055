//! The storage of blobs: signed links, ranges, and pictures painted when they are asked for.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::content::Content;
use crate::link::{self, LinkError};
use crate::paint::paint;
use crate::seed::Seed;
use crate::settings::Submission;
use crate::template::Picture;

use super::Pairs;
use super::shared::{Shared, lock};
use gauge::Gauge;
use serve::{Stored, serve};
pub use trouble::BlobFault;
use trouble::Troubles;

mod gauge;
mod serve;
mod trouble;

/// Pictures that are kept, so that a range does not paint anew.
const KEPT: usize = 16;
const EXPIRED: Refusal = Refusal(
    StatusCode::FORBIDDEN,
    "AccessDenied",
    "The link has expired.",
);

/// What storage remembers from one request to the next.
#[derive(Debug)]
pub(crate) struct Storage {
    pub(crate) gauge: Gauge,
    pub(crate) gallery: Gallery,
    troubles: Mutex<Troubles>,
}

impl Storage {
    pub(super) fn new(shares: Vec<(f64, BlobFault)>) -> Self {
        Self {
            gauge: Gauge::default(),
            gallery: Gallery::default(),
            troubles: Mutex::new(Troubles::new(shares)),
        }
    }

    pub(crate) fn order(&self, fault: BlobFault) {
        lock(&self.troubles).order(fault);
    }
}

/// The pictures painted last.
#[derive(Debug, Default)]
pub(crate) struct Gallery(Mutex<VecDeque<(String, Bytes)>>);

/// Why storage has nothing to give.
pub(crate) struct Refusal(StatusCode, &'static str, &'static str);

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
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let blob = match find(&shared, &key, &query, &headers) {
        Ok(blob) => blob,
        Err(refusal) => return refusal.into_response(),
    };
    let seed = shared.service().settings.seed;
    let (fault, place) = lock(&shared.storage.troubles).next(seed, &key);
    match fault {
        Some(BlobFault::Expired) => return EXPIRED.into_response(),
        Some(BlobFault::Redirect) => return redirect(&shared.blob_url, &uri),
        _ => {}
    }
    let tag = tag_of(&key);
    let content = match blob.shown {
        Shown::Content(content) => content,
        Shown::Picture(picture, seed) => {
            match shared.storage.gallery.picture(key, picture, seed).await {
                Ok(file) => Content::new("image/png", file),
                Err(refusal) => return refusal.into_response(),
            }
        }
    };
    let stored = Stored {
        content,
        tag,
        modified: http_date(blob.uploaded),
    };
    serve(&shared, stored, &headers, fault, place)
}

/// The validator of a file. What a name stands for never changes, so the name is all it needs.
fn tag_of(name: &str) -> String {
    format!("\"{}\"", &Seed(0).sign(&[name])[..32])
}

fn http_date(date: DateTime<Utc>) -> String {
    date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A file of the second version as it is served, by the same faults.
pub(crate) fn reply(
    shared: &Arc<Shared>,
    id: &str,
    content: Content,
    headers: &HeaderMap,
) -> Response {
    let (seed, start) = {
        let service = shared.service();
        (service.settings.seed, service.settings.start)
    };
    let (fault, place) = lock(&shared.storage.troubles).next(seed, id);
    if fault == Some(BlobFault::Expired) {
        return EXPIRED.into_response();
    }
    let stored = Stored {
        content,
        tag: tag_of(id),
        modified: http_date(start),
    };
    serve(shared, stored, headers, fault, place)
}

/// The same file under another name of this machine.
fn redirect(here: &str, uri: &Uri) -> Response {
    let port = here.rsplit(':').next().unwrap_or_default();
    let location = format!("http://localhost:{port}{uri}");
    (
        StatusCode::PERMANENT_REDIRECT,
        [(header::LOCATION, location)],
    )
        .into_response()
}

/// A blob that is there.
struct Blob {
    shown: Shown,
    uploaded: DateTime<Utc>,
}

/// What a blob shows.
enum Shown {
    Picture(Picture, u32),
    Content(Content),
}

/// Checks the link and looks up what the blob shows.
fn find(
    shared: &Shared,
    key: &str,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> Result<Blob, Refusal> {
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
            LinkError::Expired => return EXPIRED,
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
    let (Some(picture), Some(uploaded)) = (
        &job.template.picture,
        uploaded.filter(|at| *at <= service.now),
    ) else {
        return Err(missing);
    };
    let content = service.settings.content_of(&Submission {
        job_type: &job.template.job_type,
        prompt: &picture.prompt,
        attempt: 0,
        properties: &job.template.properties,
    });
    Ok(Blob {
        shown: match content {
            Some(content) => Shown::Content(content),
            None => Shown::Picture(picture.clone(), job.image_seed(index)),
        },
        uploaded: service.settings.date(uploaded),
    })
}

impl Gallery {
    /// A picture, painted if it is none of those that are kept.
    pub(crate) async fn picture(
        &self,
        key: String,
        picture: Picture,
        seed: u32,
    ) -> Result<Bytes, Refusal> {
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
