//! The workflows that were accepted or priced, and how they are found.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::core::problem::Problem;

use super::step::Step;
use super::template::Template;
use super::workflow::Workflow;

/// How long a workflow is kept after its end.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// All workflows, known by their number, which is their index in the order of submission.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Store {
    workflows: Vec<Workflow>,
    ids: BTreeMap<String, usize>,
    /// The workflow that used each external id up, priced ones included.
    keys: BTreeMap<String, usize>,
    /// Workflows of which something may have changed since callbacks were told.
    changed: BTreeSet<usize>,
}

impl Store {
    /// The number that the next workflow will have.
    pub(crate) fn next_number(&self) -> usize {
        self.workflows.len()
    }

    /// Keeps a workflow, and returns its number.
    pub(crate) fn add(&mut self, workflow: Workflow) -> usize {
        let number = self.workflows.len();
        if let Some(key) = &workflow.template().external_id {
            self.keys.insert(key.clone(), number);
        }
        // One that was only priced has no id, and tells no callback anything.
        if let Some(id) = workflow.id() {
            self.ids.insert(id.to_owned(), number);
            self.changed.insert(number);
        }
        self.workflows.push(workflow);
        number
    }

    /// The workflow that has used up the external id of another.
    pub(crate) fn earlier(&self, template: &Template) -> Option<usize> {
        self.keys.get(template.external_id.as_deref()?).copied()
    }

    /// The number of the workflow of an id, as long as it can be had.
    ///
    /// # Errors
    ///
    /// Fails where there is none.
    pub(crate) fn find(&self, id: &str, now: Duration) -> Result<usize, Problem> {
        let found = self.ids.get(id).copied();
        found
            .filter(|number| is_kept(&self.workflows[*number], now))
            .ok_or_else(|| Problem::no_such("workflow"))
    }

    /// The place of a step of a workflow by its name, which is `$0` for the first where it was given
    /// none.
    ///
    /// # Errors
    ///
    /// Fails where there is none.
    pub(crate) fn find_step(&self, workflow: usize, name: &str) -> Result<usize, Problem> {
        let mut steps = self.workflows[workflow].steps().iter();
        let found = steps.position(|step| step.template().name == name);
        found.ok_or_else(|| Problem::no_such("step"))
    }

    pub(crate) fn workflow(&self, number: usize) -> &Workflow {
        &self.workflows[number]
    }

    pub(crate) fn step(&self, workflow: usize, index: usize) -> &Step {
        &self.workflows[workflow].steps()[index]
    }

    /// All workflows, priced and deleted ones included.
    pub(crate) fn all(&self) -> &[Workflow] {
        &self.workflows
    }

    /// The accepted workflows that can be had, oldest first, with their numbers.
    pub(crate) fn kept(
        &self,
        now: Duration,
    ) -> impl DoubleEndedIterator<Item = (usize, &Workflow)> {
        let all = self.workflows.iter().enumerate();
        all.filter(move |(_, workflow)| !workflow.order().hidden && is_kept(workflow, now))
    }

    /// A workflow that is about to change.
    pub(super) fn edit(&mut self, number: usize) -> &mut Workflow {
        self.changed.insert(number);
        &mut self.workflows[number]
    }

    /// A step that is about to change.
    pub(super) fn edit_step(&mut self, workflow: usize, index: usize) -> &mut Step {
        self.edit(workflow).edit_step(index)
    }

    /// Notes that a workflow stands elsewhere by time alone.
    pub(super) fn mark_changed(&mut self, number: usize) {
        self.changed.insert(number);
    }

    /// The workflows of which something may have changed since this was asked last.
    pub(super) fn take_changed(&mut self) -> BTreeSet<usize> {
        std::mem::take(&mut self.changed)
    }

    /// Notes that callbacks were told how a workflow stands.
    pub(super) fn mark_told(&mut self, number: usize, now: Duration) {
        self.workflows[number].mark_told(now);
    }
}

fn is_kept(workflow: &Workflow, now: Duration) -> bool {
    let gone = match workflow.ended() {
        Some(_) if workflow.template().ephemeral => true,
        Some(ended) => ended + KEPT <= now,
        None => false,
    };
    !workflow.is_deleted() && !gone
}
