//! The operation of a step, and the statuses that it answers with.

use super::{Check, Scene};
use crate::condition::Condition;
use crate::contract::{Operation, covers};
use crate::document::Step;
use crate::expression::Root;
use crate::finding::Rule;

impl<'a> Check<'a> {
    pub(super) fn operation(&mut self, step: &'a Step) -> Option<Operation<'a>> {
        let at = match &step.target {
            crate::document::Target::OperationId(named)
            | crate::document::Target::OperationPath(named) => &named.at,
            _ => return None,
        };
        match self.flow.operation(self.document, &step.target)? {
            Ok(found) => {
                if let Some((rule, message)) = found.remark {
                    self.add(rule, at, message);
                }
                Some(found.operation)
            }
            Err((rule, message)) => {
                self.add(rule, at, message);
                None
            }
        }
    }

    /// Compares the statuses that a step waits for with those that the contract declares.
    pub(super) fn statuses(&mut self, scene: Scene<'a>) {
        let Some(operation) = scene.operation else {
            return;
        };
        for criterion in &scene.step.criteria {
            let named: Vec<u16> = match &criterion.condition {
                Condition::Simple(simple) => named_statuses(simple),
                Condition::Regex(pattern) if is_status(criterion.context.as_ref()) => (100..600)
                    .filter(|status| pattern.admits(*status) == Some(true))
                    .collect(),
                _ => continue,
            };
            let foreign: Vec<_> = named
                .iter()
                .filter(|status| !operation.declares(**status))
                .collect();
            // A pattern such as `^2` is about whichever of them is declared.
            let is_pattern = matches!(criterion.condition, Condition::Regex(_));
            if foreign.is_empty() || (is_pattern && foreign.len() < named.len()) {
                continue;
            }
            let declared: Vec<_> = operation
                .replies()
                .iter()
                .map(|(status, _)| *status)
                .collect();
            let foreign: Vec<_> = foreign.iter().take(3).map(ToString::to_string).collect();
            let message = format!(
                "the contract declares no reply with status {} for {}, but {}",
                foreign.join(", "),
                operation.shown(),
                declared.join(", ")
            );
            self.add(Rule::UndeclaredStatus, &criterion.at, message);
        }
        for (status, _) in operation.replies() {
            let good = (200..300).find(|number| covers(status, *number) && status != "default");
            if let Some(number) = good
                && scene.step.admits(number) == Some(false)
            {
                let message = format!(
                    "{} also answers with {status}, which this step takes for a failure",
                    operation.shown()
                );
                self.add(Rule::UnhandledStatus, &scene.step.at, message);
            }
        }
    }
}

impl Step {
    /// Returns whether a reply of this status can be a success; `None` where that depends on more.
    pub(crate) fn admits(&self, status: u16) -> Option<bool> {
        if self.criteria.is_empty() {
            return Some((200..300).contains(&status));
        }
        let mut all = Some(true);
        for criterion in &self.criteria {
            let one = match &criterion.condition {
                Condition::Simple(simple) => simple.admits(status),
                Condition::Regex(pattern) if is_status(criterion.context.as_ref()) => {
                    pattern.admits(status)
                }
                _ => None,
            };
            match one {
                Some(false) => return Some(false),
                Some(true) => {}
                None => all = None,
            }
        }
        all
    }
}

fn is_status(context: Option<&crate::expression::Expression>) -> bool {
    context.is_some_and(|context| context.root == Root::StatusCode)
}

fn named_statuses(simple: &crate::condition::Simple) -> Vec<u16> {
    use crate::condition::{Operand, Operator};
    let mut named = Vec::new();
    simple.each_literal(&mut |operand, operator, value| {
        let status = matches!(operand, Operand::Expression(e) if e.root == Root::StatusCode);
        if status && operator == Operator::Equal {
            let text = crate::expression::plain(value);
            named.extend(text.parse::<u16>().ok());
        }
    });
    named
}
