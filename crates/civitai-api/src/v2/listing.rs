//! The list of workflows as a ZIP archive: the same operation with another `Accept` header, and so
//! with another type of reply, which a generated method cannot say.

use reqwest::header::{ACCEPT, HeaderValue};

use super::Client;
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
    #[allow(
        clippy::too_many_arguments,
        reason = "those of the method that lists workflows as JSON"
    )]
    pub async fn query_workflows_as_zip(
        &self,
        ascending: Option<bool>,
        cursor: Option<&str>,
        exclude_failed: Option<bool>,
        from_date: Option<&chrono::DateTime<chrono::Utc>>,
        hide_mature_content: Option<bool>,
        query: Option<&str>,
        tags: Option<&Vec<String>>,
        take: Option<i32>,
        to_date: Option<&chrono::DateTime<chrono::Utc>>,
    ) -> Result<ResponseValue<ByteStream>, Error> {
        let url = format!("{}/v2/consumer/workflows", self.http().base_url());
        let request = self
            .http()
            .client()
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("application/zip"))
            .query(&QueryParam::new("ascending", &ascending))
            .query(&QueryParam::new("cursor", &cursor))
            .query(&QueryParam::new("excludeFailed", &exclude_failed))
            .query(&QueryParam::new("fromDate", &from_date))
            .query(&QueryParam::new("hideMatureContent", &hide_mature_content))
            .query(&QueryParam::new("query", &query))
            .query(&QueryParam::new("tags", &tags))
            .query(&QueryParam::new("take", &take))
            .query(&QueryParam::new("toDate", &to_date))
            .build()?;
        let response = self.http().send(request, "query_workflows_as_zip").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::stream(response)),
            _ => Err(Error::unexpected(response).await),
        }
    }
}
