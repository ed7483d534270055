//! The files of one contract: read once, told apart by path, found by reference.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::parse::{self, Source};
use crate::error::Error;
use crate::pointer::Pointer;

/// Names for names for names: more are a circle, which a pass refuses.
const LONGEST: usize = 32;

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
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let (file, fragment) = (plain(file), plain(fragment));
        if let Some((path, base)) = self.addressed(&file) {
            let inside = self.fragment(&path, &fragment);
            return Ok((path, Pointer::from(format!("{base}{inside}").as_str())));
        }
        if file.contains("://") {
            let what =
                format!("`{reference}` is on the network; save it as a file and refer to that");
            return Err(Error::new(self.name(from), at.clone(), what));
        }
        if file.is_empty() {
            return Ok((from.to_owned(), self.fragment(from, &fragment)));
        }
        let path = normal(&from.parent().unwrap_or(Path::new("")).join(&file));
        if !self.sources.contains_key(&path) {
            let source = parse::read(&path).map_err(|error| {
                let place = format!("{}#{at}", self.name(from));
                Error::file(error.to_string(), format!("(referred to from {place})"))
            })?;
            self.sources.insert(path.clone(), source);
        }
        let pointer = self.fragment(&path, &fragment);
        Ok((path, pointer))
    }

    /// Whether a reference leads into a file beside this one that does not exist.
    pub(super) fn is_unread(&self, reference: &str, from: &Path) -> bool {
        let file = plain(
            reference
                .split_once('#')
                .map_or(reference, |(file, _)| file),
        );
        let path = normal(&from.parent().unwrap_or(Path::new("")).join(&file));
        !file.is_empty() && !file.contains("://") && !path.exists()
    }

    /// The place that the part behind `#` means: a pointer, or a schema's `$anchor`.
    fn fragment(&self, file: &Path, fragment: &str) -> Pointer {
        let as_pointer = Pointer::from(fragment);
        if fragment.is_empty() || fragment.starts_with('/') {
            return as_pointer;
        }
        let source = self.sources.get(file).map(|source| &source.value);
        let keys = ["$anchor", "$dynamicAnchor"];
        let mut found = keys.iter().filter_map(|key| named(source?, key, fragment));
        found.next().unwrap_or(as_pointer)
    }

    /// The schema that calls itself by an address.
    fn addressed(&self, address: &str) -> Option<(PathBuf, Pointer)> {
        if !address.contains(':') {
            return None;
        }
        let mut sources = self.sources.iter();
        sources
            .find_map(|(path, source)| Some((path.clone(), named(&source.value, "$id", address)?)))
    }

    /// Where a schema really stands that is only a reference to another.
    pub(super) fn followed(
        &mut self,
        (mut file, mut pointer): (PathBuf, Pointer),
    ) -> Result<(PathBuf, Pointer), Error> {
        for _ in 0..LONGEST {
            let next = match self.target(&file, &pointer) {
                Some(Value::Object(object)) if object.len() == 1 => object.get("$ref"),
                _ => None,
            };
            let Some(next) = next.and_then(Value::as_str).map(str::to_owned) else {
                break;
            };
            (file, pointer) = self.resolve(&next, &file.clone(), &pointer)?;
        }
        Ok((file, pointer))
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

/// Undoes the percent-encoding of a part of a reference.
fn plain(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// Where the schemas of a document are that have a name or an address of their own, by `key`.
fn named(value: &Value, key: &str, name: &str) -> Option<Pointer> {
    fn find(value: &Value, at: &Pointer, key: &str, name: &str) -> Option<Pointer> {
        match value {
            Value::Object(object) => {
                if object.get(key).and_then(Value::as_str) == Some(name) {
                    return Some(at.clone());
                }
                let mut members = object.iter();
                members.find_map(|(member, inner)| find(inner, &at.child(member), key, name))
            }
            Value::Array(list) => {
                let mut items = list.iter().enumerate();
                items.find_map(|(index, inner)| find(inner, &at.index(index), key, name))
            }
            _ => None,
        }
    }
    find(value, &Pointer::root(), key, name)
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
