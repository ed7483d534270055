//! The files of a workflow: found where the contract puts them, whether they can be fetched or not.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use civitai_api::v2::operation;
use civitai_api::v2::types::NsfwLevel;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::places::{FileKind, Holds, Place, each};
use crate::generated::places::PLACES;

/// A file that a step makes, made, or made and may not show; [`Client::save`](crate::Client::save) and
/// [`Client::open`](crate::Client::open) fetch those that are available.
///
/// Its link is signed: whoever has it has the file, so `Debug` does not show it.
#[derive(Clone)]
pub struct WorkflowOutput {
    workflow: Arc<str>,
    step: String,
    path: String,
    index: usize,
    kind: FileKind,
    blob_id: Option<String>,
    available: bool,
    url: Option<SecretString>,
    url_expires_at: Option<DateTime<Utc>>,
    blocked_reason: Option<String>,
    nsfw_level: Option<NsfwLevel>,
    size: Option<(u32, u32)>,
    seconds: Option<f64>,
}

impl WorkflowOutput {
    /// The id of the workflow; empty in a preview.
    #[must_use]
    pub fn workflow_id(&self) -> &str {
        &self.workflow
    }

    /// The place of the file among those of its step, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The name of the step that the file is of.
    #[must_use]
    pub fn step(&self) -> &str {
        &self.step
    }

    /// Where the file stands in the output of its step, such as `images[0]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the file is, by its place and by what the service says.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// The id of the blob, by which it can be looked up and refreshed; none where the service gives
    /// a bare link.
    #[must_use]
    pub fn blob_id(&self) -> Option<&str> {
        self.blob_id.as_deref()
    }

    /// Whether the file can be fetched. Its link says nothing about that.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.available && self.url.is_some() && self.blocked_reason.is_none()
    }

    /// Why the file is withheld, in the service's words; none where it is not.
    #[must_use]
    pub fn blocked_reason(&self) -> Option<&str> {
        self.blocked_reason.as_deref()
    }

    /// The signed link, where the service has sent one yet. Treat it as a secret.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The moment after which the link no longer works.
    #[must_use]
    pub fn url_expires_at(&self) -> Option<DateTime<Utc>> {
        self.url_expires_at
    }

    /// How mature the content is, where it was rated.
    #[must_use]
    pub fn nsfw_level(&self) -> Option<&NsfwLevel> {
        self.nsfw_level.as_ref()
    }

    /// Width and height in pixels, where the service tells them.
    #[must_use]
    pub fn size(&self) -> Option<(u32, u32)> {
        self.size
    }

    /// How long it plays, in seconds, where the service tells it.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        self.seconds
    }
}

impl fmt::Debug for WorkflowOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkflowOutput")
            .field("step", &self.step)
            .field("path", &self.path)
            .field("kind", &self.kind)
            .field("blob_id", &self.blob_id)
            .field("available", &self.available)
            .field("blocked_reason", &self.blocked_reason)
            .finish_non_exhaustive()
    }
}

/// The files in the output of a step of this type.
pub(super) fn outputs(
    kind: &str,
    workflow: &Arc<str>,
    step: &str,
    output: &Value,
) -> Vec<WorkflowOutput> {
    let places = PLACES.iter().find(|(name, _)| *name == kind);
    let mut found = Vec::new();
    for place in places.into_iter().flat_map(|(_, places)| *places) {
        each(output, place.path, "", &mut |value, path| {
            found.extend(read(place, value, step, &path, output));
        });
    }
    for (index, file) in found.iter_mut().enumerate() {
        file.index = index;
        file.workflow = Arc::clone(workflow);
    }
    found
}

/// Reads member by member, so that one of an unknown form costs no file.
fn read(
    place: &Place,
    value: &Value,
    step: &str,
    path: &str,
    output: &Value,
) -> Option<WorkflowOutput> {
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let date = |value: &Value, name: &str| text(value, name)?.parse().ok();
    let link = |text: Option<String>| text.filter(|url| !url.is_empty()).map(SecretString::from);
    let bare = |kind, url: Option<String>, available| WorkflowOutput {
        workflow: Arc::default(),
        index: 0,
        step: step.to_owned(),
        path: path.to_owned(),
        kind,
        blob_id: None,
        available,
        url: link(url),
        url_expires_at: None,
        blocked_reason: None,
        nsfw_level: None,
        size: None,
        seconds: None,
    };
    let kind = match place.holds {
        Holds::Link(kind) => {
            let url = value.as_str()?.to_owned();
            // A few outputs are a blob without being called one: its members stand beside the link.
            let beside = (!path.contains('[') && !path.contains('.')).then_some(output);
            let member = |name: &str| beside.and_then(|output| output.get(name));
            let available = member("available").and_then(Value::as_bool);
            let expires = ["urlExpiresAt", "expiresAt"];
            return Some(WorkflowOutput {
                blob_id: beside
                    .and_then(|output| text(output, "id"))
                    .or_else(|| blob_id(&url)),
                url_expires_at: beside
                    .and_then(|output| expires.iter().find_map(|name| date(output, name))),
                ..bare(kind, Some(url), available.unwrap_or(true))
            });
        }
        // What is neither seen nor heard, such as a trained model, is what its place says.
        Holds::Blob(kind @ (FileKind::Image | FileKind::Video | FileKind::Audio)) => {
            told(value).unwrap_or(kind)
        }
        Holds::Blob(kind) => kind,
        Holds::AnyBlob => told(value).unwrap_or(FileKind::Other),
    };
    value.as_object()?;
    let pixels = |name: &str| u32::try_from(value.get(name)?.as_u64()?).ok();
    Some(WorkflowOutput {
        blob_id: text(value, "id"),
        url_expires_at: date(value, "urlExpiresAt"),
        blocked_reason: text(value, "blockedReason").filter(|reason| !reason.is_empty()),
        nsfw_level: text(value, "nsfwLevel").map(NsfwLevel::from),
        size: pixels("width").zip(pixels("height")),
        seconds: value.get("duration").and_then(Value::as_f64),
        ..bare(
            kind,
            text(value, "url"),
            value.get("available").and_then(Value::as_bool) == Some(true),
        )
    })
}

/// The id in a link to a blob of the service.
fn blob_id(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let (folder, _) = operation::GET_BLOB.path.split_once('{')?;
    let id = url.path().strip_prefix(folder)?;
    (!id.is_empty() && !id.contains('/')).then(|| id.to_owned())
}

/// What a blob says of itself.
fn told(blob: &Value) -> Option<FileKind> {
    match blob.get("type")?.as_str()? {
        "image" => Some(FileKind::Image),
        "video" => Some(FileKind::Video),
        "audio" => Some(FileKind::Audio),
        "model3d" => Some(FileKind::Model3d),
        _ => None,
    }
}
