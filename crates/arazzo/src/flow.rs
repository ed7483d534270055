//! A flow: an Arazzo document with the documents that it builds on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use load::{FlowBuilder, LoadError};

use crate::contract::Contract;
use crate::document::{Document, Workflow};
use crate::finding::Findings;
use crate::text::Text;

mod load;
mod operation;

/// An Arazzo document with its sources, ready to be checked and run.
///
/// ```no_run
/// use arazzo_run::Flow;
///
/// # fn main() -> Result<(), arazzo_run::LoadError> {
/// let flow = Flow::load("flows/poll.arazzo.yaml")?;
/// for finding in flow.check().findings() {
///     println!("{finding}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Flow {
    /// The document itself, and then those that it names as sources.
    pub(crate) documents: Vec<Loaded>,
}

/// A document that has been read.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// As messages show it.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) text: Text,
    pub(crate) document: Document,
    pub(crate) findings: Findings,
    pub(crate) sources: BTreeMap<String, Source>,
}

/// What a source description leads to.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Contract(Arc<Contract>),
    /// Another document, by its place in the flow.
    Document(usize),
    /// Nothing that can be used, and why.
    Missing(String),
}

/// A workflow, by its places in the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address {
    pub(crate) document: usize,
    pub(crate) workflow: usize,
}

impl Flow {
    /// Reads a document and the sources that it names, which are files beside it.
    ///
    /// # Errors
    ///
    /// The document cannot be read, or is neither JSON nor YAML. What is wrong inside is for
    /// [`check`](Self::check).
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::builder(path).load()
    }

    /// Returns a builder, which can be given contracts in place of those that the document names.
    pub fn builder(path: impl AsRef<Path>) -> FlowBuilder {
        FlowBuilder::new(path.as_ref())
    }

    /// Returns the title of the document.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.main().document.title
    }

    /// Returns the names of the workflows, in the order of the document.
    pub fn workflows(&self) -> impl Iterator<Item = &str> {
        self.main()
            .document
            .workflows
            .iter()
            .map(|workflow| workflow.id.as_str())
    }

    /// Returns the inputs that a workflow declares: name, whether it is required, whether it is a secret
    /// and what the document says of it.
    pub fn inputs(&self, workflow: &str) -> Vec<DeclaredInput<'_>> {
        let found = self
            .main()
            .document
            .workflows
            .iter()
            .find(|known| known.id == workflow);
        let declared = found
            .into_iter()
            .flat_map(|workflow| &workflow.inputs.declared);
        let inputs = declared.map(|(name, input)| DeclaredInput {
            name,
            required: input.required && input.default.is_none(),
            secret: input.secret,
            is_text: input.is_text,
            description: input.description.as_deref(),
        });
        inputs.collect()
    }

    fn main(&self) -> &Loaded {
        &self.documents[0]
    }

    pub(crate) fn workflow(&self, address: Address) -> &Workflow {
        &self.documents[address.document].document.workflows[address.workflow]
    }

    /// Returns a workflow and all that it may come to.
    pub(crate) fn reached(&self, from: Address) -> BTreeSet<Address> {
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![from]);
        while let Some(address) = waiting.pop() {
            if reached.insert(address) {
                let names = self.workflow(address).leads_to();
                waiting.extend(
                    names
                        .iter()
                        .filter_map(|name| self.find(address.document, name)),
                );
            }
        }
        reached
    }

    /// Returns the workflow that a document calls so: one of its own, or one of a source.
    pub(crate) fn find(&self, document: usize, name: &str) -> Option<Address> {
        let own = |document: usize, name: &str| {
            let workflows = &self.documents[document].document.workflows;
            let workflow = workflows.iter().position(|workflow| workflow.id == name)?;
            Some(Address { document, workflow })
        };
        own(document, name).or_else(|| {
            let name = name.strip_prefix("$sourceDescriptions.").unwrap_or(name);
            let (source, name) = name.split_once('.')?;
            match self.documents[document].sources.get(source)? {
                Source::Document(other) => own(*other, name),
                _ => None,
            }
        })
    }
}

/// An input that a workflow declares.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DeclaredInput<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether a run must be given it.
    pub required: bool,
    /// Whether it is never shown.
    pub secret: bool,
    /// Whether it is a text, which is taken as it stands.
    pub is_text: bool,
    /// What the document says of it.
    pub description: Option<&'a str>,
}
