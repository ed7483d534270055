//! What expressions name: inputs, outputs, steps, parts of replies.

use super::order::Order;
use super::{Check, Scene};
use crate::document::{Output, Target, Workflow};
use crate::expression::{Expression, Lapse, Part, Root, Side};
use crate::finding::Rule;
use crate::pointer::Pointer;

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) enum Site<'a> {
    /// In what a step sends.
    Request(Scene<'a>),
    /// Where the reply is there: that of a step that went well, badly, or of which that is asked.
    Reply {
        scene: Scene<'a>,
        success: Option<bool>,
    },
    WorkflowOutput {
        workflow: &'a Workflow,
        order: &'a Order,
    },
}

impl<'a> Site<'a> {
    pub(super) fn workflow(&self) -> &'a Workflow {
        match self {
            Self::Request(scene) | Self::Reply { scene, .. } => scene.workflow,
            Self::WorkflowOutput { workflow, .. } => workflow,
        }
    }
}

impl<'a> Check<'a> {
    pub(super) fn expression(&mut self, expression: &Expression, at: &Pointer, site: Site<'a>) {
        match expression.lapse {
            Some(Lapse::NoOutputs) => {
                let message = format!("`{expression}` lacks `outputs` behind the step");
                self.add(Rule::ShortForm, at, message);
            }
            Some(Lapse::LooseName) => {
                let message = format!("`{expression}` has a name that 1.1 does not allow");
                self.add(Rule::Name, at, message);
            }
            None => {}
        }
        match (&expression.root, site) {
            (Root::Input(name), _) => self.input(name, expression, at, site),
            (Root::Step { step, output }, _) => {
                self.step_output(step, output, expression, at, site);
            }
            (Root::Output(name), _) => self.called_output(name, expression, at, site),
            (
                Root::Workflow {
                    workflow,
                    side,
                    name,
                },
                _,
            ) => {
                self.workflow_value(workflow, *side, name, expression, at);
            }
            (Root::Source { source, .. }, _)
                if !self.flow.documents[self.document]
                    .sources
                    .contains_key(source) =>
            {
                self.add(
                    Rule::UnknownSource,
                    at,
                    format!("there is no source `{source}`"),
                );
            }
            (Root::Response(part), Site::Reply { scene, success }) => {
                self.reply(scene, success, part, expression, at);
            }
            (Root::Response(_) | Root::StatusCode, Site::Request(_)) => {
                let message = format!("`{expression}` has no value before the step is answered");
                self.add(Rule::ForwardReference, at, message);
            }
            (
                Root::Response(_) | Root::StatusCode | Root::Request(_),
                Site::WorkflowOutput { .. },
            ) => {
                let message = format!("`{expression}` has no value here: name a step's output");
                self.add(Rule::UndeclaredOutput, at, message);
            }
            (Root::Message, _) => {
                self.add(
                    Rule::Unsupported,
                    at,
                    "messages of AsyncAPI are not supported",
                );
            }
            _ => {}
        }
    }

    fn input(&mut self, name: &str, expression: &Expression, at: &Pointer, site: Site<'a>) {
        let inputs = &site.workflow().inputs;
        if inputs.declared.contains_key(name) {
            return;
        }
        let message = match prefix(name, |name| inputs.declared.contains_key(name)) {
            Some(known) => {
                self.dotted(expression, known, at);
                return;
            }
            None if inputs.schema.is_none() => {
                format!("the workflow declares no inputs, so `{name}` is not among them")
            }
            None => format!("the workflow declares no input `{name}`"),
        };
        self.add(Rule::UndeclaredInput, at, message);
    }

