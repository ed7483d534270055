//! What the service posts of a job (v1): its status, as a poll shows it.

use std::collections::BTreeMap;
use std::fmt;

use civitai_api::v1::types;
use job_watch::Phase;
use serde_json::Value;

use super::error::EventError;
use crate::jobs::snapshot::phase_of;
use crate::{JobId, Token};

/// What somebody who knows the callback address says of a job (v1).
///
/// None of it is proven. Links are not given out at all, since a made-up one would be fetched.
#[derive(Clone)]
pub struct JobEvent {
    id: JobId,
    status: types::JobStatus,
}

impl JobEvent {
    /// Reads a status, or a batch of one.
    pub(super) fn parse(body: &[u8]) -> Result<Self, EventError> {
        let batch: types::JobStatusCollection =
            civitai_api::decode(body).map_err(|_| EventError::NoEvent)?;
        let status = match batch.jobs {
            Some(jobs) => {
                let mut jobs = jobs.into_iter();
                match (jobs.next(), jobs.next()) {
                    (Some(job), None) => job,
                    _ => return Err(EventError::NoEvent),
                }
            }
            None => civitai_api::decode(body).map_err(|_| EventError::NoEvent)?,
        };
        match status.job_id.as_deref().map(JobId::new) {
            Some(Ok(id)) => Ok(Self { id, status }),
            _ => Err(EventError::NoEvent),
        }
    }

    /// Returns the id to [read the job](crate::Jobs::get) by.
    #[must_use]
    pub fn job_id(&self) -> &JobId {
        &self.id
    }

    /// Returns a token of the job, to attach to and watch.
    #[must_use]
    pub fn token(&self) -> Token {
        self.id.clone().into()
    }

    /// Returns where the job is said to stand.
    #[must_use]
    pub fn claimed_phase(&self) -> Phase {
        phase_of(&self.status)
    }

    /// Returns the labels that the job is said to carry, such as those that its submission gave it.
    #[must_use]
    pub fn claimed_properties(&self) -> Option<&BTreeMap<String, Value>> {
        self.status.properties.as_ref()
    }
}

impl fmt::Debug for JobEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobEvent")
            .field("job_id", &self.id)
            .field("claimed_phase", &self.claimed_phase())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_status_is_an_event_however_odd_it_is() {
        for (body, phase) in [
            (json!({"jobId": "1", "scheduled": true}), Phase::Running),
            (
                json!({"jobId": "1", "scheduled": false, "result": null}),
                Phase::Undecided,
            ),
            (
                json!({"jobId": "1", "result": [{"blobKey": "AB", "available": true}]}),
                Phase::Succeeded,
            ),
            (
                json!({"jobId": "1", "result": {"blobKey": "AB", "available": false}}),
                Phase::Undecided,
            ),
            (
                json!({"jobId": "1", "new": [1], "lastEvent": {"type": "Failed",
                    "claimDuration": {"ticks": 1}}}),
                Phase::Failed,
            ),
            (
                json!({"token": "a", "jobs": [{"jobId": "1"}]}),
                Phase::Undecided,
            ),
        ] {
            let event = JobEvent::parse(body.to_string().as_bytes()).unwrap();
            assert_eq!(*event.job_id(), "1");
            assert_eq!(event.claimed_phase(), phase, "{body}");
            assert_eq!(event.token().to_string(), "jobId:1");
        }
    }

    #[test]
    fn what_names_no_job_is_no_event() {
        for body in [
            "",
            "{",
            "[]",
            "7",
            "null",
            "{}",
            "<html>",
            r#"{"jobId": ""}"#,
            r#"{"jobId": ".."}"#,
            r#"{"jobId": "a b"}"#,
            r#"{"jobId": 7}"#,
            r#"{"jobs": []}"#,
            r#"{"jobs": [{"jobId": "1"}, {"jobId": "2"}]}"#,
        ] {
            assert!(JobEvent::parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(JobEvent::parse(&[0xff, 0xfe]).is_err());
    }

    #[test]
    fn a_link_is_neither_shown_nor_given_out() {
        let body = json!({"jobId": "1", "properties": {"run": 7},
            "result": {"blobKey": "AB", "available": true, "blobUrl": "https://evil.test/canary"}});
        let event = JobEvent::parse(body.to_string().as_bytes()).unwrap();
        assert!(!format!("{event:?}").contains("canary"));
        assert_eq!(event.claimed_properties().unwrap()["run"], 7);
    }
}
