//! Temporary files of runs that were killed: found in the folders that files are saved to, and removed.

use std::collections::BTreeSet;
use std::fs::{DirEntry, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::part::{PREFIX, SUFFIX};

/// How long a file must have lain still to be taken for a leftover; its lock says the rest.
const STILL: Duration = Duration::from_secs(60);

/// The folders that this process has looked through: once is enough, and a folder may be large.
static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Removes the leftovers in a folder. What goes wrong is no trouble: they only take room.
pub(crate) async fn sweep(folder: &Path) {
    let Ok(folder) = folder.canonicalize() else {
        return;
    };
    let is_new = {
        let mut swept = SWEPT.lock().unwrap_or_else(PoisonError::into_inner);
        swept.insert(folder.clone())
    };
    if is_new {
        let _ = tokio::task::spawn_blocking(move || remove_in(&folder)).await;
    }
}

fn remove_in(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(is_leftover) {
        let path = entry.path();
        tracing::debug!(path = %path.display(), "removing what a killed run left");
        let _ = std::fs::remove_file(path);
    }
}

/// Whether a file has the name of a temporary one, has lain still, and nobody holds it.
fn is_leftover(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    let modified = entry.metadata().and_then(|about| about.modified());
    name.starts_with(PREFIX)
        && name.ends_with(SUFFIX)
        && modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > STILL))
        && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn only_what_is_old_and_held_by_nobody_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, is_old: bool| {
            let file = File::create_new(folder.path().join(name)).unwrap();
            if is_old {
                file.set_modified(SystemTime::now() - 2 * STILL).unwrap();
            }
            file
        };
        file(".file-save-left.part", true);
        file(".file-save-new.part", false);
        file("file-save-left.part", true);
        file(".file-save-notes", true);
        let held = file(".file-save-held.part", true);
        held.try_lock().unwrap();

        remove_in(folder.path());
        let left = std::fs::read_dir(folder.path()).unwrap();
        let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        let kept = [
            ".file-save-held.part",
            ".file-save-new.part",
            ".file-save-notes",
            "file-save-left.part",
        ];
        assert_eq!(left, kept);
    }
}
