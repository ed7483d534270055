//! Files of a folder that go to the service.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream, TryStreamExt as _};
use reqwest::Body;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::{Blobs, StoredBlob, digest_of};
use crate::Error;

/// Bytes of a file that are read at once.
const CHUNK: usize = 64 << 10;

impl Blobs {
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
        self.upload_once(digest.finalize(), media_type, body).await
    }
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
