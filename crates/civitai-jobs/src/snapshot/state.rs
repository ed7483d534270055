//! The rules by which a reply tells where a job stands: pure functions of the reply.

use civitai_api::v1::types::{JobEvent, JobEventType, JobStatus};
use job_watch::Phase;
use serde_json::Value;

use super::blob::blobs;

/// Longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// Where a job stands, or a batch of jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobState {
    /// In the queue.
    Waiting,
    /// Being worked on, or at a stage that this crate has no word for.
    Running,
    /// Not in the queue and without a result: just submitted, or about to show its result, or
    /// failed. Time tells.
    Undecided,
    /// Every file can be fetched.
    Succeeded,
    /// Over, without all of its result.
    Failed,
    /// Given up by the service because its time was up.
    Expired,
    /// Cancelled or deleted.
    Canceled,
}

impl JobState {
    /// Whether the work is over, well or badly.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        self.phase().is_terminal()
    }

    /// The same in the words of waiting.
    #[must_use]
    pub fn phase(self) -> Phase {
        match self {
            Self::Waiting => Phase::Waiting,
            Self::Running => Phase::Running,
            Self::Undecided => Phase::Undecided,
            Self::Succeeded => Phase::Succeeded,
            Self::Failed => Phase::Failed,
            Self::Expired => Phase::Expired,
            Self::Canceled => Phase::Canceled,
        }
    }
}

impl std::fmt::Display for JobState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.phase().fmt(f)
    }
}

/// Where a job stands. Its files decide first, then its last event, then whether it is scheduled.
pub(super) fn of_job(status: &JobStatus) -> JobState {
    let mut blobs = blobs(status.result.as_ref()).peekable();
    let any_blob = blobs.peek().is_some();
    if any_blob && blobs.all(|blob| blob.available) {
        return JobState::Succeeded;
    }
    let event = status.last_event.as_ref();
    match event.and_then(end_of) {
        // Done, and its files are still on their way to storage.
        Some(JobState::Succeeded) if any_blob => return JobState::Running,
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
        return JobState::Waiting;
    }
    if status.scheduled == Some(true) {
        return JobState::Running;
    }
    // Not scheduled is no failure: a fresh job and one whose files are being stored look the same.
    JobState::Undecided
}

/// Where a batch stands: what is furthest from its end decides.
pub(super) fn of_batch(states: impl Iterator<Item = JobState>) -> JobState {
    let states: Vec<_> = states.collect();
    let has = |state| states.contains(&state);
    let any_begun = || states.iter().any(|state| *state != JobState::Waiting);
    if has(JobState::Running) || (has(JobState::Waiting) && any_begun()) {
        return JobState::Running;
    }
    let order = [
        JobState::Waiting,
        JobState::Undecided,
        JobState::Failed,
        JobState::Expired,
        JobState::Canceled,
        JobState::Succeeded,
    ];
    // A batch without jobs has not shown any yet.
    let first = order.into_iter().find(|state| has(*state));
    first.unwrap_or(JobState::Undecided)
}

/// Why the job failed, in the service's words.
pub(super) fn reason(status: &JobStatus) -> Option<String> {
    let event = status.last_event.as_ref()?;
    let end = end_of(event)?;
    if matches!(end, JobState::Succeeded) {
        return None;
    }
    let context = event.context.as_ref()?;
    let named = ["message", "error", "reason", "detail"];
    let text = named.iter().find_map(|name| context.get(*name)?.as_str());
    let text = text.or_else(|| context.values().find_map(Value::as_str))?;
    Some(text.chars().take(LONGEST_REASON).collect())
}

/// How the event ended the job, if it did: an attempt that failed may be followed by another.
fn end_of(event: &JobEvent) -> Option<JobState> {
    if event.job_has_completed == Some(false) {
        return None;
    }
    match event.type_.as_ref()? {
        JobEventType::Succeeded => Some(JobState::Succeeded),
        JobEventType::Failed => Some(JobState::Failed),
        JobEventType::Expired => Some(JobState::Expired),
        JobEventType::Deleted => Some(JobState::Canceled),
        _ => None,
    }
}

/// Where a job stands after an event that did not end it.
fn after(kind: &JobEventType) -> JobState {
    match kind {
        // Back in the queue, for a further attempt where one has failed.
        JobEventType::Initialized
        | JobEventType::Rejected
        | JobEventType::LateRejected
        | JobEventType::ClaimExpired
        | JobEventType::Failed
        | JobEventType::Expired => JobState::Waiting,
        _ => JobState::Running,
    }
}
