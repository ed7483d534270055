//! Compares a tree of generated files with what is on disk, and writes it or says what is stale.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use similar::TextDiff;

use crate::emit::Files;

/// What to do about a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write the files, and delete those that should be gone.
    Write,
    /// Change nothing.
    Check,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was written.
    Written,
    /// It should be gone, and was deleted.
    Deleted,
    /// It is not what it should be; the unified diff from disk to wanted.
    Stale(String),
}

/// Makes a folder hold exactly the wanted files, or says how it differs. Fresh files are not
/// reported.
///
/// # Errors
///
/// A file that cannot be read, written or deleted.
pub fn reconcile(folder: &Path, wanted: &Files, mode: Mode) -> io::Result<Vec<(PathBuf, Outcome)>> {
    let mut outcomes = reconcile_files(folder, wanted, mode)?;
    let kept: BTreeSet<PathBuf> = wanted.keys().map(|name| folder.join(name)).collect();
    for path in files_below(folder)?
        .into_iter()
        .filter(|path| !kept.contains(path))
    {
        let outcome = match mode {
            Mode::Check => Outcome::Stale(diff(&path, &read(&path)?.unwrap_or_default(), "")),
            Mode::Write => {
                fs::remove_file(&path)?;
                Outcome::Deleted
            }
        };
        outcomes.push((path, outcome));
    }
    Ok(outcomes)
}

/// As [`reconcile`], but leaves other files of the folder alone.
///
/// # Errors
///
/// A file that cannot be read or written.
pub fn reconcile_files(
    folder: &Path,
    wanted: &Files,
    mode: Mode,
) -> io::Result<Vec<(PathBuf, Outcome)>> {
    let mut outcomes = Vec::new();
    for (name, want) in wanted {
        let path = folder.join(name);
        let have = read(&path)?;
        if have.as_deref() == Some(want) {
            continue;
        }
        let outcome = match mode {
            Mode::Check => Outcome::Stale(diff(&path, have.as_deref().unwrap_or_default(), want)),
            Mode::Write => {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent)?;
                }
                fs::write(&path, want)?;
                Outcome::Written
            }
        };
        outcomes.push((path, outcome));
    }
    Ok(outcomes)
}

/// Reads a file with plain newlines, or nothing where there is none.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn diff(path: &Path, have: &str, want: &str) -> String {
    let name = path.display().to_string();
    let wanted = if want.is_empty() { "/dev/null" } else { &name };
    let had = if have.is_empty() { "/dev/null" } else { &name };
    TextDiff::from_lines(have, want)
        .unified_diff()
        .header(had, wanted)
        .to_string()
}

/// Every file below a folder, sorted; none where there is no folder.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files_below(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
