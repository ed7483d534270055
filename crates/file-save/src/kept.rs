//! A file on this machine.

use std::path::PathBuf;

/// A file that is complete and on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// Where the file is.
    pub path: PathBuf,
    /// Where the text beside it is, where one was asked for.
    pub sidecar: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type, told from its first bytes where they tell it.
    pub media_type: &'static str,
    /// Its width and height in pixels, where its format tells them at the front, as PNG does.
    pub size: Option<(u32, u32)>,
    /// The file was there before and has stayed as it was.
    pub was_there: bool,
}
