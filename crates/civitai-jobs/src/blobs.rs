//! Blobs: files that go to the service, and what can be done with those that are there.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use civitai_api::v2::operation;
use civitai_api::v2::types::Blob;
use civitai_api::{ByteStream, Operation};
use hmac_sha256::Hash;
use reqwest::Body;
use secrecy::{ExposeSecret as _, SecretString};

pub use stored::StoredBlob;

use crate::call::Call;
use crate::error::Purpose;
use crate::uploads::Fingerprint;
use crate::{Client, Error};

#[cfg(feature = "files")]
mod from_file;
mod stored;

/// An upload to a signed link, which is an operation of no contract: the link leads anywhere, and is
/// secret.
const TO_LINK: Operation = {
    let mut link = operation::UPLOAD_BLOB;
    link.id = "uploadBlobTo";
    link.path = "a signed link";
    link
};

/// The blobs of an account: what [`Client::blobs`] gives.
#[derive(Clone, Debug)]
pub struct Blobs {
    client: Client,
}

impl Client {
    /// Returns the blobs of the account: files that go in, and files that came out.
    #[must_use]
    pub fn blobs(&self) -> Blobs {
        Blobs {
            client: self.clone(),
        }
    }
}

impl Blobs {
    /// Uploads bytes under their media type, such as `image/png`.
    ///
    /// Bytes that this client has uploaded before, or is uploading just now, are not sent again: where
    /// the service still has them, the blob is that of the first time. An upload costs nothing, and one that failed in
    /// passing is tried again.
    ///
    /// # Errors
    ///
    /// The service refused the file: it is too large (status 413), of a kind that is not taken
    /// (415), or [moderation](Error::is_moderation) did (422); or the call failed.
    pub async fn upload(
        &self,
        bytes: impl Into<Vec<u8>>,
        media_type: &str,
    ) -> Result<StoredBlob, Error> {
        // Shared by all tries.
        let bytes = Bytes::from(bytes.into());
        let mut digest = digest_of(media_type);
        digest.update(&bytes);
        self.upload_once(digest.finalize(), media_type, || bytes.clone())
            .await
    }

    /// Uploads a stream under its media type, once: it is gone when it has been read, so that
    /// nothing is tried again and nothing remembered.
    ///
    /// # Errors
    ///
    /// As for [`upload`](Self::upload).
    pub async fn upload_stream(
        &self,
        stream: impl Into<Body>,
        media_type: &str,
    ) -> Result<StoredBlob, Error> {
        let call = Call::new(operation::UPLOAD_BLOB, Purpose::UploadBlob);
        let send = self.client.api_v2().upload_blob(stream, media_type);
        let blob = self.client.stream(call, send).await?;
        self.stored(blob)
    }

