//! What a workflow waits for: models that are loaded.

use std::time::Duration;

use civitai_api::v2::types::WorkflowStepPreparationResource;

use super::{StepSnapshot, WorkflowSnapshot};

/// What a workflow waits for before its work can begin.
impl WorkflowSnapshot {
    /// Returns the models that its steps wait for, each once.
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

    /// Returns how much of the models is loaded, in percent of their size; `None` where no step waits
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
        (!models.is_empty()).then(|| 100.0 * models.iter().map(there).sum::<f64>() / whole)
    }

    /// Returns how long it takes until the last model should be there.
    #[must_use]
    pub fn prepared_in(&self) -> Option<Duration> {
        longest(&self.preparation(), |model| model.eta_seconds)
    }

    /// Returns how long it takes until the last model should be there if all of them were loaded with
    /// the priority `high`; `None` where that is so already.
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
