//! A delivery as it came: one of four kinds, told apart by their members.

use civitai_api::v2::types::{WorkflowEvent, WorkflowStepEvent, WorkflowStepJobEvent};
use serde::Deserialize;
use serde_json::Value;

use super::error::{EventError, LONGEST};
use super::job::JobEvent;

/// What a delivery says has happened. Nobody has signed it.
///
/// ```
/// use civitai_jobs::events::{Event, Scope};
///
/// let body = br#"{"$type":"job","workflowId":"6-1","stepName":"$0","jobId":"j","status":"failed"}"#;
/// let event = Event::parse(body)?;
/// assert_eq!((event.scope(), event.work_id()), (Scope::StepJob, "6-1"));
///
/// let event = Event::parse(br#"{"jobId":"j","scheduled":false}"#)?;
/// assert_eq!((event.scope(), event.work_id()), (Scope::Job, "j"));
/// # Ok::<(), civitai_jobs::events::EventError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The status of a job (v1).
    Job(Box<JobEvent>),
    /// A workflow (v2) changed its status.
    Workflow(WorkflowEvent),
    /// A step of a workflow did. Steps and their jobs tell no time.
    Step(WorkflowStepEvent),
    /// A job of a step did.
    StepJob(WorkflowStepJobEvent),
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// A job (v1).
    Job,
    /// A whole workflow (v2).
    Workflow,
    /// A step of a workflow.
    Step,
    /// A job of a step.
    StepJob,
}

impl Event {
    /// Reads a delivery.
    ///
    /// Its kind is told by its members: the kinds that the service names itself are not all known.
    /// Details in a form that nobody knows are left out.
    ///
    /// # Errors
    ///
    /// It is longer than 4 MiB, no JSON object, or lacks what every event has.
    pub fn parse(body: &[u8]) -> Result<Self, EventError> {
        if body.len() > LONGEST {
            return Err(EventError::TooLong);
        }
        let mut value: Value = serde_json::from_slice(body).map_err(EventError::Unreadable)?;
        let Some(members) = value.as_object_mut() else {
            return Err(EventError::NoEvent);
        };
        let has = |name: &str| members.get(name).is_some_and(Value::is_string);
        // An event of v2 has to say of which workflow it tells what.
        if !(has("workflowId") && has("status")) {
            return JobEvent::parse(body).map(|event| Self::Job(Box::new(event)));
        }
        let scope = if has("jobId") {
            Scope::StepJob
        } else if has("name") {
            Scope::Step
        } else {
            Scope::Workflow
        };
        // The contract has it in every event, and nothing here needs it.
        members.entry("$type").or_insert_with(|| "unknown".into());
        let event = match scope {
            Scope::Step => WorkflowStepEvent::deserialize(value).map(Self::Step),
            Scope::StepJob => WorkflowStepJobEvent::deserialize(value).map(Self::StepJob),
            _ => WorkflowEvent::deserialize(value).map(Self::Workflow),
        };
        event.map_err(EventError::Unreadable)
    }

    /// Returns what the event is about.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::Job(_) => Scope::Job,
            Self::Workflow(_) => Scope::Workflow,
            Self::Step(_) => Scope::Step,
            Self::StepJob(_) => Scope::StepJob,
        }
    }

    /// Returns the id of the job (v1) or workflow (v2).
    #[must_use]
    pub fn work_id(&self) -> &str {
        match self {
            Self::Job(event) => event.job_id().as_str(),
            Self::Workflow(event) => &event.workflow_id,
            Self::Step(event) => &event.workflow_id,
            Self::StepJob(event) => &event.workflow_id,
        }
    }

    /// Returns the status that the sender claims, as text.
    #[must_use]
    pub fn claimed_status(&self) -> String {
        match self {
            Self::Job(event) => event.claimed_phase().to_string(),
            Self::Workflow(event) => event.status.to_string(),
            Self::Step(event) => event.status.to_string(),
            Self::StepJob(event) => event.status.to_string(),
        }
    }
}
