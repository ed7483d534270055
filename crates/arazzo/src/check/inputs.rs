//! What a step gives to the workflow that it calls.

use super::{Check, Scene};
use crate::document::Named;
use crate::finding::Rule;

impl<'a> Check<'a> {
    pub(super) fn arguments(&mut self, scene: Scene<'a>, named: &Named) {
        let Some(address) = self.flow.find(self.document, &named.name) else {
            return;
        };
        let called = self.flow.workflow(address);
        for parameter in &scene.step.parameters {
            if !called.inputs.declared.contains_key(&parameter.name) {
                let message = format!(
                    "the workflow `{}` declares no input `{}`",
                    called.id, parameter.name
                );
                self.add(Rule::UndeclaredInput, &parameter.at, message);
            }
        }
        for (name, input) in &called.inputs.declared {
            let is_given = scene
                .step
                .parameters
                .iter()
                .any(|parameter| parameter.name == *name);
            if input.required && input.default.is_none() && !is_given {
                let message = format!("the workflow `{}` requires the input `{name}`", called.id);
                self.add(Rule::MissingParameter, &scene.step.at, message);
            }
        }
    }
}
