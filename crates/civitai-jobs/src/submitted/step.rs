//! A step of a workflow as a look shows it, whatever its type.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use civitai_api::Members as _;
use civitai_api::v2::types::{WorkflowStatus, WorkflowStep, WorkflowStepJob};
use job_watch::Phase;
use serde_json::Value;

use super::output::{self, WorkflowOutput};
use super::places::each;
use super::status;
use crate::generated::places::TEXTS;

/// A step of a workflow, as one look showed it.
///
/// What all steps share is here; [`typed`](Self::typed) has the rest.
#[derive(Clone, Debug)]
pub struct StepSnapshot {
    workflow: Arc<str>,
    typed: WorkflowStep,
    kind: String,
    status: WorkflowStatus,
    jobs: Vec<WorkflowStepJob>,
    /// Written when it is asked for: most looks ask for no output.
    output: OnceLock<Value>,
}

impl StepSnapshot {
    pub(super) fn new(workflow: Arc<str>, typed: WorkflowStep) -> Self {
        let kind = typed.member("$type").unwrap_or_default();
        let status = typed.status().map(Cow::into_owned);
        let jobs = typed.jobs().map(Cow::into_owned);
        Self {
            workflow,
            kind: kind.as_str().unwrap_or_default().to_owned(),
            status: status.unwrap_or_else(|| WorkflowStatus::from("")),
            jobs: jobs.unwrap_or_default(),
            typed,
            output: OnceLock::new(),
        }
    }

    /// The step with everything that the contract says of its type; raw where this build leaves
    /// the type out, where the contract does not know it, and where it came in another form.
    #[must_use]
    pub fn typed(&self) -> &WorkflowStep {
        &self.typed
    }

    /// The type of the step, such as `imageGen`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The name of the step, by which others refer to it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.typed.name().unwrap_or_default()
    }

    /// Where the step stands, in the service's word.
    #[must_use]
    pub fn status(&self) -> &WorkflowStatus {
        &self.status
    }

    /// Where the step stands, in the words of waiting.
    #[must_use]
    pub fn phase(&self) -> Phase {
        status::phase(&self.status)
    }

    /// When work began; none before.
    #[must_use]
    pub fn started_at(&self) -> Option<DateTime<Utc>> {
        self.typed.started_at()
    }

    /// When work ended; none before.
    #[must_use]
    pub fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.typed.completed_at()
    }

    /// The share of the step that is done, from 0 to 1, as the service estimates it.
    #[must_use]
    pub fn progress(&self) -> Option<f64> {
        let rate = match self.phase() {
            Phase::Succeeded => return Some(1.0),
            _ => self
                .typed
                .estimated_progress_rate()
                .or_else(|| self.rate_of_jobs()),
        };
        rate.filter(|rate| rate.is_finite())
            .map(|rate| rate.clamp(0.0, 1.0))
    }

    /// The jobs that carry the step out: several where it was split, or where one was tried again.
    #[must_use]
    pub fn jobs(&self) -> &[WorkflowStepJob] {
        &self.jobs
    }

    /// The files of the step, fetchable or not, in the order of its output.
    #[must_use]
    pub fn outputs(&self) -> Vec<WorkflowOutput> {
        output::outputs(&self.kind, &self.workflow, self.name(), self.output())
    }

    /// The words that the step was asked for: a reply, a caption, a transcript, a better prompt.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let paths = TEXTS.iter().find(|(kind, _)| *kind == self.kind);
        let mut texts = Vec::new();
        for path in paths.into_iter().flat_map(|(_, paths)| *paths) {
            each(self.output(), path, "", &mut |value, _| {
                texts.extend(value.as_str());
            });
        }
        texts
    }

    /// The output as it came; null before there is one.
    #[must_use]
    pub fn output(&self) -> &Value {
        let written = || self.typed.member("output").unwrap_or_default();
        self.output.get_or_init(written)
    }

    fn rate_of_jobs(&self) -> Option<f64> {
        let rates = self.jobs.iter().map(|job| job.estimated_progress_rate);
        let rates: Option<Vec<f64>> = rates.collect();
        let rates = rates.filter(|rates| !rates.is_empty())?;
        Some(rates.iter().sum::<f64>() / rates.len() as f64)
    }
}
