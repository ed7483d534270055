//! A delivery as it came: one of three kinds, told apart by their members.

use civitai_api::v2::types::{
    WorkflowEvent, WorkflowStatus, WorkflowStepEvent, WorkflowStepJobEvent,
};
use serde::de::Error as _;
use serde_json::Value;

/// Longest delivery that is read, in bytes. Detailed ones carry the outputs of all steps.
const LONGEST: usize = 4 << 20;

/// What a delivery says has happened. Nobody has signed it.
///
/// ```
/// use civitai_jobs::webhook::{Event, Scope};
///
/// let body = br#"{"$type":"job","workflowId":"6-1","stepName":"$0","jobId":"j","status":"failed"}"#;
/// let event = Event::parse(body)?;
/// assert_eq!((event.scope(), event.workflow_id()), (Scope::Job, "6-1"));
/// # Ok::<(), civitai_jobs::webhook::EventError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A workflow changed its status.
    Workflow(WorkflowEvent),
    /// A step did. Steps and jobs tell no time.
    Step(WorkflowStepEvent),
    /// A job did.
    Job(WorkflowStepJobEvent),
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A whole workflow.
    Workflow,
    /// One of its steps.
    Step,
    /// A job of a step.
    Job,
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
            return Err(EventError::NoObject);
        };
        let has = |name: &str| members.get(name).is_some_and(Value::is_string);
        // Whatever else is missing, it has to say of which workflow it tells what.
        if !(has("workflowId") && has("status")) {
            let what = "`workflowId` and `status` must be texts";
            return Err(EventError::Unreadable(serde_json::Error::custom(what)));
        }
        let scope = if has("jobId") {
            Scope::Job
        } else if has("name") {
            Scope::Step
        } else {
            Scope::Workflow
        };
        // The contract has it in every event, and nothing here needs it.
        members.entry("$type").or_insert_with(|| "unknown".into());
        Self::of(scope, value).map_err(EventError::Unreadable)
    }

    fn of(scope: Scope, value: Value) -> serde_json::Result<Self> {
        match scope {
            Scope::Workflow => serde_json::from_value(value).map(Self::Workflow),
            Scope::Step => serde_json::from_value(value).map(Self::Step),
            Scope::Job => serde_json::from_value(value).map(Self::Job),
        }
    }

    /// What the event is about.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::Workflow(_) => Scope::Workflow,
            Self::Step(_) => Scope::Step,
            Self::Job(_) => Scope::Job,
        }
    }

    /// The id of the workflow.
    #[must_use]
    pub fn workflow_id(&self) -> &str {
        match self {
            Self::Workflow(event) => &event.workflow_id,
            Self::Step(event) => &event.workflow_id,
            Self::Job(event) => &event.workflow_id,
        }
    }

    /// The status that the sender claims.
    #[must_use]
    pub fn status(&self) -> &WorkflowStatus {
        match self {
            Self::Workflow(event) => &event.status,
            Self::Step(event) => &event.status,
            Self::Job(event) => &event.status,
        }
    }
}

/// Why a delivery is no event.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// It is longer than any event.
    #[error("the delivery is longer than {LONGEST} bytes")]
    TooLong,
    /// It is JSON of another form.
    #[error("the delivery is no JSON object")]
    NoObject,
    /// It is no JSON, or lacks a member.
    #[error("the delivery cannot be read as an event")]
    Unreadable(#[source] serde_json::Error),
}
