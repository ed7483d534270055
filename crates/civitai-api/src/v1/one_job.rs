//! The status of one job in either form: the published description wraps it as a batch, the observed
//! reply is bare. A generated method reads one of the two.

use reqwest::header::{ACCEPT, HeaderValue};

use super::types::{JobStatus, JobStatusCollection};
use super::{Client, operation};
use crate::generated::support::wiring::{Blank, Edit, ReadsItself, Tree, Unfit, View, Wire, read};
use crate::generated::support::{add_query, encode_path};
use crate::{Error, ResponseValue};

/// The status of one job, read from a bare status or from a batch of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OneJob(pub JobStatus);

impl Wire for OneJob {
    fn view(&self) -> View<'_> {
        self.0.view()
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Own(self)
    }
}

impl Blank for OneJob {
    fn blank() -> Self {
        Self(JobStatus::blank())
    }
}

impl ReadsItself for OneJob {
    fn read_itself(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        let is_batch = matches!(
            &tree,
            Tree::Object(members) if members.iter().any(|(name, _)| &**name == "jobs")
        );
        if !is_batch {
            return read(&mut self.0, tree);
        }
        let mut batch = JobStatusCollection::blank();
        read(&mut batch, tree)?;
        let mut jobs = batch.jobs.into_iter().flatten();
        match (jobs.next(), jobs.next()) {
            (Some(job), None) => self.0 = job,
            _ => return Err(Unfit::new("the status of one job", Tree::Null)),
        }
        Ok(())
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
        let url = format!("{base}/v1/consumer/jobs/{}", encode_path("job_id", job_id)?);
        let mut request = self
            .http()
            .client()
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .build()?;
        add_query(&mut request, "detailed", &detailed)?;
        let response = self.http().send(request, &operation::GET_JOB).await?;
        match response.status().as_u16() {
            200 => ResponseValue::from_response(response).await,
            _ => Err(Error::unexpected(response).await),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Members as _, decode};

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
    fn a_batch_of_another_size_is_refused_and_a_misfit_has_its_path() {
        for body in [
            r#"{"jobs": []}"#,
            r#"{"jobs": null}"#,
            r#"{"jobs": [{"jobId": "1"}, {"jobId": "2"}]}"#,
        ] {
            let error = decode::<OneJob>(body.as_bytes()).unwrap_err();
            assert_eq!(error.path(), ".", "{body}");
        }
        for (body, path) in [
            (r#"{"jobs": [{"cost": "1"}]}"#, "cost"),
            (r#"{"lastEvent": {"cost": "1"}}"#, "lastEvent.cost"),
        ] {
            let job = decode::<OneJob>(body.as_bytes()).unwrap();
            let paths: Vec<String> = job
                .misfits()
                .iter()
                .map(|one| one.path().to_owned())
                .collect();
            assert_eq!(paths, [path], "{body}");
        }
    }
}
