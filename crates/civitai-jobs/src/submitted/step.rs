//! A step of a workflow as a look shows it, whatever its type.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use civitai_api::v2::types::{WorkflowStatus, WorkflowStep, WorkflowStepJob};
use job_watch::Phase;
use serde_json::{Map, Value};

use super::output::{self, WorkflowOutput};
use super::places::{TEXTS, each};
use super::status;

/// A step of a workflow, as one look showed it.
///
/// What all steps share is here; [`typed`](Self::typed) has the rest.
#[derive(Clone, Debug)]
pub struct StepSnapshot {
    workflow: Arc<str>,
    typed: WorkflowStep,
    /// Read when it is asked for: taking a whole step apart takes longer than reading the reply.
    shared: OnceLock<Shared>,
}

/// What all types of step have.
#[derive(Clone, Debug)]
struct Shared {
    kind: String,
    name: String,
    status: WorkflowStatus,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
    rate: Option<f64>,
    jobs: Vec<WorkflowStepJob>,
    output: Value,
}

impl StepSnapshot {
    pub(super) fn new(workflow: Arc<str>, typed: WorkflowStep) -> Self {
        Self {
            workflow,
            typed,
            shared: OnceLock::new(),
        }
    }

    fn shared(&self) -> &Shared {
        self.shared.get_or_init(|| Shared::of(&self.typed))
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
        &self.shared().kind
    }

    /// The name of the step, by which others refer to it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.shared().name
    }

    /// Where the step stands, in the service's word.
    #[must_use]
    pub fn status(&self) -> &WorkflowStatus {
        &self.shared().status
    }

    /// Where the step stands, in the words of waiting.
    #[must_use]
    pub fn phase(&self) -> Phase {
        status::phase(&self.shared().status)
    }

    /// When work began; none before.
    #[must_use]
    pub fn started_at(&self) -> Option<DateTime<Utc>> {
        self.shared().started_at
    }

    /// When work ended; none before.
    #[must_use]
    pub fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.shared().completed_at
    }

    /// The share of the step that is done, from 0 to 1, as the service estimates it.
    #[must_use]
    pub fn progress(&self) -> Option<f64> {
        let rate = match self.phase() {
            Phase::Succeeded => return Some(1.0),
            _ => self.shared().rate.or_else(|| self.rate_of_jobs()),
        };
        rate.filter(|rate| rate.is_finite())
            .map(|rate| rate.clamp(0.0, 1.0))
    }

    /// The jobs that carry the step out: several where it was split, or where one was tried again.
    #[must_use]
    pub fn jobs(&self) -> &[WorkflowStepJob] {
        &self.shared().jobs
    }

    /// The files of the step, fetchable or not, in the order of its output.
    #[must_use]
    pub fn outputs(&self) -> Vec<WorkflowOutput> {
        output::outputs(
            &self.shared().kind,
            &self.workflow,
            &self.shared().name,
            &self.shared().output,
        )
    }

    /// The words that the step was asked for: a reply, a caption, a transcript, a better prompt.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let paths = TEXTS.iter().find(|(kind, _)| *kind == self.shared().kind);
        let mut texts = Vec::new();
        for path in paths.into_iter().flat_map(|(_, paths)| *paths) {
            each(&self.shared().output, path, "", &mut |value, _| {
                texts.extend(value.as_str());
            });
        }
        texts
    }

    /// The output as it came; null before there is one.
    #[must_use]
    pub fn output(&self) -> &Value {
        &self.shared().output
    }

    fn rate_of_jobs(&self) -> Option<f64> {
        let rates = self
            .shared()
            .jobs
            .iter()
            .map(|job| job.estimated_progress_rate);
        let rates: Option<Vec<f64>> = rates.collect();
        let rates = rates.filter(|rates| !rates.is_empty())?;
        Some(rates.iter().sum::<f64>() / rates.len() as f64)
    }
}

impl Shared {
    /// Takes a step apart: the union has no way to say what its types have in common.
    fn of(step: &WorkflowStep) -> Self {
        let mut members = match serde_json::to_value(step) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        let mut take = |name: &str| members.remove(name).unwrap_or_default();
        let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
        let date = |value: Value| serde_json::from_value(value).ok();
        Self {
            kind: text(take("$type")),
            name: text(take("name")),
            status: text(take("status")).into(),
            started_at: date(take("startedAt")),
            completed_at: date(take("completedAt")),
            rate: take("estimatedProgressRate").as_f64(),
            jobs: jobs(take("jobs")),
            output: take("output"),
        }
    }
}

/// One job that cannot be read costs no other.
fn jobs(value: Value) -> Vec<WorkflowStepJob> {
    let Value::Array(jobs) = value else {
        return Vec::new();
    };
    let read = jobs.into_iter().map(serde_json::from_value);
    read.filter_map(Result::ok).collect()
}
