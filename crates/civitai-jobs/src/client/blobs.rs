//! Blobs: files that go to the service, and what can be done with those that are there.

use civitai_api::v2::operation;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use civitai_api::v2::types::{Blob, ConsumerBlobPresignResponse};
use civitai_api::{ByteStream, Operation};
use futures_util::stream::{self, Stream, TryStreamExt as _};
use reqwest::Body;
use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::uploads::Fingerprint;
use crate::error::Doing;
use crate::{Client, Error, StoredBlob};

/// Bytes of a file that are read at once.
const CHUNK: usize = 64 << 10;

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
    /// The blobs of the account: files that go in, and files that came out.
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
        self.upload_once(digest.finalize().into(), media_type, || bytes.clone())
            .await
    }

    /// Uploads a file under its media type, without holding it in memory.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is larger than what the client fetches
    /// ([`largest_file`](crate::ClientBuilder::largest_file)); as for [`upload`](Self::upload).
    pub async fn upload_file(
        &self,
        path: impl AsRef<Path>,
        media_type: &str,
    ) -> Result<StoredBlob, Error> {
        let path = path.as_ref();
        let unreadable = |source| Error::unreadable(path, source);
        let size = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
        if size > self.client.largest_file() {
            return Err(Error::upload_too_large(path, self.client.largest_file()));
        }
        let mut digest = digest_of(media_type);
        let mut chunks = pin!(chunks(path.to_owned()));
        while let Some(chunk) = chunks.try_next().await.map_err(unreadable)? {
            digest.update(&chunk);
        }
        let body = || Body::wrap_stream(self::chunks(path.to_owned()));
        self.upload_once(digest.finalize().into(), media_type, body)
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
        let call = self.client.api_v2().upload_blob(stream, media_type);
        let blob = self
            .client
            .look(operation::UPLOAD_BLOB, Doing::Uploading, call)
            .await?;
        self.stored(blob.value)
    }

    /// Asks for a link to which somebody without a token can upload one file. Whoever has the link
    /// can.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn upload_link(&self) -> Result<ConsumerBlobPresignResponse, Error> {
        let api = self.client.api_v2();
        let call = || api.get_blob_upload_url();
        Ok(self
            .client
            .ask(operation::GET_BLOB_UPLOAD_URL, Doing::LinkingUpload, call)
            .await?
            .value)
    }

    /// Uploads bytes to a link of [`upload_link`](Self::upload_link); the token stays here.
    ///
    /// # Errors
    ///
    /// The link has expired, or as for [`upload`](Self::upload).
    pub async fn upload_to(
        &self,
        link: &str,
        bytes: impl Into<Vec<u8>>,
        media_type: &str,
    ) -> Result<StoredBlob, Error> {
        let bytes = Bytes::from(bytes.into());
        let api = self.client.api_v2();
        let call = || api.upload_blob_to(link, bytes.clone(), media_type);
        let blob = self.client.ask(TO_LINK, Doing::Uploading, call).await?;
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
        let call = || api.ingest_blob(None, Some(url));
        let (operation, doing) = (operation::INGEST_BLOB, Doing::Ingesting);
        let blob = self.client.ask(operation, doing, call).await?;
        self.stored(blob.value)
    }

    /// Whether there is a blob of this id for this account.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn exists(&self, id: &str) -> Result<bool, Error> {
        let api = self.client.api_v2();
        let call = || api.head_blob(id);
        match self
            .client
            .ask(operation::HEAD_BLOB, Doing::ReadingBlob, call)
            .await
        {
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
        let call = || api.refresh_blob(id);
        let blob = self
            .client
            .ask(operation::REFRESH_BLOB, Doing::ReadingBlob, call)
            .await?;
        self.stored(blob.value)
    }

    /// Streams the archive that a `blobArchive` step names by a token.
    ///
    /// # Errors
    ///
    /// The archive has expired (status 410), or the call failed.
    pub async fn archive(&self, token: &str) -> Result<ByteStream, Error> {
        let call = self.client.api_v2().get_blob_archive(token);
        let reply = self.client.once(operation::GET_BLOB_ARCHIVE, 1, call).await;
        let reply = reply.map_err(|error| Error::call(Doing::ReadingBlob, error))?;
        Ok(reply.into_inner())
    }

    /// Streams a blob while it is being made, as text to speech offers it.
    ///
    /// # Errors
    ///
    /// There is none of this key (status 404), or the call failed.
    pub async fn stream(&self, key: &str) -> Result<ByteStream, Error> {
        let call = self.client.api_v2().get_streaming_blob(key);
        let reply = self
            .client
            .once(operation::GET_STREAMING_BLOB, 1, call)
            .await;
        let reply = reply.map_err(|error| Error::call(Doing::ReadingBlob, error))?;
        Ok(reply.into_inner())
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
        let call = || api.upload_blob(body(), media_type);
        let blob = self
            .client
            .ask(operation::UPLOAD_BLOB, Doing::Uploading, call)
            .await?;
        let blob = self.stored(blob.value)?;
        *known = Some(blob.id().to_owned());
        Ok(blob)
    }

    fn stored(&self, blob: Blob) -> Result<StoredBlob, Error> {
        StoredBlob::new(blob, self.client.api_v2().http().base_url())
            .ok_or_else(Error::unnamed_blob)
    }
}

/// A digest that has taken in a media type.
fn digest_of(media_type: &str) -> Sha256 {
    let mut digest = Sha256::new();
    digest.update(media_type.as_bytes());
    digest.update([0]);
    digest
}

/// The content of a file, opened when it is asked for.
fn chunks(path: PathBuf) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold(None, move |file: Option<File>| {
        let path = path.clone();
        async move {
            let mut file = match file {
                Some(file) => file,
                None => File::open(path).await?,
            };
            let mut chunk = BytesMut::with_capacity(CHUNK);
            let read = file.read_buf(&mut chunk).await?;
            Ok((read > 0).then(|| (chunk.freeze(), Some(file))))
        }
    })
}
