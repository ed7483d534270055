//! What a caller submits: jobs.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::core::rule::Submission;

/// A job as it was submitted.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Template {
    pub(crate) job_type: String,
    /// Images asked for; at least 1.
    pub(crate) quantity: u32,
    /// What to draw; nothing for jobs that leave no blob.
    pub(crate) picture: Option<PictureParams>,
    pub(crate) properties: Map<String, Value>,
    pub(crate) expire_at: Option<DateTime<Utc>>,
    /// The request as it came, repeated in detailed replies.
    pub(crate) request: Map<String, Value>,
}

/// What a job draws.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct PictureParams {
    pub(crate) prompt: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) steps: u32,
    /// Nothing where the service is to choose.
    pub(crate) seed: Option<u32>,
}

impl Template {
    /// The job as rules see it.
    pub(crate) fn submission(&self) -> Submission<'_> {
        Submission {
            job_type: &self.job_type,
            prompt: self.picture.as_ref().map_or("", |picture| &picture.prompt),
            properties: &self.properties,
            attempt: 0,
        }
    }
}
