//! The values that expressions have at a point of a run.

use serde_json::{Map, Value};

use super::exchange::{Called, Exchange};
use super::frame::Frame;
use super::session::lock;
use crate::document::Parameter;
use crate::expression::{Part, Root, Scope, Side, Template, named};
use crate::flow::Source;

/// A point of a run: a workflow with its steps so far, and perhaps a call that has been made.
pub(super) struct Here<'a> {
    pub(super) frame: &'a Frame,
    pub(super) exchange: Option<&'a Exchange>,
    /// The outputs of the workflow that the step has called.
    pub(super) called: Option<&'a Map<String, Value>>,
}

impl Scope for Here<'_> {
    fn root(&self, root: &Root) -> Option<Value> {
        let frame = self.frame;
        let get = |map: &Map<String, Value>, name: &str| named(name, |name| map.get(name)).cloned();
        match root {
            Root::Url => Some(self.exchange?.sent.url.as_str().into()),
            Root::Method => Some(self.exchange?.sent.method.as_str().into()),
            Root::StatusCode => Some(self.exchange?.reply.as_ref()?.status.into()),
            Root::Document => {
                let loaded = &frame.flow().documents[frame.address.document];
                Some(
                    loaded
                        .document
                        .uri
                        .clone()
                        .unwrap_or_else(|| loaded.name.clone())
                        .into(),
                )
            }
            Root::Request(part) => self.exchange?.sent.part(part),
            Root::Response(part) => {
                let reply = self.exchange?.reply.as_ref()?;
                match part {
                    Part::Body => reply.body.clone(),
                    Part::Header(name) => reply.header(name).map(Value::from),
                    Part::Query(_) | Part::Path(_) => None,
                }
            }
            Root::Inputs => Some(Value::Object(frame.inputs.clone())),
            Root::Input(name) => get(&frame.inputs, name),
            Root::Output(name) => get(self.called?, name),
            Root::Step { step, output } => get(lock(&frame.state).outputs.get(step)?, output),
            Root::Workflow {
                workflow,
                side,
                name,
            } => {
                let address = frame.flow().find(frame.address.document, workflow)?;
                let result = frame.session.result(address)?;
                match side {
                    Side::Inputs => get(&result.inputs, name),
                    Side::Outputs => get(&result.outputs, name),
                }
            }
            Root::Source { source, field } => self.source(source, field),
            Root::Component { kind, name } => {
                let text = &frame.flow().documents[frame.address.document].text.value;
                let component = text.get("components")?.get(kind)?.get(name)?;
                component.get("value").cloned()
            }
            Root::Message => None,
        }
    }

    fn body_text(&self) -> Option<String> {
        self.exchange?.reply.as_ref()?.text.clone()
    }
}

impl Here<'_> {
    fn source(&self, source: &str, field: &str) -> Option<Value> {
        let loaded = &self.frame.flow().documents[self.frame.address.document];
        let entry = loaded
            .document
            .sources
            .iter()
            .find(|entry| entry.name == source)?;
        match (field, loaded.sources.get(source)?) {
            ("url", _) => Some(entry.url.clone().into()),
            ("type", Source::Contract(_)) => Some("openapi".into()),
            ("type", Source::Document(_)) => Some("arazzo".into()),
            _ => None,
        }
    }

    /// Returns the value of a template, in the reading of the run.
    pub(super) fn value(&self, template: &Template) -> Result<Option<Value>, String> {
        let value = if self.frame.session.runner.reading == crate::Reading::Meant {
            template.meant().value(self)
        } else {
            template.value(self)
        };
        value.map_err(|vague| format!("{} has no value", vague.0))
    }

    /// Returns the values of parameters that go to a workflow.
    pub(super) fn arguments(&self, parameters: &[Parameter]) -> Result<Map<String, Value>, String> {
        let mut arguments = Map::new();
        for parameter in parameters {
            if let Some(value) = self.value(&parameter.value)? {
                arguments.insert(parameter.name.clone(), value);
            }
        }
        Ok(arguments)
    }
}

impl Frame {
    /// Returns the point after a call.
    pub(super) fn here<'a>(&'a self, called: &'a Called) -> Here<'a> {
        Here {
            frame: self,
            exchange: called.exchange.as_ref(),
            called: called.outputs.as_ref(),
        }
    }
}
