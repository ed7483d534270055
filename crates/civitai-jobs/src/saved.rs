//! A file on this machine.

use std::path::PathBuf;

#[cfg(feature = "files")]
use file_save::Kept;
use serde::Serialize;

#[cfg(feature = "files")]
use crate::File;

/// A file that is complete and on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SavedFile {
    /// Where the file is.
    pub path: PathBuf,
    /// Where its sidecar is, where one was asked for.
    pub sidecar: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type, told from its first bytes where they tell it.
    pub media_type: &'static str,
    /// Its width and height in pixels, where its format tells them at the front, as PNG does.
    pub size: Option<(u32, u32)>,
    /// The seed that the image was made with.
    pub seed: Option<i64>,
    /// The id of the job (v1) or workflow (v2) that made it; empty for a stored blob.
    pub work_id: String,
    /// The name of the file at the service; empty where it is a bare link.
    pub blob_id: String,
    /// The file was there before and has stayed as it was; see `Collision::Keep`.
    pub was_there: bool,
}

#[cfg(feature = "files")]
impl SavedFile {
    pub(crate) fn new(file: &File, kept: Kept) -> Self {
        Self {
            path: kept.path,
            sidecar: kept.sidecar,
            bytes: kept.bytes,
            media_type: kept.media_type,
            size: kept.size,
            seed: file.seed(),
            work_id: file.work_id().to_owned(),
            blob_id: file.blob_id().unwrap_or_default().to_owned(),
            was_there: kept.was_there,
        }
    }
}
