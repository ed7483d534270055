//! The count of what has come of several files.

use std::sync::{Mutex, PoisonError};

use crate::SaveProgress;
use crate::progress::Listener;

/// The count of all files.
pub(crate) struct Tally {
    lines: Mutex<Vec<Line>>,
    listener: Option<Listener>,
}

/// The count of one file.
#[derive(Clone, Copy, Default)]
struct Line {
    bytes: u64,
    size: Option<u64>,
    saved: bool,
}

impl Tally {
    pub(crate) fn new(files: usize, listener: Option<Listener>) -> Self {
        let lines = Mutex::new(vec![Line::default(); files]);
        Self { lines, listener }
    }

    pub(crate) fn come(&self, file: usize, bytes: u64, size: Option<u64>) {
        let saved = false;
        self.note(file, Line { bytes, size, saved });
    }

    pub(crate) fn saved(&self, file: usize, bytes: u64) {
        let (size, saved) = (Some(bytes), true);
        self.note(file, Line { bytes, size, saved });
    }

    fn note(&self, file: usize, line: Line) {
        let Some(Listener(listener)) = &self.listener else {
            return;
        };
        let progress = {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = lines.get_mut(file) {
                *place = line;
            }
            SaveProgress {
                file,
                bytes: line.bytes,
                size: line.size,
                saved: line.saved,
                files: lines.len(),
                files_saved: lines.iter().filter(|line| line.saved).count(),
                total_bytes: lines.iter().map(|line| line.bytes).sum(),
                total_size: lines.iter().map(|line| line.size).sum(),
            }
        };
        listener(progress);
    }
}
