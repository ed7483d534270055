//! The list of workflows as a ZIP archive: the same operation with another `Accept` header, and so
//! with another type of reply, which a generated method cannot say.

use reqwest::header::{ACCEPT, HeaderValue};

use super::operations::QueryWorkflowsOptions;
use super::{Client, operation};
use crate::generated::support::QueryParam;
use crate::{ByteStream, Error, ResponseValue};

impl Client {
    /// List workflows as a ZIP archive
    ///
    /// Streams the page that [`query_workflows`](Self::query_workflows) answers with as an archive.
    /// What it holds is not published.
    ///
    /// Sends `GET /v2/consumer/workflows` with `Accept: application/zip`.
    ///
    /// # Arguments
    ///
    /// As of [`query_workflows`](Self::query_workflows).
    ///
    /// # Errors
    ///
    /// Any reply that is no success, with its problem document.
    ///
    /// - 401: The token is missing or not accepted.
    pub async fn query_workflows_as_zip(
        &self,
        options: &QueryWorkflowsOptions,
    ) -> Result<ResponseValue<ByteStream>, Error> {
        let QueryWorkflowsOptions {
            ascending,
            cursor,
            exclude_failed,
            exclude_tags,
            from_date,
            hide_mature_content,
            query,
            tags,
            take,
            to_date,
        } = options;
        let url = format!("{}/v2/consumer/workflows", self.http().base_url());
        let request = self
            .http()
            .client()
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("application/zip"))
            .query(&QueryParam::new("ascending", &ascending))
            .query(&QueryParam::new("cursor", &cursor))
            .query(&QueryParam::new("excludeFailed", &exclude_failed))
            .query(&QueryParam::new("excludeTags", &exclude_tags))
            .query(&QueryParam::new("fromDate", &from_date))
            .query(&QueryParam::new("hideMatureContent", &hide_mature_content))
            .query(&QueryParam::new("query", &query))
            .query(&QueryParam::new("tags", &tags))
            .query(&QueryParam::new("take", &take))
            .query(&QueryParam::new("toDate", &to_date))
            .build()?;
        let response = self
            .http()
            .send(request, &operation::QUERY_WORKFLOWS)
            .await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::stream(response)),
            _ => Err(Error::unexpected(response).await),
        }
    }
}
