//! A file that work made, and what it is.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
#[cfg(feature = "workflows")]
use civitai_api::v2::types::NsfwLevel;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::{Buzz, JobId, Token, WorkflowId};

/// A file that a job or a workflow makes, made, or made and may not show.
///
/// [`Client::save`](crate::Client::save) and [`Client::open`](crate::Client::open) fetch those that
/// [are available](Self::is_available). Its link is signed: whoever has it has the file, so neither
/// `Debug` nor serde shows it, and a file that was stored gets a new link when it is fetched.
#[derive(Clone, Serialize, Deserialize)]
pub struct File {
    pub(crate) origin: Origin,
    pub(crate) index: usize,
    pub(crate) path: String,
    pub(crate) kind: FileKind,
    pub(crate) blob_id: Option<String>,
    pub(crate) available: bool,
    #[serde(skip)]
    pub(crate) url: Option<SecretString>,
    /// As the service writes it: most polls look at files without asking.
    #[serde(skip)]
    pub(crate) url_expires: Option<Box<str>>,
    pub(crate) blocked_reason: Option<String>,
    #[cfg(feature = "workflows")]
    pub(crate) nsfw_level: Option<NsfwLevel>,
    pub(crate) size: Option<(u32, u32)>,
    pub(crate) seconds: Option<f64>,
    pub(crate) seed: Option<i64>,
}

/// The work that a file is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Origin {
    /// A job of a batch (v1).
    Job {
        batch: Token,
        id: Option<JobId>,
        cost: Option<Buzz>,
    },
    /// A step of a workflow (v2); there is no id in a preview.
    Step {
        workflow: Option<WorkflowId>,
        step: Arc<str>,
    },
    /// None that is known: a blob that was uploaded, or looked up by its id.
    Blob,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum FileKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// A three-dimensional object.
    Model3d,
    /// The weights of a trained model.
    Model,
    /// Several files in one.
    Archive,
    /// Anything else, or not said.
    Other,
}

/// Why a file cannot be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unavailable {
    /// It is not made yet, not stored yet, or its work ended without it.
    Missing,
    /// The service withholds it, for the reason that it gives.
    Blocked(String),
}

impl File {
    /// Returns a file of which nothing is known but its place.
    pub(crate) fn new(origin: Origin, index: usize, path: String, kind: FileKind) -> Self {
        Self {
            origin,
            index,
            path,
            kind,
            blob_id: None,
            available: false,
            url: None,
            url_expires: None,
            blocked_reason: None,
            #[cfg(feature = "workflows")]
            nsfw_level: None,
            size: None,
            seconds: None,
            seed: None,
        }
    }

    /// Returns the id of the job (v1) or workflow (v2) that makes the file; empty in a
    /// preview and for a stored blob.
    #[must_use]
    pub fn work_id(&self) -> &str {
        match &self.origin {
            Origin::Job { id, .. } => id.as_ref().map_or("", JobId::as_str),
            Origin::Step { workflow, .. } => workflow.as_ref().map_or("", WorkflowId::as_str),
            Origin::Blob => "",
        }
    }

    /// Returns the name of the step that the file is of; `None` for a job (v1).
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        match &self.origin {
            Origin::Step { step, .. } => Some(step),
            Origin::Job { .. } | Origin::Blob => None,
        }
    }

    /// Returns the place of the file among those of its job or step, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns where the file stands in the output of its job or step, such as `images[0]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what the file is, by its place and by what the service says.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Returns the name of the file at the service (v1 calls it the blob key); `None` where the
    /// service gives a bare link.
    #[must_use]
    pub fn blob_id(&self) -> Option<&str> {
        self.blob_id.as_deref()
    }

    /// Returns whether the file can be fetched. A link may be there before the file is.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.unavailable().is_none()
    }

    /// Returns why the file cannot be fetched; `None` where it can.
    #[must_use]
    pub fn unavailable(&self) -> Option<Unavailable> {
        match &self.blocked_reason {
            Some(reason) => Some(Unavailable::Blocked(reason.clone())),
            None if self.available => None,
            None => Some(Unavailable::Missing),
        }
    }

    /// Returns why the service withholds the file, in its words; `None` where it does not.
    #[must_use]
    pub fn blocked_reason(&self) -> Option<&str> {
        self.blocked_reason.as_deref()
    }

    /// Returns the signed link, where the service has sent one. Treat it as a secret.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_ref().map(SecretString::expose_secret)
    }

    /// Returns the moment after which the link no longer works, where the service tells it.
    #[must_use]
    pub fn url_expires_at(&self) -> Option<DateTime<Utc>> {
        self.url_expires.as_deref()?.parse().ok()
    }

    /// Returns how mature the content is, where it was rated.
    #[cfg(feature = "workflows")]
    #[must_use]
    pub fn nsfw_level(&self) -> Option<&NsfwLevel> {
        self.nsfw_level.as_ref()
    }

    /// Returns width and height in pixels, where the service tells them.
    #[must_use]
    pub fn size(&self) -> Option<(u32, u32)> {
        self.size
    }

    /// Returns how long the file plays, in seconds, where the service tells it.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        self.seconds
    }

    /// Returns the seed that the image was made with, where the service tells it of each file.
    #[must_use]
    pub fn seed(&self) -> Option<i64> {
        self.seed
    }

    /// Returns the price of the whole job that made the file, which may have made others; `None` for
    /// a workflow, whose [snapshot](crate::WorkflowSnapshot::cost) has it.
    #[must_use]
    pub fn job_cost(&self) -> Option<Buzz> {
        match &self.origin {
            Origin::Job { cost, .. } => *cost,
            Origin::Step { .. } | Origin::Blob => None,
        }
    }

    pub(crate) fn link(&self) -> Option<SecretString> {
        self.url.clone().filter(|_| self.is_available())
    }
}

/// A copy, so that files are saved by reference.
impl From<&File> for File {
    fn from(file: &File) -> Self {
        file.clone()
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("work_id", &self.work_id())
            .field("step", &self.step())
            .field("path", &self.path)
            .field("kind", &self.kind)
            .field("blob_id", &self.blob_id)
            .field("unavailable", &self.unavailable())
            .finish_non_exhaustive()
    }
}
