//! The rules by which a reply tells where a job stands: pure functions of the reply.

use civitai_api::v1::types::{JobEvent, JobEventType, JobStatus};
use job_watch::Phase;
use serde_json::Value;

use crate::jobs::output::Blob;

/// Longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// Where a job stands. Its files decide first, then its last event, then whether it is scheduled.
pub(super) fn of_job(status: &JobStatus, blobs: &[Blob<'_>]) -> Phase {
    let any_blob = !blobs.is_empty();
    if any_blob && blobs.iter().all(|blob| blob.available) {
        return Phase::Succeeded;
    }
    let event = status.last_event.as_ref();
    match event.and_then(end_of) {
        // Done, and its files are still on their way to storage.
        Some(Phase::Succeeded) if any_blob => return Phase::Running,
        Some(end) => return end,
        None => {}
    }
    if let Some(kind) = event.and_then(|event| event.type_.as_ref()) {
        return after(kind);
    }
    let queued = status
        .service_providers
        .as_ref()
        .is_some_and(|map| !map.is_empty());
    if queued {
        return Phase::Queued;
    }
    if status.scheduled == Some(true) {
        return Phase::Running;
    }
    // Not scheduled is no failure: a fresh job and one whose files are being stored look the same.
    Phase::Undecided
}

/// Where a batch stands: what is furthest from its end decides.
pub(super) fn of_batch(states: impl Iterator<Item = Phase>) -> Phase {
    let states: Vec<_> = states.collect();
    let has = |state| states.contains(&state);
    let any_begun = || states.iter().any(|state| *state != Phase::Queued);
    if has(Phase::Running) || (has(Phase::Queued) && any_begun()) {
        return Phase::Running;
    }
    let order = [
        Phase::Queued,
        Phase::Undecided,
        Phase::Failed,
        Phase::Expired,
        Phase::Canceled,
        Phase::Succeeded,
    ];
    // A batch without jobs has not shown any yet.
    let first = order.into_iter().find(|state| has(*state));
    first.unwrap_or(Phase::Undecided)
}

/// Why the job failed, in the service's words.
pub(super) fn reason(status: &JobStatus) -> Option<String> {
    let event = status.last_event.as_ref()?;
    let end = end_of(event)?;
    if matches!(end, Phase::Succeeded) {
        return None;
    }
    let context = event.context.as_ref()?;
    let named = ["message", "error", "reason", "detail"];
    let text = named.iter().find_map(|name| context.get(*name)?.as_str());
    let text = text.or_else(|| context.values().find_map(Value::as_str))?;
    Some(text.chars().take(LONGEST_REASON).collect())
}

/// How the event ended the job, if it did: an attempt that failed may be followed by another.
fn end_of(event: &JobEvent) -> Option<Phase> {
    if event.job_has_completed == Some(false) {
        return None;
    }
    match event.type_.as_ref()? {
        JobEventType::Succeeded => Some(Phase::Succeeded),
        JobEventType::Failed => Some(Phase::Failed),
        JobEventType::Expired => Some(Phase::Expired),
        JobEventType::Deleted => Some(Phase::Canceled),
        _ => None,
    }
}

/// Where a job stands after an event that did not end it.
fn after(kind: &JobEventType) -> Phase {
    match kind {
        // Back in the queue, for a further attempt where one has failed.
        JobEventType::Initialized
        | JobEventType::Rejected
        | JobEventType::LateRejected
        | JobEventType::ClaimExpired
        | JobEventType::Failed
        | JobEventType::Expired => Phase::Queued,
        _ => Phase::Running,
    }
}
