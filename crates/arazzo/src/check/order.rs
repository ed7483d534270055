//! Which steps may run before which: the steps of a workflow as a graph.

use crate::document::{Action, ActionKind, Goal, Workflow};

/// The order of the steps of a workflow. The last node stands for its end.
#[derive(Debug)]
pub(super) struct Order {
    next: Vec<Vec<usize>>,
}

impl Order {
    pub(super) fn of(workflow: &Workflow) -> Self {
        let end = workflow.steps.len();
        let mut next = vec![Vec::new(); end + 1];
        for (index, step) in workflow.steps.iter().enumerate() {
            let steps = &mut next[index];
            let success = workflow.actions(step, true);
            success
                .iter()
                .for_each(|action| follow(workflow, action, end, steps));
            if !success.iter().any(|action| action.criteria.is_empty()) {
                steps.push(index + 1);
            }
            let failure = workflow.actions(step, false);
            failure
                .iter()
                .for_each(|action| follow(workflow, action, end, steps));
        }
        Self { next }
    }

    pub(super) fn end(&self) -> usize {
        self.next.len() - 1
    }

    /// Returns whether a step can run before another one does.
    pub(super) fn may_precede(&self, first: usize, then: usize) -> bool {
        self.next[first]
            .iter()
            .any(|&next| self.reaches(next, then, None))
    }

    /// Returns whether a step has run whenever another one does.
    pub(super) fn always_precedes(&self, first: usize, then: usize) -> bool {
        first != then && !self.reaches(0, then, Some(first))
    }

    fn reaches(&self, from: usize, to: usize, without: Option<usize>) -> bool {
        let mut seen = vec![false; self.next.len()];
        let mut waiting = vec![from];
        while let Some(step) = waiting.pop() {
            if Some(step) == without || std::mem::replace(&mut seen[step], true) {
                continue;
            }
            if step == to {
                return true;
            }
            waiting.extend(&self.next[step]);
        }
        false
    }
}

fn follow(workflow: &Workflow, action: &Action, end: usize, next: &mut Vec<usize>) {
    match &action.kind {
        ActionKind::End | ActionKind::Goto(Goal::Workflow(_)) => next.push(end),
        ActionKind::Goto(Goal::Step(step))
        | ActionKind::Retry {
            goal: Some(Goal::Step(step)),
            ..
        } => {
            next.extend(workflow.step(step));
        }
        ActionKind::Retry { .. } => {}
    }
}
