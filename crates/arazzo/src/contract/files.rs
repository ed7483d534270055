//! The files of a contract, and references between them.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use crate::text::{Text, value};

/// The files of a contract; the first is its root.
#[derive(Debug)]
pub(super) struct Files {
    paths: Vec<PathBuf>,
    values: Vec<Value>,
    index: BTreeMap<PathBuf, usize>,
}

/// A document that could not be read.
#[derive(Debug)]
pub(crate) struct ReadError {
    file: String,
    what: String,
}

/// Most files of one contract, and the largest file.
const MOST: usize = 2_000;
const LARGEST: u64 = 64 << 20;
/// Longest chain of references.
const LONGEST: usize = 32;

impl Files {
    pub(super) fn load(path: &Path) -> Result<Self, ReadError> {
        let path = plain(path);
        let mut files = Self {
            paths: vec![path.clone()],
            values: vec![read_by(&path, value)?],
            index: BTreeMap::from([(path, 0)]),
        };
        let mut next = 0;
        while next < files.values.len() {
            let mut wanted = Vec::new();
            references(&files.values[next], &mut wanted);
            for reference in wanted {
                let Some(path) = files.file(next, &reference) else {
                    continue;
                };
                if files.index.contains_key(&path) || files.values.len() >= MOST {
                    continue;
                }
                // What a file that is missing would say stays unknown; it may be prose.
                if let Ok(value) = read_by(&path, value) {
                    files.index.insert(path.clone(), files.values.len());
                    files.values.push(value);
                    files.paths.push(path);
                }
            }
            next += 1;
        }
        Ok(files)
    }

    pub(super) fn root(&self) -> Node<'_> {
        Node {
            files: self,
            file: 0,
            value: &self.values[0],
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.paths[0]
    }

    /// Returns the other file that a reference leads to. Addresses are not followed.
    fn file(&self, from: usize, reference: &str) -> Option<PathBuf> {
        let (file, _) = reference.split_once('#').unwrap_or((reference, ""));
        if file.is_empty() || file.contains("://") || Path::new(file).is_absolute() {
            return None;
        }
        Some(plain(&self.paths[from].parent()?.join(file)))
    }

    fn resolve(&self, from: usize, reference: &str) -> Option<Node<'_>> {
        let pointer = reference.split_once('#').map_or("", |(_, pointer)| pointer);
        let file = if reference.starts_with('#') {
            from
        } else {
            *self.index.get(&self.file(from, reference)?)?
        };
        let decoded = percent_encoding::percent_decode_str(pointer)
            .decode_utf8()
            .ok()?;
        Some(Node {
            files: self,
            file,
            value: self.values[file].pointer(&decoded)?,
        })
    }
}

/// A value of a contract.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    files: &'a Files,
    file: usize,
    pub(crate) value: &'a Value,
}

impl<'a> Node<'a> {
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        Some(Self {
            value: self.value.get(key)?,
            ..self
        })
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub(crate) fn is_true(self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    pub(crate) fn items(self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten();
        items.map(|value| Self { value, ..self }).collect()
    }

    pub(crate) fn members(self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members
            .map(|(key, value)| (key.as_str(), Self { value, ..self }))
            .collect()
    }

    /// Follows references to what they lead to.
    pub(crate) fn resolved(self) -> Self {
        let mut node = self;
        for _ in 0..LONGEST {
            let reference = node.value.get("$ref").and_then(Value::as_str);
            match reference.and_then(|reference| node.follow(reference)) {
                Some(target) => node = target,
                None => break,
            }
        }
        node
    }

    /// Returns what a reference that stands here leads to.
    pub(crate) fn follow(self, reference: &str) -> Option<Self> {
        self.files.resolve(self.file, reference)
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// Reads a file of JSON or YAML.
pub(crate) fn read(path: &Path) -> Result<Text, ReadError> {
    read_by(path, Text::parse)
}

fn read_by<T>(path: &Path, parse: fn(&str) -> Result<T, String>) -> Result<T, ReadError> {
    let failed = |what: String| ReadError::new(path, what);
    let unread = |error: std::io::Error| failed(format!("cannot be read: {error}"));
    if fs::metadata(path).map_err(unread)?.len() > LARGEST {
        return Err(failed("is too large".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(unread)?;
    parse(&text).map_err(|error| failed(format!("is neither JSON nor YAML: {error}")))
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(reference) if key == "$ref" => found.push(reference.clone()),
                    // The values of a mapping are references or bare names.
                    Value::Object(mapping) if key == "mapping" => {
                        let texts = mapping.values().filter_map(Value::as_str);
                        found.extend(texts.filter(|text| text.contains('#')).map(str::to_owned));
                    }
                    member => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// Takes `.` and `..` out of a path, so that a file has one name.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

impl ReadError {
    pub(crate) fn new(file: &Path, what: impl Into<String>) -> Self {
        Self {
            file: file.display().to_string(),
            what: what.into(),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.file, self.what)
    }
}

impl Error for ReadError {}
