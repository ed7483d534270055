//! Files from callers, and what any file holds.

use axum::http::StatusCode;
use bytes::Bytes;

use crate::content;
use crate::problem::Problem;
use crate::seed::hex;

use super::blob::{Blob, BlobKind, Content, KEPT};
use super::maturity::Maturity;
use super::media::{self, Archive};
use super::state::Orchestrator;
use super::view::withheld;
use super::workflow::Workflow;

/// What is to be sent for a file.
#[derive(Clone, Debug)]
pub(crate) enum Bits {
    /// A picture that is still to be painted.
    Picture {
        prompt: String,
        seed: u32,
        width: u32,
        height: u32,
    },
    File(content::Content),
}

/// What stands at the beginning of every PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

impl Orchestrator {
    /// Stores an uploaded file; the same bytes are the same file.
    ///
    /// # Errors
    ///
    /// Fails for no bytes, for a media type that is not taken, and for an image that is none.
    pub(crate) fn upload(
        &mut self,
        bytes: Bytes,
        media_type: &str,
        public: bool,
    ) -> Result<&Blob, Problem> {
        if bytes.is_empty() {
            return Err(Problem::field("$", "The file is empty."));
        }
        let Some(kind) = BlobKind::of_media_type(media_type) else {
            let detail = format!("Files of the type `{media_type}` are not taken.");
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        };
        if media_type == "image/png" && !bytes.starts_with(PNG) {
            let detail = "The file is no PNG.";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
        }
        let extension = extension(media_type);
        let id = format!("{}.{extension}", &digest(&bytes)[..32]);
        let (width, height) = png_size(&bytes).unwrap_or((0, 0));
        let blob = Blob {
            id: id.clone(),
            kind,
            format: Some(extension).filter(|_| kind == BlobKind::Model),
            width,
            height,
            content: Content::File(content::Content::new(media_type, bytes)),
            maker: None,
            level: Some(Maturity::Pg),
            blocked: None,
            made: Some(self.now),
            kept_until: self.now + KEPT,
            streamed: false,
            public,
        };
        let kept = self.blobs.entry(id).or_insert(blob);
        kept.kept_until = self.now + KEPT;
        kept.public |= public;
        Ok(kept)
    }

    /// A file that can be had or will be, by its id.
    pub(crate) fn blob(&self, id: &str) -> Result<&Blob, Problem> {
        let found = self.blobs.get(id);
        found
            .filter(|blob| blob.made.is_some() && blob.kept_until > self.now)
            .ok_or_else(|| Problem::no_such("blob"))
    }

    /// Puts off the removal of a file.
    pub(crate) fn refresh(&mut self, id: &str) -> Result<&Blob, Problem> {
        self.blob(id)?;
        let kept_until = self.now + KEPT;
        if let Some(blob) = self.blobs.get_mut(id) {
            blob.kept_until = kept_until;
        }
        self.blob(id)
    }

    /// The workflow that a file belongs to.
    pub(crate) fn owner(&self, blob: &Blob) -> Option<&Workflow> {
        let (workflow, _) = blob.maker.as_ref()?;
        self.workflows.get(*workflow)
    }

    /// Whether a file must not be seen.
    pub(crate) fn is_withheld(&self, blob: &Blob) -> bool {
        withheld(blob, self.owner(blob), false).is_some()
    }

    /// What a file holds.
    pub(crate) fn bits(&self, blob: &Blob) -> Bits {
        match &blob.content {
            Content::Picture { prompt, seed } => Bits::Picture {
                prompt: prompt.clone(),
                seed: *seed,
                width: blob.width,
                height: blob.height,
            },
            Content::File(file) => Bits::File(file.clone()),
            Content::Sample => {
                let (bytes, media_type) = media::sample(blob);
                Bits::File(content::Content::new(media_type, bytes))
            }
        }
    }

    /// The files that the archive of a job holds, by their names in it, and its format.
    pub(crate) fn archived(&self, job: &str) -> Option<(Archive, Vec<(String, Bits)>)> {
        let steps = self.workflows.iter().flat_map(|workflow| &workflow.steps);
        let mut steps = steps.filter(|step| step.jobs.iter().any(|one| one.id == job));
        let input = &steps.next()?.resolved;
        let format = match input.get("format").and_then(|format| format.as_str()) {
            Some("tar") => Archive::Tar,
            _ => Archive::Zip,
        };
        let entries = input.get("entries")?.as_array()?;
        let files = entries.iter().filter_map(|entry| {
            let text = |name| entry.get(name).and_then(|value| value.as_str());
            let id = text("blobId")?;
            let blob = self.blob(id).ok().filter(|blob| !self.is_withheld(blob))?;
            Some((text("fileName").unwrap_or(id).to_owned(), self.bits(blob)))
        });
        Some((format, files.collect()))
    }
}

/// The end of the name of a file of a media type.
pub(super) fn extension(media_type: &str) -> String {
    let subtype = media_type.split(['/', '+', ';']).nth(1).unwrap_or("bin");
    let extension = match subtype {
        "jpeg" => "jpg",
        "mpeg" => "mp3",
        other => other,
    };
    extension.to_owned()
}

/// Upper-case hexadecimal digits that follow from the bytes alone.
pub(super) fn digest(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes)).to_ascii_uppercase()
}

pub(super) fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(PNG)?.get(8..16)?;
    let side = |at: usize| {
        let side: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(side))
    };
    Some((side(0)?, side(4)?))
}
