//! Why a workflow did not succeed: which step, which job, in whose words, and what is left of it.

use std::fmt;

use civitai_api::v2::types::{
    WorkflowStepJob, WorkflowStepPreparationResource, WorkflowStepWarning,
};
use job_watch::Phase;

use super::{StepSnapshot, WorkflowSnapshot, status};
use crate::Buzz;

/// Longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// What went wrong with a workflow that ended without success.
#[derive(Clone, Debug)]
pub struct WorkflowFailure {
    step: Option<(String, Phase)>,
    job_id: Option<String>,
    reason: Option<String>,
    blocked_reason: Option<String>,
    warnings: Vec<WorkflowStepWarning>,
    preparation: Vec<WorkflowStepPreparationResource>,
    spent: Buzz,
}

impl WorkflowFailure {
    /// What a poll tells; none while the workflow goes on, and where it succeeded.
    pub(super) fn of(workflow: &WorkflowSnapshot) -> Option<Self> {
        let bad = |phase: Phase| phase.is_terminal() && phase != Phase::Succeeded;
        if !bad(workflow.phase()) {
            return None;
        }
        // The first that failed is the cause: what was to follow it is canceled with it.
        let cause = [Phase::Failed, Phase::Expired, Phase::Canceled];
        let step = cause
            .iter()
            .find_map(|phase| workflow.steps().iter().find(|step| step.phase() == *phase));
        let jobs = step.map(StepSnapshot::jobs).unwrap_or_default();
        let failed = |job: &&WorkflowStepJob| bad(status::phase(&job.status));
        let told = |job: &&WorkflowStepJob| job.reason.is_some() || job.blocked_reason.is_some();
        let job = jobs.iter().filter(failed);
        let job = job.clone().find(told).or_else(|| job.clone().next_back());
        let files = step.map(StepSnapshot::files).unwrap_or_default();
        let blocked = files.iter().find_map(|file| file.blocked_reason.as_deref());
        let short = |text: &str| text.chars().take(LONGEST_REASON).collect();
        let of_job = |text: fn(&WorkflowStepJob) -> &Option<String>| {
            job.and_then(|job| text(job).as_deref())
                .filter(|text| !text.is_empty())
        };
        Some(Self {
            step: step.map(|step| (step.name().to_owned(), step.phase())),
            job_id: job.map(|job| job.id.clone()),
            reason: step.and_then(reason),
            blocked_reason: of_job(|job| &job.blocked_reason).or(blocked).map(short),
            warnings: step
                .map(|step| step.warnings().to_vec())
                .unwrap_or_default(),
            preparation: step
                .map(|step| step.preparation().to_vec())
                .unwrap_or_default(),
            spent: workflow.spent().into_values().sum(),
        })
    }

    /// Returns the name of the step that ended the workflow.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        self.step.as_ref().map(|(name, _)| name.as_str())
    }

    /// Returns the id of the job that ended the step.
    #[must_use]
    pub fn job_id(&self) -> Option<&str> {
        self.job_id.as_deref()
    }

    /// Returns why, in the service's words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Returns why the result is withheld, where moderation was the cause. The same request would be
    /// withheld again.
    #[must_use]
    pub fn blocked_reason(&self) -> Option<&str> {
        self.blocked_reason.as_deref()
    }

    /// Returns the notices of the step, such as that its engine retires, when, and what replaces it.
    #[must_use]
    pub fn warnings(&self) -> &[WorkflowStepWarning] {
        &self.warnings
    }

    /// Returns the models that the step was still waiting for, where the service tells of them after the end.
    #[must_use]
    pub fn preparation(&self) -> &[WorkflowStepPreparationResource] {
        &self.preparation
    }

    /// Returns the Buzz that was charged and not given back.
    #[must_use]
    pub fn spent(&self) -> Buzz {
        self.spent
    }
}

/// One line for a person, such as `step upscale failed: no provider available; 8 Buzz were spent`.
impl fmt::Display for WorkflowFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Some((name, phase)) => {
                let ended = match phase {
                    Phase::Expired => "expired",
                    Phase::Canceled => "was canceled",
                    _ => "failed",
                };
                write!(f, "step {name} {ended}")?;
            }
            None => f.write_str("the workflow did not succeed")?,
        }
        for reason in [&self.reason, &self.blocked_reason].into_iter().flatten() {
            write!(f, ": {reason}")?;
        }
        if let Some(model) = self.preparation.first() {
            write!(f, "; {} was not loaded", model.resource)?;
        }
        for warning in &self.warnings {
            write!(f, "; warning: {}", warning.message.trim_end_matches('.'))?;
        }
        match self.spent {
            Buzz::ZERO => f.write_str("; no Buzz was spent"),
            spent => write!(f, "; {spent} Buzz were spent"),
        }
    }
}

/// All that the service says of a step that failed, cut where a reply holds a whole log.
fn reason(step: &StepSnapshot) -> Option<String> {
    let errors = step.errors();
    let all = errors.join("; ");
    (!errors.is_empty()).then(|| all.chars().take(LONGEST_REASON).collect())
}
