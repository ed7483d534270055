//! Where a step waits, and what for: places in the queue and models that are loaded.

use std::time::Duration;

use civitai_api::v2::types::{
    WorkflowStepJob, WorkflowStepPreparationResource, WorkflowStepQueuePosition,
};
use job_watch::Phase;

use super::snapshot::WorkflowSnapshot;
use super::status;
use super::step::StepSnapshot;

/// What a workflow waits for before its work can begin.
impl WorkflowSnapshot {
    /// The models that its steps wait for, each once.
    #[must_use]
    pub fn preparation(&self) -> Vec<&WorkflowStepPreparationResource> {
        let mut models: Vec<&WorkflowStepPreparationResource> = Vec::new();
        for model in self.steps().iter().flat_map(StepSnapshot::preparation) {
            if !models.iter().any(|known| known.resource == model.resource) {
                models.push(model);
            }
        }
        models
    }

    /// The share of the models that is loaded, from 0 to 1, by their size; none where no step waits
    /// for one.
    #[must_use]
    pub fn prepared(&self) -> Option<f64> {
        let models = self.preparation();
        // A size of nothing, if there ever is one, counts as a byte.
        let size = |model: &WorkflowStepPreparationResource| model.size_bytes.max(1) as f64;
        let whole: f64 = models.iter().map(|model| size(model)).sum();
        let there = |model: &&WorkflowStepPreparationResource| {
            let share = model.progress.filter(|share| share.is_finite());
            size(model) * share.unwrap_or_default().clamp(0.0, 1.0)
        };
        (!models.is_empty()).then(|| models.iter().map(there).sum::<f64>() / whole)
    }

    /// In what time the last model should be there.
    #[must_use]
    pub fn prepared_in(&self) -> Option<Duration> {
        longest(&self.preparation(), |model| model.eta_seconds)
    }

    /// In what time the last model should be there if all of them were loaded with the priority
    /// `high`; none where that is so already.
    #[must_use]
    pub fn boosted_in(&self) -> Option<Duration> {
        longest(&self.preparation(), |model| model.boosted_eta_seconds)
    }
}

fn longest(
    models: &[&WorkflowStepPreparationResource],
    wait: impl Fn(&WorkflowStepPreparationResource) -> Option<i32>,
) -> Option<Duration> {
    let waits = models.iter().filter_map(|model| wait(model));
    let seconds = waits
        .filter_map(|seconds| u64::try_from(seconds).ok())
        .max();
    seconds.map(Duration::from_secs)
}

/// The place of the job that starts last, in the words for steps: earlier deployments tell the places
/// of jobs only.
pub(super) fn of_jobs(jobs: &[WorkflowStepJob]) -> Option<WorkflowStepQueuePosition> {
    let waiting = jobs
        .iter()
        .filter(|job| status::phase(&job.status) == Phase::Waiting);
    let places = waiting.filter_map(|job| job.queue_position.as_ref());
    let mut last: Option<WorkflowStepQueuePosition> = None;
    for place in places {
        let step =
            last.get_or_insert_with(|| WorkflowStepQueuePosition::new(place.support.clone()));
        step.preceding_jobs = step.preceding_jobs.max(place.preceding_jobs);
        step.estimated_start_at = step.estimated_start_at.max(place.start_at);
        step.estimated_complete_at = step.estimated_complete_at.max(place.complete_at);
    }
    last
}
