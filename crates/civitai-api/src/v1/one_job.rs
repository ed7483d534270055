//! The status of one job in either form: the published description wraps it as a batch, the observed
//! reply is bare. A generated method reads one of the two.

use reqwest::header::{ACCEPT, HeaderValue};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::Client;
use super::types::{JobStatus, JobStatusCollection};
use crate::generated::support::{QueryParam, Tree, encode_path};
use crate::{Error, ResponseValue};

/// The status of one job, read from a bare status or from a batch of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OneJob(pub JobStatus);

impl<'de> Deserialize<'de> for OneJob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let reply = Tree::deserialize(deserializer)?;
        let is_batch = matches!(
            &reply,
            Tree::Object(members) if members.iter().any(|(name, _)| &**name == "jobs")
        );
        if !is_batch {
            return reply.read().map(Self).map_err(D::Error::custom);
        }
        let batch: JobStatusCollection = reply.read().map_err(D::Error::custom)?;
        let mut jobs = batch.jobs.into_iter().flatten();
        match (jobs.next(), jobs.next()) {
            (Some(job), None) => Ok(Self(job)),
            _ => Err(D::Error::custom("expected the status of one job")),
        }
    }
}

impl Client {
    /// Read the status of one job, in either form
    ///
    /// Answers as [`get_job`](Self::get_job) does, also where the status comes in the envelope of a
    /// batch.
    ///
    /// Sends `GET /v1/consumer/jobs/{jobId}`.
    ///
    /// # Arguments
    ///
    /// As of [`get_job`](Self::get_job).
    ///
    /// # Errors
    ///
    /// Any reply that is no success, with its problem document; a reply that cannot be read, or that
    /// tells of none or many jobs.
    ///
    /// - 404: There is no job with this id.
    pub async fn get_one_job(
        &self,
        job_id: &str,
        detailed: Option<bool>,
    ) -> Result<ResponseValue<OneJob>, Error> {
        let base = self.http().base_url();
        let url = format!("{base}/v1/consumer/jobs/{}", encode_path(job_id));
        let request = self
            .http()
            .client()
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .query(&QueryParam::new("detailed", &detailed))
            .build()?;
        let response = self.http().send(request, "get_one_job").await?;
        match response.status().as_u16() {
            200 => ResponseValue::from_response(response).await,
            _ => Err(Error::unexpected(response).await),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::decode;

    use super::*;

    #[test]
    fn both_forms_give_the_same_status() {
        let bare = r#"{"jobId": "1", "scheduled": true}"#;
        let wrapped = format!(r#"{{"token": "a", "jobs": [{bare}]}}"#);
        let [bare, wrapped] = [bare, &wrapped].map(|body| decode::<OneJob>(body.as_bytes()));
        assert_eq!(bare.as_ref().unwrap().0.job_id.as_deref(), Some("1"));
        assert_eq!(bare, wrapped);
    }

    #[test]
    fn a_batch_of_another_size_is_refused_and_a_fault_has_its_path() {
        for (body, path) in [
            (r#"{"jobs": []}"#, "."),
            (r#"{"jobs": null}"#, "."),
            (r#"{"jobs": [{"jobId": "1"}, {"jobId": "2"}]}"#, "."),
            (r#"{"jobs": [{"cost": "1"}]}"#, "jobs[0].cost"),
            (r#"{"lastEvent": {"cost": "1"}}"#, "lastEvent.cost"),
        ] {
            let error = decode::<OneJob>(body.as_bytes()).unwrap_err();
            assert_eq!(error.path(), path, "{body}");
        }
    }
}