    /// Asks for a link to which somebody without a token can upload one file. Whoever has the link
    /// can.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn upload_link(&self) -> Result<UploadLink, Error> {
        let api = self.client.api_v2();
        let call = Call::new(operation::GET_BLOB_UPLOAD_URL, Purpose::LinkUpload);
        let link = self.client.call(call, || api.get_blob_upload_url()).await?;
        Ok(UploadLink {
            url: link.value.upload_url.into(),
            expires_at: Some(link.value.expires_at),
        })
    }

    /// Uploads bytes to a link of [`upload_link`](Self::upload_link); the token stays here.
    ///
    /// # Errors
    ///
    /// The link has expired, or as for [`upload`](Self::upload).
    pub async fn upload_to(
        &self,
        link: &UploadLink,
        bytes: impl Into<Vec<u8>>,
        media_type: &str,
    ) -> Result<StoredBlob, Error> {
        let bytes = Bytes::from(bytes.into());
        let api = self.client.api_v2();
        let call = Call::new(TO_LINK, Purpose::UploadBlob);
        let send = || api.upload_blob_to(link.url(), bytes.clone(), media_type);
        let blob = self.client.call(call, send).await?;
        self.stored(blob.value)
    }

    /// Lets the service fetch a file from an address and keep it, instead of sending it from here. The
    /// service decides which addresses it fetches from.
    ///
    /// # Errors
    ///
    /// The service fetches nothing from there (status 403), could not, or refused the file, as for
    /// [`upload`](Self::upload); or the call failed. A service of before September 2026 knows nothing of
    /// this (404).
    pub async fn ingest(&self, url: &str) -> Result<StoredBlob, Error> {
        let api = self.client.api_v2();
        let call = Call::new(operation::INGEST_BLOB, Purpose::IngestBlob);
        let blob = self
            .client
            .call(call, || api.ingest_blob(None, Some(url)))
            .await?;
        self.stored(blob.value)
    }

    /// Returns whether there is a blob of this id for this account.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn exists(&self, id: &str) -> Result<bool, Error> {
        let api = self.client.api_v2();
        let call = Call::new(operation::HEAD_BLOB, Purpose::ReadBlob);
        match self.client.call(call, || api.head_blob(id)).await {
            Ok(_) => Ok(true),
            Err(error) if error.status() == Some(404) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gets a fresh link to a blob; the service then keeps the blob for another 30 days.
    ///
    /// # Errors
    ///
    /// There is none of this id (status 404), or the call failed.
    pub async fn refresh(&self, id: &str) -> Result<StoredBlob, Error> {
        let api = self.client.api_v2();
        let call = Call::new(operation::REFRESH_BLOB, Purpose::ReadBlob);
        let blob = self.client.call(call, || api.refresh_blob(id)).await?;
        self.stored(blob.value)
    }

    /// Streams the archive that a `blobArchive` step names by a token.
    ///
    /// # Errors
    ///
    /// The archive has expired (status 410), or the call failed.
    pub async fn archive(&self, token: &str) -> Result<ByteStream, Error> {
        let call = Call::new(operation::GET_BLOB_ARCHIVE, Purpose::ReadBlob);
        let send = self.client.api_v2().get_blob_archive(token);
        self.client.stream(call, send).await
    }

    /// Streams a blob while it is being made, as text to speech offers it.
    ///
    /// # Errors
    ///
    /// There is none of this key (status 404), or the call failed.
    pub async fn stream(&self, key: &str) -> Result<ByteStream, Error> {
        let call = Call::new(operation::GET_STREAMING_BLOB, Purpose::ReadBlob);
        let send = self.client.api_v2().get_streaming_blob(key);
        self.client.stream(call, send).await
    }

    /// Uploads what the service has not got from this client yet; `body` makes it for each try.
    async fn upload_once<B: Into<Body>>(
        &self,
        digest: Fingerprint,
        media_type: &str,
        body: impl Fn() -> B,
    ) -> Result<StoredBlob, Error> {
        let place = self.client.uploads().place(digest);
        let mut known = place.lock().await;
        if let Some(id) = &*known {
            match self.refresh(id).await {
                Err(error) if error.status() == Some(404) => *known = None,
                result => return result,
            }
        }
        let api = self.client.api_v2();
        let call = Call::new(operation::UPLOAD_BLOB, Purpose::UploadBlob);
        let send = || api.upload_blob(body(), media_type);
        let blob = self.client.call(call, send).await?;
        let blob = self.stored(blob.value)?;
        *known = Some(blob.id().to_owned());
        Ok(blob)
    }

    fn stored(&self, blob: Blob) -> Result<StoredBlob, Error> {
        StoredBlob::new(blob, self.client.api_v2().http().base_url())
            .ok_or_else(|| Error::no_id("blob"))
    }
}

/// A link to which somebody without a token can upload one file. Whoever has the link can, so `Debug`
/// does not show it.
#[derive(Clone)]
pub struct UploadLink {
    url: SecretString,
    expires_at: Option<DateTime<Utc>>,
}

impl UploadLink {
    /// Creates a link from one that was passed on.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: SecretString::from(url.into()),
            expires_at: None,
        }
    }

    /// Returns the link. Treat it as a secret.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.expose_secret()
    }

    /// Returns the moment after which the link no longer works, where the service tells it.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }
}

impl fmt::Debug for UploadLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadLink")
    }
}

/// A digest that has taken in a media type.
fn digest_of(media_type: &str) -> Hash {
    let mut digest = Hash::new();
    digest.update(media_type.as_bytes());
    digest.update([0]);
    digest
}
