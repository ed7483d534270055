//! What steps and actions lead to: workflows, other steps, and themselves.

use std::collections::BTreeSet;

use super::{Check, Scene};
use crate::document::{ActionKind, Goal, Named, Target, Workflow};
use crate::finding::Rule;
use crate::flow::Address;

impl<'a> Check<'a> {
    pub(super) fn dependencies(&mut self, workflow: &'a Workflow) {
        for needed in &workflow.depends_on {
            self.workflow_named(needed);
        }
        for step in &workflow.steps {
            for needed in &step.depends_on {
                if workflow.step(&needed.name).is_none() && !needed.name.starts_with('$') {
                    let message = format!("there is no step `{}` in this workflow", needed.name);
                    self.add(Rule::UnknownTarget, &needed.at, message);
                }
            }
            if let Target::Workflow(named) = &step.target {
                self.workflow_named(named);
            }
        }
    }

    fn workflow_named(&mut self, named: &Named) {
        if self.flow.find(self.document, &named.name).is_none() {
            let message = format!("there is no workflow `{}`", named.name);
            self.add(Rule::UnknownTarget, &named.at, message);
        }
    }

    /// Checks where the actions of a step lead.
    pub(super) fn goals(&mut self, scene: Scene<'a>) {
        for success in [true, false] {
            for action in scene.workflow.actions(scene.step, success) {
                let (ActionKind::Goto(goal)
                | ActionKind::Retry {
                    goal: Some(goal), ..
                }) = &action.kind
                else {
                    continue;
                };
                match goal {
                    Goal::Step(step) if scene.workflow.step(step).is_none() => {
                        let message = format!("there is no step `{step}` in this workflow");
                        self.add(Rule::UnknownTarget, &action.at, message);
                    }
                    Goal::Workflow(workflow) => {
                        let named = Named {
                            name: workflow.clone(),
                            at: action.at.clone(),
                        };
                        self.workflow_named(&named);
                    }
                    Goal::Step(_) => {}
                }
            }
        }
    }

    /// Tells of loops that neither the document nor a waiter of the contract paces and ends.
    pub(super) fn loops(&mut self, scene: Scene<'a>) {
        for success in [true, false] {
            for action in scene.workflow.actions(scene.step, success) {
                let ActionKind::Goto(Goal::Step(step)) = &action.kind else {
                    continue;
                };
                let target = scene.workflow.step(step);
                let target = target.filter(|target| *target <= scene.index);
                if target.is_some_and(|target| !self.is_paced(scene, target)) {
                    let message = format!(
                        "the way back to `{step}` has neither a pause nor a limit; a run paces it, and \
                         its deadline ends it"
                    );
                    self.add(Rule::UnboundedLoop, &action.at, message);
                }
            }
        }
    }

    /// Returns whether a waiter polls by the operation of a step from `target` up to that of the scene.
    fn is_paced(&self, scene: Scene<'a>, target: usize) -> bool {
        let steps = &scene.workflow.steps[target..=scene.index];
        steps.iter().any(|step| {
            let found = self.flow.operation(self.document, &step.target);
            matches!(found, Some(Ok(found)) if found.operation.tempo().is_some())
        })
    }

    /// Tells of workflows that depend on each other, or call each other by steps.
    pub(super) fn cycles(&mut self) {
        let workflows = &self.flow.documents[self.document].document.workflows;
        for (index, workflow) in workflows.iter().enumerate() {
            let start = Address {
                document: self.document,
                workflow: index,
            };
            if self.leads_to(start, start) {
                let message = format!("`{}` can begin only when it has ended itself", workflow.id);
                self.add(Rule::Cycle, &workflow.at, message);
            }
        }
    }

    fn leads_to(&self, from: Address, to: Address) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = self.needs(from);
        while let Some(next) = waiting.pop() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                waiting.extend(self.needs(next));
            }
        }
        false
    }

    fn needs(&self, address: Address) -> Vec<Address> {
        let workflow = self.flow.workflow(address);
        let called = workflow.steps.iter().filter_map(|step| match &step.target {
            Target::Workflow(named) => Some(named.name.as_str()),
            _ => None,
        });
        let names = workflow
            .depends_on
            .iter()
            .map(|named| named.name.as_str())
            .chain(called);
        names
            .filter_map(|name| self.flow.find(address.document, name))
            .collect()
    }
}
