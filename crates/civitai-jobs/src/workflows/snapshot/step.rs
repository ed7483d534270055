//! A step of a workflow as a poll shows it, whatever its type.

use std::borrow::Cow;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use civitai_api::Members as _;
use civitai_api::v2::types::{
    WorkflowStatus, WorkflowStep, WorkflowStepJob, WorkflowStepPreparationResource,
    WorkflowStepQueuePosition, WorkflowStepWarning,
};
use job_watch::Phase;
use serde_json::Value;

use super::{place, status};
use crate::places::each;
use crate::tables::places::TEXTS;
use crate::workflows::output;
use crate::{File, WorkflowId};

/// A step of a workflow, as one poll showed it.
///
/// What all steps share is here; [`typed`](Self::typed) has the rest.
#[derive(Clone, Debug)]
pub struct StepSnapshot {
    workflow: Option<WorkflowId>,
    typed: WorkflowStep,
    kind: String,
    status: WorkflowStatus,
    jobs: Vec<WorkflowStepJob>,
    place: Option<WorkflowStepQueuePosition>,
    preparation: Vec<WorkflowStepPreparationResource>,
    warnings: Vec<WorkflowStepWarning>,
    /// Written when it is asked for: most polls ask for no output.
    output: OnceLock<Value>,
}

impl StepSnapshot {
    pub(super) fn new(workflow: Option<&WorkflowId>, typed: WorkflowStep) -> Self {
        let kind = typed.member("$type").unwrap_or_default();
        let status = typed.status().map(Cow::into_owned);
        let jobs = typed.jobs().map(Cow::into_owned);
        let jobs = jobs.unwrap_or_default();
        let place = typed.queue_position().map(Cow::into_owned);
        let preparation = typed.preparation().map(Cow::into_owned);
        let warnings = typed.warnings().map(Cow::into_owned);
        Self {
            workflow: workflow.cloned(),
            kind: kind.as_str().unwrap_or_default().to_owned(),
            status: status.unwrap_or_else(|| WorkflowStatus::from("")),
            place: place.or_else(|| place::of_jobs(&jobs)),
            jobs,
            preparation: preparation.unwrap_or_default(),
            warnings: warnings.unwrap_or_default(),
            typed,
            output: OnceLock::new(),
        }
    }

    /// Returns the step with everything that the contract says of its type; raw where this build leaves
    /// the type out, where the contract does not know it, and where it came in another form.
    #[must_use]
    pub fn typed(&self) -> &WorkflowStep {
        &self.typed
    }

    /// Returns the type of the step, such as `imageGen`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Returns the name of the step, by which others refer to it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.typed.name().unwrap_or_default()
    }

    /// Returns where the step stands, in the service's word.
    #[must_use]
    pub fn status(&self) -> &WorkflowStatus {
        &self.status
    }

    /// Returns where the step stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        status::phase(&self.status)
    }

    /// Returns when work began; `None` before.
    #[must_use]
    pub fn started_at(&self) -> Option<DateTime<Utc>> {
        self.typed.started_at()
    }

    /// Returns when work ended; `None` before.
    #[must_use]
    pub fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.typed.completed_at()
    }

    /// Returns how much of the step is done, in percent, as the service estimates it; `None` while it
    /// waits for [what it needs](Self::preparation).
    #[must_use]
    pub fn percent(&self) -> Option<f64> {
        let rate = match self.phase() {
            Phase::Succeeded => return Some(100.0),
            // What is told then is the share of what is loaded, and work begins at nothing.
            Phase::Queued if !self.preparation.is_empty() => None,
            _ => self
                .typed
                .estimated_progress_rate()
                .or_else(|| self.rate_of_jobs()),
        };
        rate.filter(|rate| rate.is_finite())
            .map(|rate| 100.0 * rate.clamp(0.0, 1.0))
    }

    /// Returns the place in the queue, whether models can be had at all, and when work should begin and end;
    /// none once nothing waits. Where the service tells it only of jobs, it is that of the last one.
    #[must_use]
    pub fn queue_position(&self) -> Option<&WorkflowStepQueuePosition> {
        self.place.as_ref().filter(|_| !self.phase().is_terminal())
    }

    /// Returns the models that are loaded before work begins, the one that holds it up most first: how far
    /// each has come, how many seconds it still takes, and how many in the lane `high`, which
    /// [`update`](crate::Workflow::update) buys. Empty where everything is
    /// there.
    #[must_use]
    pub fn preparation(&self) -> &[WorkflowStepPreparationResource] {
        &self.preparation
    }

    /// Returns notices that stop nothing, such as that an engine retires, when, and what replaces it.
    #[must_use]
    pub fn warnings(&self) -> &[WorkflowStepWarning] {
        &self.warnings
    }

    /// Returns what went wrong, in the service's words: of the jobs where it tells of them, of the output, and
    /// of the metadata; each once.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        let jobs = self.jobs.iter().filter(|job| {
            let phase = status::phase(&job.status);
            phase.is_terminal() && phase != Phase::Succeeded
        });
        let reasons = jobs.filter_map(|job| job.reason.clone());
        let mut errors = Vec::new();
        let metadata = self.typed.metadata();
        let metadata = metadata.as_ref().and_then(|all| all.get("errors"));
        let told = [self.output().get("errors"), metadata]
            .into_iter()
            .flatten();
        for error in reasons.chain(told.flat_map(words)) {
            if !error.is_empty() && !errors.contains(&error) {
                errors.push(error);
            }
        }
        errors
    }

    /// Returns the jobs that carry the step out: several where it was split, or where one was tried again.
    /// Empty where the service tells of steps only, as it does since September 2026.
    #[must_use]
    pub fn jobs(&self) -> &[WorkflowStepJob] {
        &self.jobs
    }

    /// Returns the files of the step, [available](File::is_available) or not, in the order of its
    /// output.
    #[must_use]
    #[doc(alias = "outputs")]
    pub fn files(&self) -> Vec<File> {
        output::files(
            &self.kind,
            self.workflow.as_ref(),
            self.name(),
            self.output(),
        )
    }

    /// Returns the words that the step was asked for: a reply, a caption, a transcript, a better prompt.
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

    /// Returns the output as it came; null before there is one.
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

/// Messages as they come: one or several, as text or with more around it.
fn words(errors: &Value) -> Vec<String> {
    let one = |error: &Value| {
        let text = error.get("message").unwrap_or(error);
        text.as_str().map(str::to_owned)
    };
    match errors {
        Value::Array(errors) => errors.iter().filter_map(one).collect(),
        error => one(error).into_iter().collect(),
    }
}
