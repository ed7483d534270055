//! The handle of a workflow: what names it, and what is known of it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::snapshot::WorkflowSnapshot;
use crate::budget::Entry;
use crate::{Budget, Client, ClientKey, WorkflowId};

/// A workflow that was submitted (v2). A handle: cheap to clone, and dropping it changes nothing.
///
/// Its [`id`](Self::id) is all that another process needs to
/// [attach to it](crate::Workflows::attach).
#[derive(Clone)]
pub struct Workflow {
    client: Client,
    id: WorkflowId,
    /// What the submission answered.
    first: Option<WorkflowSnapshot>,
    /// What its polls have learned, for all clones.
    facts: Arc<Facts>,
    key: Option<ClientKey>,
    budget: Option<Budget>,
}

impl Workflow {
    pub(super) fn new(client: Client, id: WorkflowId, ephemeral: bool) -> Self {
        Self {
            client,
            id,
            first: None,
            facts: Arc::new(Facts::new(ephemeral)),
            key: None,
            budget: None,
        }
    }

    /// What the submission under a key answered.
    pub(super) fn submitted(mut self, key: ClientKey, snapshot: WorkflowSnapshot) -> Self {
        (self.key, self.first) = (Some(key), Some(snapshot));
        self
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns the id by which the workflow is found again, after a restart too.
    #[must_use]
    pub fn id(&self) -> &WorkflowId {
        &self.id
    }

    /// Returns what the submission answered; `None` where the handle came from an id.
    #[must_use]
    pub fn first(&self) -> Option<&WorkflowSnapshot> {
        self.first.as_ref()
    }

    /// Charges the workflow to a budget, which learns with each poll what it costs and what came back.
    ///
    /// For work that was submitted elsewhere; a submission [under a budget](crate::WorkflowSubmission)
    /// is charged to it already. The budget refuses nothing here, since the work is paid.
    #[must_use]
    pub fn budget(mut self, budget: &Budget) -> Self {
        self.budget = Some(budget.clone());
        if let Some(first) = self.first() {
            self.charge(first);
        }
        self
    }

    /// Lets the budget learn what a poll showed.
    pub(super) fn charge(&self, snapshot: &WorkflowSnapshot) {
        if let Some(budget) = &self.budget {
            let key = self.key.or_else(|| snapshot.client_key());
            let entry = key.map_or_else(|| Entry::from(&self.id), Entry::from);
            budget.charge(entry, snapshot.charged());
        }
    }
}

/// What polls have learned of a workflow and of the service.
#[derive(Debug)]
pub(super) struct Facts {
    /// Whether the record is known to go when the work ends.
    pub(super) ephemeral: AtomicBool,
    /// Whether the service was seen to refuse long polls.
    pub(super) refuses_wait: AtomicBool,
    /// Whether it was seen to refuse a wait for a change only.
    pub(super) refuses_change: AtomicBool,
}

impl Facts {
    pub(super) fn new(ephemeral: bool) -> Self {
        Self {
            ephemeral: ephemeral.into(),
            refuses_wait: false.into(),
            refuses_change: false.into(),
        }
    }

    pub(super) fn is_ephemeral(&self) -> bool {
        self.ephemeral.load(Ordering::Relaxed)
    }

    pub(super) fn refuses_change(&self) -> bool {
        self.refuses_change.load(Ordering::Relaxed)
    }
}

/// The id of the workflow.
impl fmt::Display for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl fmt::Debug for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workflow")
            .field("id", &self.id)
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}
