//! The file that a state lies in between two runs.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::saved::Saved;

use super::error::ServerError;

/// The state in a file; nothing where there is no such file yet.
pub(super) fn read(path: &Path) -> Result<Option<Saved>, ServerError> {
    let failed = |source| ServerError::State {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(failed)?,
    };
    let saved = serde_json::from_reader(BufReader::new(file));
    saved.map(Some).map_err(|error| failed(error.into()))
}

/// Writes the state beside the file first, so that a write that fails leaves the old one.
pub(super) fn write(path: &Path, saved: &Saved) -> Result<(), ServerError> {
    let failed = |source| ServerError::State {
        path: path.to_owned(),
        source,
    };
    let beside = beside(path);
    let written = || -> io::Result<()> {
        let mut file = BufWriter::new(File::create(&beside)?);
        serde_json::to_writer(&mut file, saved)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        std::fs::rename(&beside, path)
    };
    written().map_err(failed)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}
