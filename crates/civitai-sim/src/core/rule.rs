//! Rules that tests give the simulator: what becomes of which job.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

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
    /// Returns the `$type` of the job, such as `textToImage`.
    pub fn job_type(&self) -> &'a str {
        self.job_type
    }

    /// Returns the prompt; empty for a job that has none.
    pub fn prompt(&self) -> &'a str {
        self.prompt
    }

    /// Returns how many times the job was tried before: 0 at first, and always in version 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the labels that the caller gave the job: its `properties`, or the `metadata` of a step.
    pub fn properties(&self) -> &'a Map<String, Value> {
        self.properties
    }
}

type Decide<T> = dyn Fn(&Submission<'_>) -> Option<T> + Send + Sync;

/// Decides something about a job, such as that it fails, or gives nothing.
pub(crate) struct Rule<T>(Arc<Decide<T>>);

impl<T> Rule<T> {
    pub(crate) fn new(
        decide: impl Fn(&Submission<'_>) -> Option<T> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(decide))
    }

    /// What the first of several rules says that says something.
    pub(crate) fn first(rules: &[Self], submission: &Submission<'_>) -> Option<T> {
        rules.iter().find_map(|rule| (rule.0)(submission))
    }
}

impl<T> Clone for Rule<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Rule<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rule(..)")
    }
}
