//! The operations on blobs that no generated method can express: raw bytes under the caller's media
//! type, addresses that carry their own signature, and a redirect as the only success.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Body, Request, Url};

use super::{Client, operation, types};
use crate::generated::support::{Response, add_query, encode_path};
use crate::{ByteStream, Error, Operation, ResponseValue};

/// Requests to addresses that carry their own signature are operations of no contract.
const UPLOAD_TO: Operation = Operation::new("uploadBlobTo", "POST", "a signed link");
const DOWNLOAD: Operation = Operation::new("download", "GET", "a signed link");

/// Redirects that [`Client::download`] follows. The service needs one, a store in front of it one more.
const MOST_REDIRECTS: usize = 5;

/// Where a blob is found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redirect {
    /// The address of the content. It is signed: whoever has it can read the blob.
    pub location: Url,
}

impl Client {
    /// Upload a blob
    ///
    /// Takes the bytes of a file and answers with the blob made of them, after moderation. The body
    /// may be bytes, text, or a stream ([`reqwest::Body::wrap_stream`]).
    ///
    /// Sends `POST /v2/consumer/blobs`.
    ///
    /// # Arguments
    ///
    /// - `body`: The bytes.
    /// - `content_type`: Their media type, such as `image/png`.
    ///
    /// # Errors
    ///
    /// Any reply that is no success, with its problem document; a reply that cannot be read; a media
    /// type that no header can carry.
    ///
    /// - 400: The request is malformed or a value is out of its range.
    /// - 401: The token is missing or not accepted.
    /// - 413: The file is too large.
    /// - 415: The kind of file is not taken.
    /// - 422: The file was refused by moderation.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn demo(client: civitai_api::v2::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let picture = std::fs::read("cat.png")?;
    /// let blob = client.upload_blob(picture, "image/png").await?.into_inner();
    /// # Ok(()) }
    /// ```
    pub async fn upload_blob(
        &self,
        body: impl Into<Body>,
        content_type: &str,
    ) -> Result<ResponseValue<types::Blob>, Error> {
        let url = format!("{}/v2/consumer/blobs", self.http().base_url());
        let request = self.upload(&url, body.into(), content_type)?;
        created(self.http().send(request, &operation::UPLOAD_BLOB).await?).await
    }

    /// Upload a blob to a signed link
    ///
    /// Does what [`upload_blob`](Self::upload_blob) does, to the `uploadUrl` that
    /// [`get_blob_upload_url`](Self::get_blob_upload_url) answered with. The signature in the link
    /// stands in for the token, which is not sent.
    ///
    /// # Arguments
    ///
    /// - `upload_url`: The link, as it came.
    /// - `body`: The bytes.
    /// - `content_type`: Their media type, such as `image/png`.
    ///
    /// # Errors
    ///
    /// As of [`upload_blob`](Self::upload_blob); a link that is no `http` or `https` address.
    pub async fn upload_blob_to(
        &self,
        upload_url: &str,
        body: impl Into<Body>,
        content_type: &str,
    ) -> Result<ResponseValue<types::Blob>, Error> {
        let url = address(upload_url)?;
        let request = self.upload(url.as_str(), body.into(), content_type)?;
        created(self.http().send_bare(request, &UPLOAD_TO).await?).await
    }

    /// Find a blob
    ///
    /// Answers with the link under which the content of a blob can be cached. It is not followed:
    /// [`download`](Self::download) does that.
    ///
    /// Sends `GET /v2/consumer/blobs/{blobId}`.
    ///
    /// # Arguments
    ///
    /// - `blob_id`: The id of the blob.
    /// - `download`: Whether a browser is to save the file in place of showing it.
    /// - `filename`: The file name to offer for a download.
    /// - `nsfw_level`: The highest level of maturity to accept; a blob above it, or of unknown level,
    ///   is refused.
    /// - `workflow_id`: The id of the workflow.
    ///
    /// # Errors
    ///
    /// Any reply that is no redirect with a link, with its problem document.
    ///
    /// - 401: The token is missing or not accepted.
    /// - 403: The token does not allow it.
    /// - 404: It does not exist, or not for this token.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn demo(client: civitai_api::v2::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let found = client.get_blob("0A1B.png", None, None, None, None).await?;
    /// let mut content = client.download(found.location.as_str()).await?.into_inner();
    /// while let Some(bytes) = content.chunk().await? {
    ///     println!("{} bytes", bytes.len());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn get_blob(
        &self,
        blob_id: &str,
        download: Option<bool>,
        filename: Option<&str>,
        nsfw_level: Option<&types::NsfwLevel>,
        workflow_id: Option<&str>,
    ) -> Result<ResponseValue<Redirect>, Error> {
        let url = format!(
            "{}/v2/consumer/blobs/{}",
            self.http().base_url(),
            encode_path("blob_id", blob_id)?
        );
        let mut request = self.http().client().get(url).build()?;
        add_query(&mut request, "download", &download)?;
        add_query(&mut request, "filename", &filename)?;
        add_query(&mut request, "nsfwLevel", &nsfw_level)?;
        add_query(&mut request, "workflowId", &workflow_id)?;
        let response = self.http().send(request, &operation::GET_BLOB).await?;
        match location(&response) {
            Some(location) => Ok(ResponseValue::of(Redirect { location }, &response)),
            None => Err(Error::unexpected(response).await),
        }
    }

    /// Read the bytes behind a link
    ///
    /// Streams what a link of the service leads to: the `url` of a blob, or the one that
    /// [`get_blob`](Self::get_blob) answered with. Redirects are followed. The token is sent to no
    /// address on the way, whatever its host: such links carry their own signature.
    ///
    /// # Errors
    ///
    /// Any reply that is no success, with its problem document; more than five redirects; a link that
    /// is no `http` or `https` address.
    pub async fn download(&self, url: &str) -> Result<ResponseValue<ByteStream>, Error> {
        let mut url = address(url)?;
        let mut left = MOST_REDIRECTS;
        loop {
            let request = self.http().client().get(url).build()?;
            let response = self.http().send_bare(request, &DOWNLOAD).await?;
            match location(&response) {
                Some(next) if left > 0 => {
                    left -= 1;
                    url = next;
                }
                _ if response.status().is_success() => return Ok(ResponseValue::stream(response)),
                _ => return Err(Error::unexpected(response).await),
            }
        }
    }

    fn upload(&self, url: &str, body: Body, content_type: &str) -> Result<Request, Error> {
        let request = self.http().client().post(url);
        let request = request
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(CONTENT_TYPE, HeaderValue::try_from(content_type)?)
            .body(body);
        Ok(request.build()?)
    }
}

async fn created(response: Response) -> Result<ResponseValue<types::Blob>, Error> {
    match response.status().as_u16() {
        201 => ResponseValue::from_response(response).await,
        _ => Err(Error::unexpected(response).await),
    }
}

/// Where a redirect leads; nothing for any other reply.
fn location(response: &Response) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    response.url().join(location).ok().filter(is_web)
}

/// A link that the service gave out.
fn address(link: &str) -> Result<Url, Error> {
    let url = Url::parse(link).ok().filter(is_web);
    url.ok_or_else(|| Error::unusable_address("the link must begin with https:// or http://"))
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
