//! From JSON to the typed document, with all that is wrong on the way.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::{Fields, Reader};
use super::inputs::Inputs;
use super::{Document, Named, SourceEntry, SourceKind, Workflow};
use crate::finding::{Findings, Rule};
use crate::pointer::Pointer;

/// Reads a document as far as it can be read.
pub(crate) fn read(root: &Value) -> (Document, Findings) {
    let mut reader = Reader {
        root,
        minor: 0,
        findings: Findings::default(),
    };
    let document = reader.document();
    (document, reader.findings)
}

const ROOT: [&str; 6] = [
    "arazzo",
    "$self",
    "info",
    "sourceDescriptions",
    "workflows",
    "components",
];
const INFO: [&str; 4] = ["title", "version", "summary", "description"];
const COMPONENTS: [&str; 4] = ["inputs", "parameters", "successActions", "failureActions"];
const WORKFLOW: [&str; 10] = [
    "workflowId",
    "summary",
    "description",
    "inputs",
    "dependsOn",
    "steps",
    "successActions",
    "failureActions",
    "outputs",
    "parameters",
];

impl<'a> Reader<'a> {
    fn document(&mut self) -> Document {
        let mut document = Document {
            title: String::new(),
            uri: None,
            sources: Vec::new(),
            workflows: Vec::new(),
        };
        let at = Pointer::root();
        let Some(fields) = self.object(self.root, &at, &ROOT) else {
            return document;
        };
        self.version(&fields);
        document.uri = self.optional(&fields, "$self").map(str::to_owned);
        if let Some(info) = fields.get("info") {
            if let Some(info) = self.object(info, &fields.place("info"), &INFO) {
                document.title = self.text(&info, "title").unwrap_or_default().to_owned();
                self.text(&info, "version");
            }
        } else {
            self.wrong(&at, "`info` is missing");
        }
        if let Some(components) = fields.get("components") {
            self.object(components, &fields.place("components"), &COMPONENTS);
        }
        self.some(&fields, "sourceDescriptions");
        let sources = self.each(&fields, "sourceDescriptions", |reader, value, at| {
            reader.source(value, &at)
        });
        document.sources = sources.unwrap_or_default();
        self.unique(
            document
                .sources
                .iter()
                .map(|source| (&source.name, &source.at)),
            "source",
        );
        self.some(&fields, "workflows");
        let workflows = self.each(&fields, "workflows", |reader, value, at| {
            reader.workflow(value, &at)
        });
        document.workflows = workflows.unwrap_or_default();
        self.unique(
            document.workflows.iter().map(|flow| (&flow.id, &flow.at)),
            "workflow",
        );
        document
    }

    fn version(&mut self, fields: &Fields<'a>) {
        let Some(version) = self.text(fields, "arazzo") else {
            return;
        };
        let minor = version
            .strip_prefix("1.")
            .and_then(|rest| rest.split('.').next());
        match minor.and_then(|minor| minor.parse().ok()) {
            Some(minor @ 0..=1) => self.minor = minor,
            _ => {
                let message =
                    format!("version {version} of Arazzo is not supported; 1.0 and 1.1 are");
                self.findings
                    .add(Rule::Unsupported, &fields.place("arazzo"), message);
            }
        }
    }

    fn source(&mut self, value: &'a Value, at: &Pointer) -> Option<SourceEntry> {
        let fields = self.object(value, at, &["name", "url", "type", "description"])?;
        let name = self.text(&fields, "name")?;
        self.check_name(name, &fields.place("name"), false);
        let url = self.text(&fields, "url").unwrap_or_default();
        let kind = match self.optional(&fields, "type") {
            None => None,
            Some("openapi") => Some(SourceKind::OpenApi),
            Some("arazzo") => Some(SourceKind::Arazzo),
            Some("asyncapi") => Some(SourceKind::AsyncApi),
            Some(other) => {
                self.wrong(
                    &fields.place("type"),
                    format!("`{other}` is no type of source"),
                );
                None
            }
        };
        Some(SourceEntry {
            name: name.to_owned(),
            url: url.to_owned(),
            kind,
            at: at.clone(),
        })
    }

    fn workflow(&mut self, value: &'a Value, at: &Pointer) -> Option<Workflow> {
        let fields = self.object(value, at, &WORKFLOW)?;
        let id = self.text(&fields, "workflowId").unwrap_or_default();
        if !id.is_empty() {
            self.check_name(id, &fields.place("workflowId"), false);
        }
        let inputs = fields
            .get("inputs")
            .map(|inputs| (inputs, fields.place("inputs")));
        self.some(&fields, "steps");
        let steps = self.each(&fields, "steps", |reader, value, at| {
            reader.step(value, &at)
        });
        let workflow = Workflow {
            id: id.to_owned(),
            at: at.clone(),
            inputs: Inputs::read(self, inputs),
            depends_on: self.names(&fields, "dependsOn"),
            parameters: self.parameters(&fields),
            on_success: self
                .actions(&fields, "successActions", true)
                .unwrap_or_default(),
            on_failure: self
                .actions(&fields, "failureActions", false)
                .unwrap_or_default(),
            outputs: self.outputs(&fields),
            steps: steps.unwrap_or_default(),
        };
        self.unique(
            workflow.steps.iter().map(|step| (&step.id, &step.at)),
            "step",
        );
        Some(workflow)
    }

    pub(super) fn names(&mut self, fields: &Fields<'a>, key: &str) -> Vec<Named> {
        let names = self.each(fields, key, |reader, value, at| {
            let name = value.as_str();
            if name.is_none() {
                reader.wrong(&at, "a name belongs here");
            }
            Some(Named {
                name: name?.to_owned(),
                at,
            })
        });
        names.unwrap_or_default()
    }

    pub(super) fn unique<'b>(
        &mut self,
        names: impl Iterator<Item = (&'b String, &'b Pointer)>,
        what: &str,
    ) {
        let mut seen = BTreeSet::new();
        for (name, at) in names {
            if !seen.insert(name) {
                let message = format!("there is another {what} `{name}` before this one");
                self.findings.add(Rule::Duplicate, at, message);
            }
        }
    }
}
