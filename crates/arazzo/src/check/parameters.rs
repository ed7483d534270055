//! The parameters of a step against those of its operation.

use super::expressions::Site;
use super::{Check, Scene};
use crate::contract::Operation;
use crate::document::{Location, Parameter, Target};
use crate::expression::Template;
use crate::finding::Rule;

impl<'a> Check<'a> {
    pub(super) fn parameters(&mut self, scene: Scene<'a>) {
        for parameter in &scene.step.parameters {
            self.template(&parameter.value, &parameter.value_at, Site::Request(scene));
            if let (Some(Location::Path), Template::Whole(expression)) =
                (parameter.location, &parameter.value)
            {
                self.certain(
                    expression,
                    "a path",
                    &parameter.value_at,
                    Site::Request(scene),
                );
            }
        }
        for parameter in &scene.workflow.parameters {
            self.template(&parameter.value, &parameter.value_at, Site::Request(scene));
        }
        match (&scene.step.target, scene.operation) {
            (Target::Workflow(named), _) => self.arguments(scene, named),
            (_, Some(operation)) => {
                for parameter in &scene.step.parameters {
                    self.is_declared(parameter, operation);
                }
                self.is_complete(scene, operation);
            }
            _ => {}
        }
    }

    fn is_declared(&mut self, parameter: &Parameter, operation: Operation<'a>) {
        let name = &parameter.name;
        let Some(location) = parameter.location else {
            let message = format!("the parameter `{name}` of an operation needs `in`");
            return self.add(Rule::Structure, &parameter.at, message);
        };
        let location = location.as_str();
        let lower = name.to_lowercase();
        let credentials = operation.credentials();
        if credentials
            .iter()
            .any(|(place, known)| *place == location && *known == lower)
        {
            let message = format!(
                "`{name}` is what the contract's security scheme is for, and stands here as a parameter"
            );
            return self.add(Rule::CredentialParameter, &parameter.at, message);
        }
        let declared = operation.parameters();
        let free = location == "header" && ["accept", "content-type"].contains(&lower.as_str());
        if free
            || location == "querystring"
            || declared.iter().any(|known| known.is(name, location))
        {
            return;
        }
        let elsewhere = declared
            .iter()
            .find(|known| known.name.to_lowercase() == lower);
        let advice = match elsewhere {
            Some(known) if known.name == name => format!("; it is in {}", known.location),
            Some(known) => format!("; it has `{}`", known.name),
            None => String::new(),
        };
        let message = format!(
            "{} declares no parameter `{name}` in {location}{advice}",
            operation.shown()
        );
        self.add(Rule::UndeclaredParameter, &parameter.at, message);
    }

    fn is_complete(&mut self, scene: Scene<'a>, operation: Operation<'a>) {
        let mut given = scene
            .step
            .parameters
            .iter()
            .chain(&scene.workflow.parameters);
        let whole_query = given.any(|parameter| parameter.location == Some(Location::QueryString));
        for wanted in operation.parameters() {
            let needed = wanted.required || wanted.location == "path";
            if !needed || (whole_query && wanted.location == "query") {
                continue;
            }
            let mut given = scene
                .step
                .parameters
                .iter()
                .chain(&scene.workflow.parameters);
            let is_given = given.any(|parameter| {
                let location = parameter.location.map(Location::as_str).unwrap_or_default();
                wanted.is(&parameter.name, location)
            });
            if !is_given {
                let rule = match wanted.location {
                    "path" => Rule::MissingPathParameter,
                    _ => Rule::MissingParameter,
                };
                let message = format!(
                    "{} requires the parameter `{}` in {}",
                    operation.shown(),
                    wanted.name,
                    wanted.location
                );
                self.add(rule, &scene.step.at, message);
            }
        }
        let requires_body = operation
            .body()
            .is_some_and(|body| body.is_true("required"));
        if requires_body && scene.step.body.is_none() {
            let message = format!("{} requires a body", operation.shown());
            self.add(Rule::MissingParameter, &scene.step.at, message);
        }
    }
}
