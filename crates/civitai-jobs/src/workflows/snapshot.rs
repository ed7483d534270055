//! What one poll of a workflow showed.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use civitai_api::v2::types::{
    BuzzClientAccount, TransactionType, Workflow as Reply, WorkflowStatus,
    WorkflowStepQueuePosition,
};
use job_watch::Phase;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use failure::WorkflowFailure;
pub use step::StepSnapshot;

use crate::{Buzz, ClientKey, File, WorkflowId};

mod failure;
mod place;
mod preparation;
mod progress;
mod status;
mod step;

/// Letters of a key, which is a UUID.
const KEY: usize = 36;

/// A workflow as one poll showed it. Cheap to clone.
///
/// It can be stored with serde, as the service sent it: with signed links, which are as good as the
/// files until they expire.
#[derive(Clone, Debug)]
pub struct WorkflowSnapshot(Arc<Seen>);

#[derive(Debug)]
struct Seen {
    id: Option<WorkflowId>,
    reply: Reply,
    steps: Vec<StepSnapshot>,
}

/// A reply of the low-level client.
impl From<Reply> for WorkflowSnapshot {
    fn from(mut reply: Reply) -> Self {
        let steps = std::mem::take(&mut reply.steps).into_iter();
        let id = reply.id.as_deref().and_then(|id| WorkflowId::new(id).ok());
        let steps = steps.map(|step| StepSnapshot::new(id.as_ref(), step));
        Self(Arc::new(Seen {
            steps: steps.collect(),
            id,
            reply,
        }))
    }
}

impl Serialize for WorkflowSnapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let steps = self.steps().iter().map(|step| step.typed().clone());
        let reply = Reply {
            steps: steps.collect(),
            ..self.0.reply.clone()
        };
        reply.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WorkflowSnapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reply::deserialize(deserializer).map(Self::from)
    }
}

impl WorkflowSnapshot {
    /// Returns the id of the workflow; `None` in a preview.
    #[must_use]
    pub fn id(&self) -> Option<&WorkflowId> {
        self.0.id.as_ref()
    }

    /// The key of the submission, which the service keeps with the account's id in front.
    pub(super) fn client_key(&self) -> Option<ClientKey> {
        let id = self.0.reply.external_id.as_deref()?;
        id.get(id.len().checked_sub(KEY)?..)?.parse().ok()
    }

    /// Returns where the workflow stands, in the service's word.
    #[must_use]
    pub fn status(&self) -> &WorkflowStatus {
        &self.0.reply.status
    }

    /// Returns where the workflow stands. A status that this crate does not know is
    /// [`Phase::Unknown`], which counts as running.
    #[must_use]
    #[doc(alias = "state")]
    pub fn phase(&self) -> Phase {
        status::phase(self.status())
    }

    /// Returns the steps, in the order of the request.
    #[must_use]
    pub fn steps(&self) -> &[StepSnapshot] {
        &self.0.steps
    }

    /// Returns the step of a name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&StepSnapshot> {
        self.steps().iter().find(|step| step.name() == name)
    }

    /// Returns the files of all steps, [available](File::is_available) or not.
    #[must_use]
    #[doc(alias = "outputs")]
    pub fn files(&self) -> Vec<File> {
        self.steps().iter().flat_map(StepSnapshot::files).collect()
    }

    /// Returns what went wrong; `None` while the workflow goes on, and where it succeeded. What earlier
    /// steps have made is in [`files`](Self::files) and can be used.
    #[must_use]
    pub fn failure(&self) -> Option<WorkflowFailure> {
        WorkflowFailure::of(self)
    }

    /// Returns how much of the workflow is done, in percent: the mean of its steps, where a step that
    /// tells nothing has done nothing. `None` where no step tells anything.
    #[must_use]
    pub fn percent(&self) -> Option<f64> {
        let done: Vec<_> = self.steps().iter().map(StepSnapshot::percent).collect();
        if done.iter().all(Option::is_none) {
            return None;
        }
        let sum: f64 = done.iter().flatten().sum();
        Some(sum / done.len() as f64)
    }

    /// Returns how many jobs are ahead of the step that starts last, which is what the workflow waits for.
    #[must_use]
    pub fn preceding_jobs(&self) -> Option<u32> {
        let ahead = self.positions().filter_map(|place| place.preceding_jobs);
        ahead.filter_map(|jobs| u32::try_from(jobs).ok()).max()
    }

    /// Returns when the last step that waits is expected to begin.
    #[must_use]
    pub fn starts_at(&self) -> Option<DateTime<Utc>> {
        let places = self.positions();
        places.filter_map(|place| place.estimated_start_at).max()
    }

    /// Returns when the last step that waits is expected to be done.
    #[must_use]
    pub fn completes_at(&self) -> Option<DateTime<Utc>> {
        let places = self.positions();
        places.filter_map(|place| place.estimated_complete_at).max()
    }

    /// Returns the price; how it is made up is in [the reply](Self::reply).
    #[must_use]
    pub fn cost(&self) -> Buzz {
        self.0.reply.cost.total.into()
    }

    /// Returns whether the price is the most that the work can cost: it is charged at first, and what
    /// the work did not cost comes back at the end.
    #[must_use]
    pub fn is_price_ceiling(&self) -> bool {
        self.0.reply.cost.variable == Some(true)
    }

    /// Returns the Buzz charged and not given back, by its kind; below zero where more came back.
    #[must_use]
    pub fn spent(&self) -> BTreeMap<String, Buzz> {
        let moves = self.0.reply.transactions.iter().flat_map(|all| &all.list);
        let mut spent = BTreeMap::new();
        for change in moves {
            let amount = Buzz::from(change.amount);
            *spent.entry(change.account_type.to_string()).or_default() += match change.type_ {
                TransactionType::Credit => -amount,
                _ => amount,
            };
        }
        spent
    }

    /// Returns the Buzz that the workflow holds, of all kinds together: what was charged and not given
    /// back, and before its end at least the price.
    #[must_use]
    pub fn charged(&self) -> Buzz {
        let net = self.spent().into_values().sum::<Buzz>().max(Buzz::ZERO);
        match &self.0.reply.transactions {
            Some(_) if self.phase().is_terminal() => net,
            _ => net.max(self.cost()),
        }
    }

    /// Returns whether the account lacks the Buzz for it, as a preview tells.
    #[must_use]
    pub fn is_buzz_short(&self) -> bool {
        let transactions = self.0.reply.transactions.as_ref();
        transactions.is_some_and(|all| all.insufficient_buzz == Some(true))
    }

    /// Returns the kinds of Buzz that may pay; empty where the service chooses.
    #[must_use]
    pub fn currencies(&self) -> &[BuzzClientAccount] {
        &self.0.reply.currencies
    }

    /// Returns the reply, but for its steps: those are in [`steps`](Self::steps).
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.0.reply
    }

    fn positions(&self) -> impl Iterator<Item = &WorkflowStepQueuePosition> {
        let steps = self.steps().iter();
        steps.filter_map(StepSnapshot::queue_position)
    }
}
