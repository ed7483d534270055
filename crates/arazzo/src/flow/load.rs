//! Reading a document and its sources.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Flow, Loaded, Source};
use crate::contract::{Contract, ReadError, read};
use crate::document::{self, SourceEntry, SourceKind};
use crate::finding::Rule;

/// Builds a [`Flow`].
#[derive(Clone, Debug)]
#[must_use = "a builder reads nothing until it loads"]
pub struct FlowBuilder {
    path: PathBuf,
    contracts: BTreeMap<String, PathBuf>,
}

/// A document that cannot be read.
#[derive(Debug)]
pub struct LoadError {
    source: ReadError,
}

/// Most documents of one flow.
const MOST: usize = 50;

impl FlowBuilder {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            contracts: BTreeMap::new(),
        }
    }

    /// Takes the document of a source from this file, whatever its address says.
    pub fn contract(mut self, name: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        self.contracts.insert(name.into(), file.into());
        self
    }

    /// Reads the document and its sources.
    ///
    /// # Errors
    ///
    /// Those of [`Flow::load`].
    pub fn load(self) -> Result<Flow, LoadError> {
        let mut loading = Loading {
            overrides: self.contracts,
            documents: Vec::new(),
            contracts: BTreeMap::new(),
        };
        loading
            .document(&self.path)
            .map_err(|source| LoadError { source })?;
        Ok(Flow {
            documents: loading.documents,
        })
    }
}

struct Loading {
    overrides: BTreeMap<String, PathBuf>,
    documents: Vec<Loaded>,
    contracts: BTreeMap<PathBuf, Arc<Contract>>,
}

impl Loading {
    fn document(&mut self, path: &Path) -> Result<usize, ReadError> {
        if let Some(known) = self.documents.iter().position(|known| known.path == path) {
            return Ok(known);
        }
        let text = read(path)?;
        let (document, findings) = document::read(&text.value);
        let index = self.documents.len();
        let entries = document.sources.clone();
        self.documents.push(Loaded {
            name: path.display().to_string(),
            path: path.to_owned(),
            text,
            document,
            findings,
            sources: BTreeMap::new(),
        });
        for entry in entries {
            let source = self.source(path, &entry);
            let loaded = &mut self.documents[index];
            if let Source::Missing(why) = &source {
                loaded.findings.add(Rule::UnreadSource, &entry.at, why);
            }
            loaded.sources.insert(entry.name, source);
        }
        Ok(index)
    }

    fn source(&mut self, beside: &Path, entry: &SourceEntry) -> Source {
        let name = &entry.name;
        if entry.kind == Some(SourceKind::AsyncApi) {
            return Source::Missing(format!(
                "the source `{name}` is AsyncAPI, which is not supported"
            ));
        }
        let file = match self.overrides.get(name) {
            Some(file) => file.clone(),
            None => match local(beside, &entry.url) {
                Some(file) => file,
                None => {
                    let url = &entry.url;
                    return Source::Missing(format!(
                        "the source `{name}` is at {url}, and only files beside the document are \
                         read; give its contract as a file"
                    ));
                }
            },
        };
        let read = match entry.kind {
            Some(SourceKind::Arazzo) => self.flow(&file),
            Some(_) => self.contract(&file),
            // What is not told shows in the file.
            None => self
                .contract(&file)
                .or_else(|error| self.flow(&file).map_err(|_| error)),
        };
        read.unwrap_or_else(|error| {
            Source::Missing(format!("the source `{name}` cannot be used: {error}"))
        })
    }

    fn contract(&mut self, file: &Path) -> Result<Source, ReadError> {
        if let Some(contract) = self.contracts.get(file) {
            return Ok(Source::Contract(Arc::clone(contract)));
        }
        let contract = Arc::new(Contract::load(file)?);
        self.contracts
            .insert(file.to_owned(), Arc::clone(&contract));
        Ok(Source::Contract(contract))
    }

    fn flow(&mut self, file: &Path) -> Result<Source, ReadError> {
        if self.documents.len() >= MOST {
            return Err(ReadError::new(file, "is one document too many"));
        }
        if read(file)?.value.get("arazzo").is_none() {
            return Err(ReadError::new(file, "is no Arazzo document"));
        }
        self.document(file).map(Source::Document)
    }
}

/// Returns the file that a relative address names.
fn local(beside: &Path, url: &str) -> Option<PathBuf> {
    let relative = !url.is_empty() && !url.contains(':') && !url.starts_with(['/', '\\']);
    let folder = beside.parent()?;
    relative.then(|| folder.join(url.split(['?', '#']).next().unwrap_or(url)))
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl Error for LoadError {}
