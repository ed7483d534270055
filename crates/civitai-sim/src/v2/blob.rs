//! Files: what is known of each, and what it holds.

use std::time::Duration;

use serde_json::{Value, json};

use crate::core::content;

use super::image;
use super::maturity::Maturity;

/// Why content that is mature is withheld.
pub(crate) const MATURE: &str = "The content is mature.";
/// How long a file is kept after it was made or refreshed.
pub(crate) const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Bytes of a file that tell how large its picture is.
const HEAD: u64 = 64 << 10;

/// A file that a step makes or a caller has uploaded.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Blob {
    pub(crate) id: String,
    pub(crate) kind: BlobKind,
    /// The format of a model, or of another file that is no plain medium.
    pub(crate) format: Option<String>,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) content: Content,
    /// The workflow that it belongs to, and the job that makes it.
    pub(crate) maker: Option<(usize, String)>,
    pub(crate) level: Option<Maturity>,
    pub(crate) blocked: Option<String>,
    /// Since when it can be had.
    pub(crate) made: Option<Duration>,
    pub(crate) kept_until: Duration,
    /// Whether its link leads to the streaming of it.
    pub(crate) streamed: bool,
    /// Whether anybody may read it, by a link without signature or end.
    pub(crate) public: bool,
}

/// What a file is, by the tag that blobs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum BlobKind {
    Image,
    Video,
    Audio,
    Model,
}

/// What a file holds.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) enum Content {
    /// Painted when it is asked for.
    Picture { prompt: String, seed: u32 },
    /// What was uploaded, or what the settings give.
    File(content::Content),
    /// A small file of the right format.
    Sample,
}

impl BlobKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Model => "model3d",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::Image, Self::Video, Self::Audio, Self::Model];
        all.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind of file that a media type announces.
    pub(crate) fn of_media_type(media_type: &str) -> Option<Self> {
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        match media_type.split('/').next()? {
            "image" => Some(Self::Image),
            "video" => Some(Self::Video),
            "audio" => Some(Self::Audio),
            "model" => Some(Self::Model),
            _ => None,
        }
    }
}

impl Blob {
    /// A file of given content, which can be had from now on.
    pub(crate) fn given(
        name: &str,
        extension: &str,
        kind: BlobKind,
        content: content::Content,
        now: Duration,
    ) -> Self {
        let size = image::size(&content.slice(0..HEAD)).filter(|_| kind == BlobKind::Image);
        let (width, height) = size.unwrap_or((0, 0));
        Self {
            id: format!("{name}.{extension}"),
            kind,
            format: (kind == BlobKind::Model).then(|| extension.to_owned()),
            width,
            height,
            content: Content::File(content),
            maker: None,
            level: Some(Maturity::Pg),
            blocked: None,
            made: Some(now),
            kept_until: now + KEPT,
            streamed: false,
            public: false,
        }
    }

    /// The end of its id.
    pub(crate) fn extension(kind: BlobKind, format: Option<&str>) -> String {
        let usual = match kind {
            BlobKind::Image => "png",
            BlobKind::Video => "mp4",
            BlobKind::Audio => "wav",
            BlobKind::Model => "glb",
        };
        format.unwrap_or(usual).to_owned()
    }

    /// The blob as replies show it, with `url` where it can be had and is not withheld.
    pub(crate) fn view(
        &self,
        typed: bool,
        link: Option<(String, Option<String>)>,
        withheld: Option<&str>,
    ) -> Value {
        let mut view = json!({"id": self.id, "available": link.is_some()});
        if typed {
            view["type"] = self.kind.as_str().into();
        }
        let (url, expires) = link.unzip();
        view["url"] = url.into();
        view["urlExpiresAt"] = expires.flatten().into();
        if self.public {
            view["tier"] = "public".into();
        }
        if let Some((_, job)) = &self.maker {
            view["jobId"] = job.as_str().into();
        }
        if let Some(level) = self.level.filter(|_| self.made.is_some()) {
            view["nsfwLevel"] = level.as_str().into();
        }
        if let Some(reason) = withheld {
            view["blockedReason"] = reason.into();
        }
        match self.kind {
            BlobKind::Image | BlobKind::Video => {
                view["width"] = self.width.into();
                view["height"] = self.height.into();
            }
            BlobKind::Audio => view["duration"] = 1.0.into(),
            BlobKind::Model => {
                let format = Self::extension(self.kind, self.format.as_deref());
                view["format"] = format.into();
            }
        }
        view
    }
}
