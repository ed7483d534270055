//! Callbacks: what the service posts to the URL that a job was submitted with.
//!
//! The body is the status of one job. **It carries no signature**, so whoever knows the URL can post
//! one: take it as a hint that something has changed, and read the job itself before believing it.
//!
//! ```
//! # use civitai_jobs::{Air, Client, JobState, TextToImage, callback};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sim = civitai_sim::Simulator::builder()
//! #     .time(civitai_sim::SimTime::real(1000.0)).start().await?;
//! # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
//! # let model = Air::civitai("sd1", "checkpoint", 4384, 128713)?;
//! # let job = client.submit(&TextToImage::new(model, "fog")).await?;
//! # let body = format!(r#"{{"jobId": "{}", "scheduled": false}}"#, job.ids()[0]);
//! let event = callback::parse(body.as_bytes())?;
//! let job = client.jobs().by_id(event.job_id()).await?;
//! if job.state.is_terminal() {
//!     println!("{} has ended: {}", job.id, job.state);
//! }
//! # assert_ne!(job.state, event.claimed_state(), "what it says need not be so");
//! # Ok(()) }
//! ```
//!
//! The service asks for an HTTPS address that answers with a 2xx status within 10 s, and posts again
//! where none came. So expect events twice, late, in any order, and not at all: a job that matters is
//! watched as well.

use std::collections::BTreeMap;
use std::fmt;

use civitai_api::v1::types;
use serde_json::Value;

use crate::snapshot::state_of;
use crate::{JobState, Token};

/// Bytes of a body, at most; a status takes a few thousand.
const LONGEST: usize = 1 << 20;

/// Reads the body of a callback.
///
/// Members that this crate does not know do not matter.
///
/// # Errors
///
/// The body is larger than 1 MiB, is no JSON object, or names no job.
pub fn parse(body: &[u8]) -> Result<CallbackEvent, ParseCallbackError> {
    if body.len() > LONGEST {
        return Err(ParseCallbackError("the body is larger than 1 MiB"));
    }
    let jobs = jobs(body).ok_or(ParseCallbackError("the body is not the status of a job"))?;
    let mut jobs = jobs.into_iter();
    let (Some(status), None) = (jobs.next(), jobs.next()) else {
        return Err(ParseCallbackError("the body tells of none or many jobs"));
    };
    let token = status.job_id.as_deref().map(Token::of_job);
    let Some(Ok(token)) = token else {
        return Err(ParseCallbackError("the body names no job"));
    };
    Ok(CallbackEvent { token, status })
}

/// The jobs of a batch, or a bare one.
fn jobs(body: &[u8]) -> Option<Vec<types::JobStatus>> {
    let batch: types::JobStatusCollection = civitai_api::decode(body).ok()?;
    match batch.jobs {
        Some(jobs) => Some(jobs),
        None => Some(vec![civitai_api::decode(body).ok()?]),
    }
}

/// What somebody who knows the callback URL says of a job.
///
/// None of it is proven. Links are not given out at all, since a made-up one would be fetched.
#[derive(Clone)]
pub struct CallbackEvent {
    token: Token,
    status: types::JobStatus,
}

impl CallbackEvent {
    /// The id to look the job up by, with [`JobQuery::by_id`](crate::JobQuery::by_id).
    #[must_use]
    pub fn job_id(&self) -> &str {
        self.status.job_id.as_deref().unwrap_or_default()
    }

    /// A token of the job, to attach to and watch.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Where the job is said to stand.
    #[must_use]
    pub fn claimed_state(&self) -> JobState {
        state_of(&self.status)
    }

    /// The labels that the job is said to carry, such as those that its submission gave it.
    #[must_use]
    pub fn claimed_properties(&self) -> Option<&BTreeMap<String, Value>> {
        self.status.properties.as_ref()
    }
}

impl fmt::Debug for CallbackEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackEvent")
            .field("job_id", &self.job_id())
            .field("claimed_state", &self.claimed_state())
            .finish_non_exhaustive()
    }
}

/// A body is no callback of the service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no callback: {0}")]
pub struct ParseCallbackError(&'static str);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_status_is_an_event_however_odd_it_is() {
        for (body, state) in [
            (json!({"jobId": "1", "scheduled": true}), JobState::Running),
            (
                json!({"jobId": "1", "scheduled": false, "result": null}),
                JobState::Undecided,
            ),
            (
                json!({"jobId": "1", "result": [{"blobKey": "AB", "available": true}]}),
                JobState::Succeeded,
            ),
            (
                json!({"jobId": "1", "result": {"blobKey": "AB", "available": false}}),
                JobState::Undecided,
            ),
            (
                json!({"jobId": "1", "new": [1], "lastEvent": {"type": "Failed",
                    "claimDuration": {"ticks": 1}}}),
                JobState::Failed,
            ),
            (
                json!({"token": "a", "jobs": [{"jobId": "1"}]}),
                JobState::Undecided,
            ),
        ] {
            let event = parse(body.to_string().as_bytes()).unwrap();
            assert_eq!(
                (event.job_id(), event.claimed_state()),
                ("1", state),
                "{body}"
            );
            assert_eq!(event.token().to_string(), "jobId:1");
        }
    }

    #[test]
    fn what_names_no_job_is_no_event() {
        let huge = format!("{{\"jobId\": \"1\", \"a\": \"{}\"}}", "a".repeat(LONGEST));
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
            &huge,
            r#"{"jobs": [{"jobId": "1"}, {"jobId": "2"}]}"#,
        ] {
            let error = parse(body.as_bytes()).unwrap_err();
            assert!(
                error.to_string().starts_with("this is no callback"),
                "{error}"
            );
        }
        assert!(parse(&[0xff, 0xfe]).is_err());
    }

    #[test]
    fn a_link_is_neither_shown_nor_given_out() {
        let body = json!({"jobId": "1", "properties": {"run": 7},
            "result": {"blobKey": "AB", "available": true, "blobUrl": "https://evil.test/canary"}});
        let event = parse(body.to_string().as_bytes()).unwrap();
        assert!(!format!("{event:?}").contains("canary"));
        assert_eq!(event.claimed_properties().unwrap()["run"], 7);
    }
}
