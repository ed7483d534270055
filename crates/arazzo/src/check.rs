//! What a document asks that its contracts do not have, and what it says that it cannot mean.

use crate::contract::Operation;
use crate::document::{Criterion, Step, Workflow};
use crate::finding::{Finding, Findings, Rule, Severity};
use crate::flow::Flow;
use crate::pointer::Pointer;

use expressions::Site;
use order::Order;

mod body;
mod criteria;
mod expressions;
mod inputs;
mod operations;
mod order;
mod parameters;
mod replies;
mod targets;
mod texts;
mod words;

/// What a check has found, in the order of the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Returns all findings.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns whether nothing forbids to run the flow.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// Returns how many findings are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity() == severity)
            .count()
    }
}

impl Flow {
    /// Checks the document, and those that it names as sources, against their contracts.
    #[must_use]
    pub fn check(&self) -> Report {
        let mut report = Report::default();
        for (index, loaded) in self.documents.iter().enumerate() {
            let workflows = &loaded.document.workflows;
            let orders: Vec<_> = workflows.iter().map(Order::of).collect();
            let mut check = Check {
                flow: self,
                document: index,
                findings: loaded.findings.clone(),
            };
            for (workflow, order) in workflows.iter().zip(&orders) {
                check.workflow(workflow, order);
            }
            check.cycles();
            report
                .findings
                .extend(check.findings.placed(&loaded.name, &loaded.text));
        }
        report
    }
}

/// The check of one document.
struct Check<'a> {
    flow: &'a Flow,
    document: usize,
    findings: Findings,
}

/// A step with what is known around it.
#[derive(Clone, Copy)]
struct Scene<'a> {
    workflow: &'a Workflow,
    step: &'a Step,
    index: usize,
    operation: Option<Operation<'a>>,
    order: &'a Order,
}

impl<'a> Check<'a> {
    fn add(&mut self, rule: Rule, at: &Pointer, message: impl Into<String>) {
        self.findings.add(rule, at, message);
    }

    fn workflow(&mut self, workflow: &'a Workflow, order: &'a Order) {
        self.dependencies(workflow);
        for (index, step) in workflow.steps.iter().enumerate() {
            let operation = self.operation(step);
            let scene = Scene {
                workflow,
                step,
                index,
                operation,
                order,
            };
            self.step(scene);
        }
        for output in &workflow.outputs {
            self.template(
                &output.value,
                &output.at,
                Site::WorkflowOutput { workflow, order },
            );
        }
    }

    fn step(&mut self, scene: Scene<'a>) {
        self.goals(scene);
        self.loops(scene);
        self.parameters(scene);
        self.body(scene);
        self.statuses(scene);
        self.words(scene);
        for criterion in &scene.step.criteria {
            self.criterion(
                criterion,
                Site::Reply {
                    scene,
                    success: None,
                },
            );
        }
        for success in [true, false] {
            for action in scene.workflow.actions(scene.step, success) {
                let site = Site::Reply {
                    scene,
                    success: Some(success),
                };
                action
                    .criteria
                    .iter()
                    .for_each(|criterion: &Criterion| self.criterion(criterion, site));
                for parameter in &action.parameters {
                    self.template(&parameter.value, &parameter.value_at, site);
                }
            }
        }
        for output in &scene.step.outputs {
            let site = Site::Reply {
                scene,
                success: Some(true),
            };
            self.output(&output.value, &output.at, site);
        }
    }
}

#[cfg(test)]
mod tests;
