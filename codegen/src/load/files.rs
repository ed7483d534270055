//! The files of one contract: read once, told apart by path, found by reference.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::parse::{self, Source};
use crate::error::Error;
use crate::names::pascal;
use crate::pointer::Pointer;

/// The files read so far.
pub(super) struct Files {
    root: PathBuf,
    sources: BTreeMap<PathBuf, Source>,
}

impl Files {
    /// Begins with the root file.
    pub(super) fn of(root: Source) -> Self {
        Self {
            root: root.path.clone(),
            sources: BTreeMap::from([(root.path.clone(), root)]),
        }
    }

    pub(super) fn root(&self) -> &PathBuf {
        &self.root
    }

    /// Splits a reference into a file, read if it is new, and a pointer.
    pub(super) fn resolve(
        &mut self,
        reference: &str,
        from: &Path,
        at: &Pointer,
    ) -> Result<(PathBuf, Pointer), Error> {
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        if file.contains("://") {
            let what =
                format!("`{reference}` is on the network; save it as a file and refer to that");
            return Err(Error::new(self.name(from), at.clone(), what));
        }
        if file.is_empty() {
            return Ok((from.to_owned(), Pointer::from(pointer)));
        }
        let path = normal(&from.parent().unwrap_or(Path::new("")).join(file));
        if !self.sources.contains_key(&path) {
            let source = parse::read(&path).map_err(|error| {
                let place = format!("{}#{at}", self.name(from));
                Error::file(error.to_string(), format!("(referred to from {place})"))
            })?;
            self.sources.insert(path.clone(), source);
        }
        Ok((path, Pointer::from(pointer)))
    }

    /// What stands at a place.
    pub(super) fn target(&self, file: &Path, pointer: &Pointer) -> Option<&Value> {
        self.sources.get(file)?.value.pointer(pointer.as_str())
    }

    /// The file's name for messages.
    pub(super) fn name(&self, file: &Path) -> String {
        let source = self.sources.get(file);
        source.map_or_else(|| file.display().to_string(), |source| source.name.clone())
    }
}

/// The name a schema gets as a component: the last segment, or the file's stem for a whole file.
pub(super) fn component_name(file: &Path, pointer: &Pointer) -> Option<String> {
    let segments: Vec<String> = pointer.segments().collect();
    match segments.as_slice() {
        [] => Some(file.file_stem()?.to_string_lossy().into_owned()),
        // A schema inside another: named after both.
        [first, second, name, .., last] if first == "components" && second == "schemas" => {
            Some(format!("{name}{}", pascal(last)))
        }
        [.., last] => Some(last.clone()),
    }
}

/// Takes `.` and `..` out of a path without asking the file system.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
