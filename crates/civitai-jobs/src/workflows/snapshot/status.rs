//! The phase of a workflow, a step or a job, by the service's word for it.

use civitai_api::v2::types::WorkflowStatus;
use job_watch::Phase;

/// The phase of a status. One that this crate does not know counts as running, since a service may
/// add states; the case of the letters is no difference, since replies with capitals were seen.
pub(super) fn phase(status: &WorkflowStatus) -> Phase {
    match folded(status) {
        WorkflowStatus::Unassigned | WorkflowStatus::Scheduled => Phase::Queued,
        // A worker fetches the models. It may give the work back, and then it waits again.
        WorkflowStatus::Preparing => Phase::Queued,
        WorkflowStatus::Processing => Phase::Running,
        WorkflowStatus::Succeeded => Phase::Succeeded,
        WorkflowStatus::Failed => Phase::Failed,
        WorkflowStatus::Expired => Phase::Expired,
        WorkflowStatus::Canceled => Phase::Canceled,
        _ => Phase::Unknown,
    }
}

/// The status as it is listed, where only the case of its letters hides it.
fn folded(status: &WorkflowStatus) -> WorkflowStatus {
    match status {
        WorkflowStatus::Unknown(_) => status.to_string().to_ascii_lowercase().into(),
        known => known.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_phase_and_none_ends_a_wait_by_mistake() {
        for (text, expected) in [
            ("unassigned", Phase::Queued),
            ("preparing", Phase::Queued),
            ("scheduled", Phase::Queued),
            ("processing", Phase::Running),
            ("succeeded", Phase::Succeeded),
            ("Succeeded", Phase::Succeeded),
            ("failed", Phase::Failed),
            ("FAILED", Phase::Failed),
            ("expired", Phase::Expired),
            ("canceled", Phase::Canceled),
            ("paused", Phase::Unknown),
            ("", Phase::Unknown),
        ] {
            assert_eq!(phase(&text.into()), expected, "{text}");
        }
    }
}
