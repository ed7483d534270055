//! The documents of a folder.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// A document.
pub(super) struct Found {
    /// The name of its crate.
    pub(super) name: String,
    pub(super) file: PathBuf,
}

/// Finds the documents of a folder, by name.
pub(super) fn find(dir: &Path, only: &[String]) -> anyhow::Result<Vec<Found>> {
    let mut found = Vec::new();
    for path in entries(dir)? {
        let files = if path.is_dir() {
            let inside = entries(&path)?.into_iter();
            let root = |path: &PathBuf| matches!(stem(path).as_str(), "root" | "openapi");
            inside.filter(root).collect()
        } else {
            vec![path]
        };
        let documents = files.into_iter().filter(|file| is_document(file));
        found.extend(documents.map(|file| Found {
            name: name(&file),
            file,
        }));
    }
    found.retain(|one| only.is_empty() || only.contains(&one.name));
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// The name of a document's crate: its file's, or that of the folder of a `root.yaml`.
pub(super) fn name(file: &Path) -> String {
    let own = stem(file);
    let folder = file.parent().map(stem).unwrap_or_default();
    let name = if matches!(own.as_str(), "root" | "openapi") {
        folder
    } else {
        own
    };
    let is_fit = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let name: String = name
        .chars()
        .map(|letter| if is_fit(letter) { letter } else { '-' })
        .collect();
    // The name of a crate begins with a letter.
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("d-{name}")
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn entries(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    let paths: Result<Vec<PathBuf>, _> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    Ok(paths?)
}

/// Whether a file says that it is an OpenAPI document, near its beginning in YAML and anywhere in JSON.
fn is_document(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    let Ok(text) = std::fs::read_to_string(file) else {
        return false;
    };
    match ending {
        Some("json") => text.contains("\"openapi\""),
        Some("yaml" | "yml") => text.lines().any(|line| {
            let line = line.trim_start_matches(['\u{feff}', '"', '\'']);
            line.starts_with("openapi")
        }),
        _ => false,
    }
}
