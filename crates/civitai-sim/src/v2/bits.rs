//! What files hold: given bytes, samples, or pictures that are still to be painted.

use crate::core::content;
use crate::core::paint::Picture;

use super::blob::{Blob, Content};
use super::blob_view::is_withheld;
use super::media::{self, Archive};
use super::state::State;
use super::workflow::Workflow;

/// What is to be sent for a file.
#[derive(Clone, Debug)]
pub(crate) enum Bits {
    /// A picture that is still to be painted.
    Picture(Picture),
    File(content::Content),
}

impl Bits {
    /// What a file holds.
    pub(crate) fn of(blob: &Blob) -> Self {
        match &blob.content {
            Content::Picture { prompt, seed } => Self::Picture(Picture {
                prompt: prompt.clone(),
                seed: *seed,
                width: blob.width,
                height: blob.height,
            }),
            Content::File(file) => Self::File(file.clone()),
            Content::Sample => {
                let (bytes, media_type) = media::sample(blob);
                Self::File(content::Content::new(media_type, bytes))
            }
        }
    }
}

/// The files that the archive of a job holds, by their names in it, and its format.
pub(crate) fn archived(state: &State, job: &str) -> Option<(Archive, Vec<(String, Bits)>)> {
    let steps = state.store.all().iter().flat_map(Workflow::steps);
    let mut steps = steps.filter(|step| step.jobs().iter().any(|one| one.order().id == job));
    let input = steps.next()?.resolved();
    let format = match input.get("format").and_then(|format| format.as_str()) {
        Some("tar") => Archive::Tar,
        _ => Archive::Zip,
    };
    let entries = input.get("entries")?.as_array()?;
    let files = entries.iter().filter_map(|entry| {
        let text = |name| entry.get(name).and_then(|value| value.as_str());
        let id = text("blobId")?;
        let blob = state.blobs.find(id, state.now).ok();
        let blob = blob.filter(|blob| !is_withheld(state, blob))?;
        Some((text("fileName").unwrap_or(id).to_owned(), Bits::of(blob)))
    });
    Some((format, files.collect()))
}
