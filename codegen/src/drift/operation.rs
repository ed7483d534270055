//! An operation as it is compared.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::extension;

/// One operation; the types of its messages are components.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) path: String,
    /// Where it is known from, for one beyond the published description.
    pub(super) extension: Option<Mark>,
    pub(super) parameters: BTreeMap<String, Parameter>,
    pub(super) body: Option<Body>,
    pub(super) replies: BTreeMap<String, Reply>,
}

#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub(super) place: String,
    pub(super) required: bool,
    pub(super) extension: Option<Mark>,
    pub(super) component: String,
}

#[derive(Debug)]
pub(super) struct Body {
    pub(super) required: bool,
    pub(super) media: String,
    pub(super) component: String,
}

#[derive(Debug)]
pub(super) struct Reply {
    pub(super) extension: Option<Mark>,
    /// The media type and the component, where the reply has a body.
    pub(super) content: Option<(String, String)>,
}

/// How our contract marks an addition.
#[derive(Debug)]
pub(super) struct Mark {
    /// `x-extension` or `x-last-seen`.
    pub(super) name: &'static str,
    pub(super) source: String,
}

impl Mark {
    /// The mark of an addition as a whole.
    pub(super) fn of(node: &Value) -> Option<Self> {
        let source = extension::source(node)?;
        extension::mark(node).map(|name| Self { name, source })
    }
}
