//! The place of a step in the queue, where only its jobs tell it.

use civitai_api::v2::types::{WorkflowStepJob, WorkflowStepQueuePosition};
use job_watch::Phase;

use super::status;

/// The place of the job that starts last, in the words for steps: earlier deployments tell the places
/// of jobs only.
pub(super) fn of_jobs(jobs: &[WorkflowStepJob]) -> Option<WorkflowStepQueuePosition> {
    let waiting = jobs
        .iter()
        .filter(|job| status::phase(&job.status) == Phase::Queued);
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
