//! What one look at a workflow showed.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use civitai_api::v2::types::{
    BuzzClientAccount, TransactionType, Workflow as Reply, WorkflowCost, WorkflowStatus,
    WorkflowStepQueuePosition,
};
use job_watch::Phase;

use super::failure::WorkflowFailure;
use super::output::WorkflowOutput;
use super::status;
use super::step::StepSnapshot;

/// A workflow as one look showed it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct WorkflowSnapshot(Arc<Seen>);

#[derive(Debug)]
struct Seen {
    reply: Reply,
    steps: Vec<StepSnapshot>,
}

/// A reply of the low-level client.
impl From<Reply> for WorkflowSnapshot {
    fn from(reply: Reply) -> Self {
        Self::new(reply)
    }
}

impl WorkflowSnapshot {
    pub(crate) fn new(mut reply: Reply) -> Self {
        let steps = std::mem::take(&mut reply.steps);
        let steps = steps.into_iter();
        let id: Arc<str> = reply.id.as_deref().unwrap_or_default().into();
        let steps = steps
            .map(|step| StepSnapshot::new(Arc::clone(&id), step))
            .collect();
        Self(Arc::new(Seen { reply, steps }))
    }

    /// The id of the workflow; none in a preview.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.reply.id.as_deref()
    }

    /// Where the workflow stands, in the service's word.
    #[must_use]
    pub fn status(&self) -> &WorkflowStatus {
        &self.0.reply.status
    }

    /// Where the workflow stands, in the words of waiting. A status that this crate does not know
    /// counts as running.
    #[must_use]
    pub fn phase(&self) -> Phase {
        status::phase(self.status())
    }

    /// The steps, in the order of the request.
    #[must_use]
    pub fn steps(&self) -> &[StepSnapshot] {
        &self.0.steps
    }

    /// The step of a name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&StepSnapshot> {
        self.steps().iter().find(|step| step.name() == name)
    }

    /// The files of all steps, fetchable or not.
    #[must_use]
    pub fn outputs(&self) -> Vec<WorkflowOutput> {
        self.steps()
            .iter()
            .flat_map(StepSnapshot::outputs)
            .collect()
    }

    /// The files that a watch has told of as [`new_items`](crate::Update::new_items): those that can
    /// be fetched since the look before.
    #[must_use]
    pub fn outputs_of(&self, new_items: &[u64]) -> Vec<WorkflowOutput> {
        let files = self.numbered();
        let told = files.filter(|(number, _)| new_items.contains(number));
        told.map(|(_, file)| file).collect()
    }

    /// What went wrong; none while the workflow goes on, and where it succeeded. What earlier steps
    /// have made is in [`outputs`](Self::outputs) and can be used.
    #[must_use]
    pub fn failure(&self) -> Option<WorkflowFailure> {
        WorkflowFailure::of(self)
    }

    /// The share of the workflow that is done, from 0 to 1: the mean of its steps, where a step
    /// that tells nothing has done nothing. None where no step tells anything.
    #[must_use]
    pub fn progress(&self) -> Option<f64> {
        let rates: Vec<_> = self.steps().iter().map(StepSnapshot::progress).collect();
        if rates.iter().all(Option::is_none) {
            return None;
        }
        let done: f64 = rates.iter().flatten().sum();
        Some(done / rates.len() as f64)
    }

    /// How many jobs are ahead of the step that starts last, which is what the workflow waits for.
    #[must_use]
    pub fn preceding_jobs(&self) -> Option<u32> {
        let ahead = self.positions().filter_map(|place| place.preceding_jobs);
        ahead.filter_map(|jobs| u32::try_from(jobs).ok()).max()
    }

    /// When the last step that waits is expected to begin.
    #[must_use]
    pub fn starts_at(&self) -> Option<DateTime<Utc>> {
        let places = self.positions();
        places.filter_map(|place| place.estimated_start_at).max()
    }

    /// When the last step that waits is expected to be done.
    #[must_use]
    pub fn completes_at(&self) -> Option<DateTime<Utc>> {
        let places = self.positions();
        places.filter_map(|place| place.estimated_complete_at).max()
    }

    /// The price, and how it is made up.
    #[must_use]
    pub fn cost(&self) -> &WorkflowCost {
        &self.0.reply.cost
    }

    /// Whether the price is the most that the work can cost: it is charged at first, and what the work
    /// did not cost comes back at the end.
    #[must_use]
    pub fn is_price_ceiling(&self) -> bool {
        self.cost().variable == Some(true)
    }

    /// The Buzz charged and not given back, by its kind; below zero where more came back.
    #[must_use]
    pub fn spent(&self) -> BTreeMap<String, i64> {
        let moves = self.0.reply.transactions.iter().flat_map(|all| &all.list);
        let mut spent = BTreeMap::new();
        for change in moves {
            let amount = i64::from(change.amount);
            *spent.entry(change.account_type.to_string()).or_default() += match change.type_ {
                TransactionType::Credit => -amount,
                _ => amount,
            };
        }
        spent
    }

    /// The Buzz that the workflow holds, of all kinds together: what was charged and not given
    /// back, and before its end at least the price.
    #[must_use]
    pub fn charged(&self) -> u64 {
        let net = u64::try_from(self.spent().values().sum::<i64>()).unwrap_or(0);
        let price = u64::try_from(self.cost().total).unwrap_or(0);
        match &self.0.reply.transactions {
            Some(_) if self.phase().is_terminal() => net,
            _ => net.max(price),
        }
    }

    /// Whether the account lacks the Buzz for it, as a preview tells.
    #[must_use]
    pub fn is_buzz_short(&self) -> bool {
        let transactions = self.0.reply.transactions.as_ref();
        transactions.is_some_and(|all| all.insufficient_buzz == Some(true))
    }

    /// The kinds of Buzz that may pay; empty where the service chooses.
    #[must_use]
    pub fn currencies(&self) -> &[BuzzClientAccount] {
        &self.0.reply.currencies
    }

    /// The reply, but for its steps: those are in [`steps`](Self::steps).
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.0.reply
    }

    /// Numbers of the files that can be fetched.
    pub(super) fn finished(&self) -> Vec<u64> {
        let ready = self.numbered().filter(|(_, file)| file.is_available());
        ready.map(|(number, _)| number).collect()
    }

    /// The files with numbers that are the same in each look: made of the place of the step and of the
    /// file's path in it, since files that come later may stand between those that are there.
    fn numbered(&self) -> impl Iterator<Item = (u64, WorkflowOutput)> + '_ {
        let number = |step: usize, file: &WorkflowOutput| {
            let mut number = DefaultHasher::new();
            (step, file.path()).hash(&mut number);
            number.finish()
        };
        let steps = self.steps().iter().enumerate();
        steps.flat_map(move |(step, seen)| {
            let files = seen.outputs().into_iter();
            files.map(move |file| (number(step, &file), file))
        })
    }

    fn positions(&self) -> impl Iterator<Item = &WorkflowStepQueuePosition> {
        let steps = self.steps().iter();
        steps.filter_map(StepSnapshot::queue_position)
    }
}
