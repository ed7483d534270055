//! OpenAPI documents: their operations, and what they say of replies.

use std::path::Path;

pub(crate) use files::{Node, ReadError, read};
pub(crate) use operation::{Operation, covers, is_json};
pub(crate) use schema::{Presence, Structure, presence, structure};
pub(crate) use tempo::Tempo;

use files::Files;
use tempo::Tempos;

mod files;
mod operation;
mod schema;
mod tempo;

/// An OpenAPI 3 document with all the files that it refers to.
#[derive(Debug)]
pub(crate) struct Contract {
    files: Files,
    operations: Vec<Key>,
    tempos: Tempos,
}

/// Where an operation stands.
#[derive(Clone, Debug)]
struct Key {
    method: String,
    path: String,
    id: Option<String>,
}

const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

impl Contract {
    /// Reads a document and what it refers to.
    pub(crate) fn load(path: &Path) -> Result<Self, ReadError> {
        let files = Files::load(path)?;
        let root = files.root();
        let version = root.get("openapi").and_then(Node::text);
        if !version.is_some_and(|version| version.starts_with("3.")) {
            return Err(ReadError::new(path, "is no OpenAPI document of version 3"));
        }
        let mut operations = Vec::new();
        let paths = root.get("paths").map(Node::members).unwrap_or_default();
        for (path, item) in paths {
            let item = item.resolved();
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let id = operation.get("operationId").and_then(Node::text);
                    operations.push(Key {
                        method: method.to_owned(),
                        path: path.to_owned(),
                        id: id.map(str::to_owned),
                    });
                }
            }
        }
        let tempos = tempo::tempos(files.root().value, files.path())?;
        Ok(Self {
            files,
            operations,
            tempos,
        })
    }

    pub(crate) fn root(&self) -> Node<'_> {
        self.files.root()
    }

    /// Returns where the document came from.
    pub(crate) fn path(&self) -> &Path {
        self.files.path()
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<Operation<'_>> {
        let key = self
            .operations
            .iter()
            .find(|key| key.id.as_deref() == Some(id))?;
        Operation::of(self, key)
    }

    pub(crate) fn by_path(&self, path: &str, method: &str) -> Option<Operation<'_>> {
        let fits = |key: &&Key| key.path == path && key.method == method;
        Operation::of(self, self.operations.iter().find(fits)?)
    }

    /// Returns the methods that a path has; `None` where the contract does not have the path.
    pub(crate) fn methods(&self, path: &str) -> Option<Vec<&str>> {
        let of_path = self.operations.iter().filter(|key| key.path == path);
        let methods: Vec<_> = of_path.map(|key| key.method.as_str()).collect();
        (!methods.is_empty()).then_some(methods)
    }

    /// Returns the id that somebody who wrote `id` may have meant.
    pub(crate) fn similar(&self, id: &str) -> Option<&str> {
        let plain = |id: &str| {
            let signs = id.chars().filter(char::is_ascii_alphanumeric);
            signs.collect::<String>().to_ascii_lowercase()
        };
        let wanted = plain(id);
        let ids = || self.operations.iter().filter_map(|key| key.id.as_deref());
        let same = ids().find(|id| plain(id) == wanted);
        same.or_else(|| ids().find(|id| wanted.len() > 3 && plain(id).contains(&wanted)))
    }
}

#[cfg(test)]
mod tests;
