//! Steps and what they send.

use std::time::Duration;

use serde_json::Value;

use super::fields::{Fields, Reader};
use super::{Body, Location, Named, Parameter, Replacement, Spot, Step, Target};
use crate::expression::Template;
use crate::finding::Rule;
use crate::pointer::{Pointer, keys};

const STEP: [&str; 16] = [
    "stepId",
    "description",
    "operationId",
    "operationPath",
    "workflowId",
    "channelPath",
    "parameters",
    "requestBody",
    "successCriteria",
    "onSuccess",
    "onFailure",
    "outputs",
    "timeout",
    "dependsOn",
    "action",
    "correlationId",
];
/// A field that names what a step calls, and what it makes of the name.
type Kind = (&'static str, fn(Named) -> Target);

const REPLACEMENT: [&str; 3] = ["target", "value", "targetSelectorType"];

impl<'a> Reader<'a> {
    pub(super) fn step(&mut self, value: &'a Value, at: &Pointer) -> Option<Step> {
        let fields = self.object(value, at, &STEP)?;
        let id = self.text(&fields, "stepId").unwrap_or_default();
        if !id.is_empty() {
            self.check_name(id, &fields.place("stepId"), false);
        }
        let body = fields.get("requestBody");
        Some(Step {
            id: id.to_owned(),
            at: at.clone(),
            target: self.target(&fields),
            parameters: self.parameters(&fields),
            body: body.and_then(|body| self.body(body, &fields.place("requestBody"))),
            criteria: self.criteria(&fields, "successCriteria"),
            on_success: self.actions(&fields, "onSuccess", true),
            on_failure: self.actions(&fields, "onFailure", false),
            outputs: self.outputs(&fields),
            timeout: self.timeout(&fields),
            depends_on: self.names(&fields, "dependsOn"),
        })
    }

    fn target(&mut self, fields: &Fields<'a>) -> Target {
        if fields.get("channelPath").is_some() {
            let message = "steps of AsyncAPI are not supported";
            self.findings
                .add(Rule::Unsupported, &fields.place("channelPath"), message);
            return Target::None;
        }
        let kinds: [Kind; 3] = [
            ("operationId", Target::OperationId),
            ("operationPath", Target::OperationPath),
            ("workflowId", Target::Workflow),
        ];
        let given: Vec<_> = kinds
            .iter()
            .filter(|(key, _)| fields.get(key).is_some())
            .collect();
        match given[..] {
            [(key, target)] => match self.text(fields, key) {
                Some(name) => target(Named {
                    name: name.to_owned(),
                    at: fields.place(key),
                }),
                None => Target::None,
            },
            _ => {
                let message =
                    "a step has exactly one of `operationId`, `operationPath` and `workflowId`";
                self.wrong(&fields.at, message);
                Target::None
            }
        }
    }

    fn timeout(&mut self, fields: &Fields<'a>) -> Option<Duration> {
        let value = fields.get("timeout")?;
        let millis = value.as_u64();
        if millis.is_none() {
            self.wrong(
                &fields.place("timeout"),
                "`timeout` is a whole number of milliseconds",
            );
        }
        millis.map(Duration::from_millis)
    }

    /// Reads parameters, references to components among them.
    pub(super) fn parameters(&mut self, fields: &Fields<'a>) -> Vec<Parameter> {
        let read = self.each(fields, "parameters", |reader, value, at| {
            reader.parameter(value, &at)
        });
        let read = read.unwrap_or_default();
        for (index, parameter) in read.iter().enumerate() {
            let twin = |other: &Parameter| {
                other.name == parameter.name && other.location == parameter.location
            };
            if read[..index].iter().any(twin) {
                let message = format!(
                    "there is another parameter `{}` before this one",
                    parameter.name
                );
                self.findings.add(Rule::Duplicate, &parameter.at, message);
            }
        }
        read
    }

    fn parameter(&mut self, value: &'a Value, at: &Pointer) -> Option<Parameter> {
        if let Some(reference) = value.get("reference") {
            let reference = reference.as_str().unwrap_or_default();
            let (target, home) = self.component(reference, "parameters", at)?;
            let mut parameter = self.parameter_at(target, &home)?;
            if let Some(value) = value.get("value") {
                parameter.value_at = at.child("value");
                parameter.value = self.template(value, &parameter.value_at);
            }
            parameter.at = at.clone();
            return Some(parameter);
        }
        self.parameter_at(value, at)
    }

    fn parameter_at(&mut self, value: &'a Value, at: &Pointer) -> Option<Parameter> {
        let fields = self.object(value, at, &["name", "in", "value"])?;
        let name = self.text(&fields, "name")?;
        let location = match self.optional(&fields, "in") {
            None => None,
            Some("path") => Some(Location::Path),
            Some("query") => Some(Location::Query),
            Some("header") => Some(Location::Header),
            Some("cookie") => Some(Location::Cookie),
            Some("querystring") => Some(Location::QueryString),
            Some(other) => {
                self.wrong(
                    &fields.place("in"),
                    format!("a parameter is not in `{other}`"),
                );
                None
            }
        };
        let value_at = fields.place("value");
        let Some(value) = fields.get("value") else {
            self.wrong(at, "`value` is missing");
            return None;
        };
        let value = self.template(value, &value_at);
        Some(Parameter {
            name: name.to_owned(),
            location,
            value,
            at: at.clone(),
            value_at,
        })
    }

    fn body(&mut self, value: &'a Value, at: &Pointer) -> Option<Body> {
        let fields = self.object(value, at, &["contentType", "payload", "replacements"])?;
        let replacements = self.each(&fields, "replacements", |reader, value, at| {
            reader.replacement(value, &at)
        });
        Some(Body {
            content_type: self.optional(&fields, "contentType").map(str::to_owned),
            payload: fields.get("payload").map(Template::of),
            replacements: replacements.unwrap_or_default(),
            at: at.clone(),
        })
    }

    fn replacement(&mut self, value: &'a Value, at: &Pointer) -> Option<Replacement> {
        let fields = self.object(value, at, &REPLACEMENT)?;
        let target = self.text(&fields, "target")?;
        let place = fields.place("target");
        let spot = match self.selector_kind(&fields, "targetSelectorType") {
            Some("jsonpath") => self.path(target, &place).map(Spot::Path),
            None | Some("jsonpointer") if keys(target).is_some() => {
                Some(Spot::Pointer(target.to_owned()))
            }
            None if target.starts_with("//") => {
                let message = "replacements by XPath are not supported";
                self.findings.add(Rule::Unsupported, &place, message);
                None
            }
            _ => {
                self.wrong(&place, format!("`{target}` is no JSON Pointer"));
                None
            }
        };
        let value_at = fields.place("value");
        let value = fields
            .get("value")
            .map(|value| self.template(value, &value_at));
        if value.is_none() {
            self.wrong(at, "`value` is missing");
        }
        Some(Replacement {
            target: spot?,
            value: value?,
            at: at.clone(),
        })
    }
}
