//! Events on their way to callers, and what goes wrong on it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::Value;

use crate::core::seed::Seed;

use super::settings::Disorder;
use super::status::Status;

/// An event on its way to one address.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Notice {
    pub(crate) workflow: usize,
    pub(crate) url: String,
    pub(crate) body: Value,
    /// It is not sent before.
    pub(crate) due: Duration,
    /// How often it was sent in vain.
    pub(crate) attempts: u32,
}

/// The events that are still to be sent.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Outbox {
    waiting: VecDeque<Notice>,
    /// Events that the next one of their workflow is to overtake.
    overtaken: BTreeMap<usize, Notice>,
    /// How many events there have been, each a draw from the seed.
    drawn: u64,
}

impl Outbox {
    /// Takes everything that is due.
    pub(crate) fn take(&mut self, now: Duration) -> VecDeque<Notice> {
        let waiting = std::mem::take(&mut self.waiting);
        let (due, later) = waiting.into_iter().partition(|notice| notice.due <= now);
        self.waiting = later;
        due
    }

    /// Takes back events that were not sent, ahead of those that came later.
    pub(crate) fn put_back(&mut self, notices: VecDeque<Notice>) {
        for notice in notices.into_iter().rev() {
            self.waiting.push_front(notice);
        }
    }

    /// When the next of the waiting events is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.waiting.iter().map(|notice| notice.due).min()
    }

    /// Puts an event on its way; the disorder says whether it is lost, doubled, delayed, forged or
    /// overtaken.
    pub(super) fn send(&mut self, mut notice: Notice, disorder: Disorder, seed: Seed) {
        let draw = |label| seed.share(label, self.drawn);
        let lost = draw("event lost") < disorder.lost;
        let twice = draw("event twice") < disorder.duplicated;
        let overtaken = draw("event overtaken") < disorder.reordered;
        if draw("event forged") < disorder.forged {
            let mut forged = notice.clone();
            forged.body["status"] = Status::Succeeded.as_str().into();
            self.waiting.push_back(forged);
        }
        if draw("event late") < disorder.late {
            notice.due += disorder.delay;
        }
        self.drawn += 1;
        if lost {
            return;
        }
        if twice {
            self.waiting.push_back(notice.clone());
        }
        let before = self.overtaken.remove(&notice.workflow);
        if overtaken && before.is_none() {
            self.overtaken.insert(notice.workflow, notice);
            return;
        }
        self.waiting.push_back(notice);
        self.waiting.extend(before);
    }

    /// Notes that a workflow is over: nothing comes after its end that could overtake.
    pub(super) fn end(&mut self, workflow: usize) {
        self.waiting.extend(self.overtaken.remove(&workflow));
    }
}
