//! A file that a run had saved when it was killed, and had not noted yet.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use civitai_jobs::SavedFile;

use crate::failure::Failure;
use crate::run::Run;

/// Names with a number that are looked at, at most.
const NUMBERS: u32 = 100;

/// Returns what was saved of work that was taken up; where the same bytes are there already under the name
/// that was taken, and nobody has noted them, the new file goes and the old one counts.
pub(super) async fn settle(run: &Run, mut saved: SavedFile) -> Result<SavedFile, Failure> {
    for older in names_before(&saved.path) {
        if !is_same(&saved.path, &older).unwrap_or(false) || run.ledger.has(&older).await? {
            continue;
        }
        // One file too many is no reason to fail.
        let _ = std::fs::remove_file(&saved.path);
        saved.path = older;
        break;
    }
    Ok(saved)
}

/// The names that were tried before one with a number, such as `fog-2.png`.
fn names_before(path: &Path) -> Vec<PathBuf> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let extension = path.extension().and_then(|extension| extension.to_str());
    let numbered = stem.and_then(|stem| {
        let (first, number) = stem.rsplit_once('-')?;
        Some((first, number.parse::<u32>().ok()?))
    });
    let (Some((first, number)), Some(extension)) = (numbered, extension) else {
        return Vec::new();
    };
    let name = |number: u32| match number {
        1 => format!("{first}.{extension}"),
        number => format!("{first}-{number}.{extension}"),
    };
    let before = 1..number.min(NUMBERS);
    before
        .map(|number| path.with_file_name(name(number)))
        .collect()
}

fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let mut others = BufReader::new(other).bytes();
    for byte in BufReader::new(one).bytes() {
        if others.next().transpose()? != Some(byte?) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_has_names_before_it() {
        let before = |path: &str| names_before(Path::new(path));
        assert_eq!(
            before("a/fog-3.png"),
            [Path::new("a/fog.png"), Path::new("a/fog-2.png")]
        );
        assert!(before("a/fog-1.png").is_empty());
        assert!(before("a/fog.png").is_empty());
    }
}
