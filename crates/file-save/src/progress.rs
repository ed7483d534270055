//! How far files have come, told while they come.

use std::fmt;
use std::sync::Arc;

/// How far one of several files has come, and all of them together.
///
/// A count falls where a transfer has to begin again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SaveProgress {
    /// Which file this is about: its place among those that are saved, from 0.
    pub file: usize,
    /// Bytes of this file so far.
    pub bytes: u64,
    /// The size of this file in bytes, once it is known.
    pub size: Option<u64>,
    /// Whether this file is complete and has its name.
    pub saved: bool,
    /// How many files are to be saved.
    pub files: usize,
    /// How many of them are complete and have their names.
    pub files_saved: usize,
    /// Bytes of all files so far.
    pub total_bytes: u64,
    /// The size of all files together, once each of them is known.
    pub total_size: Option<u64>,
}

type Callback = dyn Fn(SaveProgress) + Send + Sync;

/// What the user wants to be told by.
#[derive(Clone)]
pub struct Listener(pub Arc<Callback>);

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener(..)")
    }
}
