//! What the builder decides and the core reads.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::content::Content;
use crate::fault::Fault;
use crate::seed::Seed;

/// Everything about a run that does not change once it has started.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) seed: Seed,
    pub(crate) start: DateTime<Utc>,
    pub(crate) queue_delay: Duration,
    pub(crate) work_delay: Duration,
    pub(crate) upload_lag: Duration,
    pub(crate) workers: usize,
    pub(crate) balance: f64,
    pub(crate) page_size: usize,
    pub(crate) early_links: bool,
    /// How long a fresh job is left out of queries.
    pub(crate) listing_lag: Duration,
    /// What goes wrong with which share of submissions.
    pub(crate) chances: Vec<(f64, Fault)>,
    pub(crate) uncovered: BTreeSet<String>,
    pub(crate) failures: Vec<FailureRule>,
    pub(crate) contents: Vec<ContentRule>,
    pub(crate) v2: crate::v2::settings::Settings,
}

impl Settings {
    /// Why a submission is going to fail, by the first rule that says so.
    pub(crate) fn failure_of(&self, submission: &Submission<'_>) -> Option<String> {
        self.failures
            .iter()
            .find_map(|FailureRule(rule)| rule(submission))
    }

    /// The file that storage holds for a submission, by the first rule that gives one.
    pub(crate) fn content_of(&self, submission: &Submission<'_>) -> Option<Content> {
        self.contents
            .iter()
            .find_map(|ContentRule(rule)| rule(submission))
    }

    pub(crate) fn date(&self, at: Duration) -> DateTime<Utc> {
        let since = chrono::Duration::from_std(at).unwrap_or(chrono::Duration::MAX);
        self.start
            .checked_add_signed(since)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The simulated instant of a date; dates before the start count as the start.
    pub(crate) fn instant(&self, date: DateTime<Utc>) -> Duration {
        (date - self.start).to_std().unwrap_or_default()
    }
}

type Rule = dyn Fn(&Submission<'_>) -> Option<String> + Send + Sync;

/// Decides which jobs fail, and with what message.
#[derive(Clone)]
pub(crate) struct FailureRule(pub(crate) Arc<Rule>);

impl fmt::Debug for FailureRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FailureRule(..)")
    }
}

type Filling = dyn Fn(&Submission<'_>) -> Option<Content> + Send + Sync;

/// Decides what lies in storage.
#[derive(Clone)]
pub(crate) struct ContentRule(pub(crate) Arc<Filling>);

impl fmt::Debug for ContentRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentRule(..)")
    }
}

/// A job as it was submitted, for rules that decide what becomes of it; in version 2, a step of a
/// workflow.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    pub(crate) job_type: &'a str,
    pub(crate) prompt: &'a str,
    pub(crate) properties: &'a Map<String, Value>,
    pub(crate) attempt: u32,
}

impl<'a> Submission<'a> {
    /// The `$type` of the job, such as `textToImage`.
    pub fn job_type(&self) -> &'a str {
        self.job_type
    }

    /// The prompt; empty for a job that has none.
    pub fn prompt(&self) -> &'a str {
        self.prompt
    }

    /// How often the job was tried before; 0 at first, and always in version 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The labels that the caller gave the job: the metadata of a step.
    pub fn properties(&self) -> &'a Map<String, Value> {
        self.properties
    }
}