    fn step_output(
        &mut self,
        step: &str,
        output: &str,
        expression: &Expression,
        at: &Pointer,
        site: Site<'a>,
    ) {
        let workflow = site.workflow();
        let Some(index) = workflow.step(step) else {
            let message = format!("there is no step `{step}` in this workflow");
            return self.add(Rule::UnknownTarget, at, message);
        };
        self.declared(
            &workflow.steps[index].outputs,
            output,
            &format!("the step `{step}`"),
            expression,
            at,
        );
        let (order, here) = match site {
            Site::Request(scene) => (scene.order, scene.index),
            // When the reply is there, the step's own outputs are.
            Site::Reply { scene, .. } if scene.index == index => return,
            Site::Reply { scene, .. } => (scene.order, scene.index),
            Site::WorkflowOutput { order, .. } => (order, order.end()),
        };
        if !order.may_precede(index, here) {
            let message = format!("`{expression}` has no value: `{step}` has not run by then");
            self.add(Rule::ForwardReference, at, message);
        } else if !order.always_precedes(index, here) {
            let message = format!("`{expression}` has no value where `{step}` is skipped");
            self.add(Rule::Skippable, at, message);
        }
    }

    /// Outputs of the workflow that a step has called.
    fn called_output(&mut self, name: &str, expression: &Expression, at: &Pointer, site: Site<'a>) {
        let called = match site {
            Site::Reply { scene, .. } => match &scene.step.target {
                Target::Workflow(named) => self.flow.find(self.document, &named.name),
                _ => None,
            },
            _ => None,
        };
        match called {
            Some(address) => {
                let workflow = self.flow.workflow(address);
                let whose = format!("the workflow `{}`", workflow.id);
                self.declared(&workflow.outputs, name, &whose, expression, at);
            }
            None => {
                let message = format!("`{expression}` has no value: no workflow is called here");
                self.add(Rule::UndeclaredOutput, at, message);
            }
        }
    }

    fn workflow_value(
        &mut self,
        name: &str,
        side: Side,
        value: &str,
        expression: &Expression,
        at: &Pointer,
    ) {
        let Some(address) = self.flow.find(self.document, name) else {
            return self.add(
                Rule::UnknownTarget,
                at,
                format!("there is no workflow `{name}`"),
            );
        };
        let workflow = self.flow.workflow(address);
        if side == Side::Outputs {
            let whose = format!("the workflow `{name}`");
            self.declared(&workflow.outputs, value, &whose, expression, at);
        } else if !workflow.inputs.declared.contains_key(value) {
            let message = format!("the workflow `{name}` declares no input `{value}`");
            self.add(Rule::UndeclaredInput, at, message);
        }
    }

    fn declared(
        &mut self,
        outputs: &[Output],
        name: &str,
        whose: &str,
        expression: &Expression,
        at: &Pointer,
    ) {
        let has = |name: &str| outputs.iter().any(|output| output.name == name);
        if has(name) {
            return;
        }
        match prefix(name, has) {
            Some(known) => self.dotted(expression, known, at),
            None => {
                let message = format!("{whose} declares no output `{name}`");
                self.add(Rule::UndeclaredOutput, at, message);
            }
        }
    }

    fn dotted(&mut self, expression: &Expression, known: &str, at: &Pointer) {
        let message =
            format!("`{expression}` goes on behind `{known}` with dots; write a JSON Pointer");
        self.add(Rule::DotPath, at, message);
    }

    /// Tells of ways with dots where a pointer belongs: everywhere but in simple conditions.
    pub(super) fn pointers(&mut self, expression: &Expression, at: &Pointer) {
        if expression.moves.is_empty() {
            return;
        }
        let keys: Vec<_> = expression
            .keys()
            .iter()
            .map(|key| format!("/{key}"))
            .collect();
        let advice = match expression.root {
            Root::Response(Part::Body) => format!("`$response.body#{}`", keys.concat()),
            _ => format!("a pointer, `#{}`", keys.concat()),
        };
        let message = format!("`{expression}` goes on with dots or brackets; write {advice}");
        self.add(Rule::DotPath, at, message);
    }
}

/// Returns the longest part of a name before a dot that is known.
fn prefix(name: &str, known: impl Fn(&str) -> bool) -> Option<&str> {
    let dots = name.match_indices('.').map(|(at, _)| at);
    dots.rev().map(|at| &name[..at]).find(|part| known(part))
}
