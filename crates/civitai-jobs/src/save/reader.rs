//! A file as bytes in memory, for who needs no file on disk.

use std::fmt;

use bytes::Bytes;
use file_save::Transfers;
use futures_util::Stream;

use super::source::Source;
use crate::Error;

/// A file that is being read, from [`Client::open`](crate::Client::open).
///
/// Trouble on the way is borne as in saving: a transfer that broke goes on where it stopped, where
/// the storage can vouch for it being the same file. Dropping it ends the transfer.
pub struct FileReader(file_save::FileReader<Source>);

impl FileReader {
    /// Begins to read, as far as it takes to know what the file is.
    pub(super) async fn open(transfers: Transfers, source: Source) -> Result<Self, Error> {
        let reader = file_save::FileReader::open(transfers, source).await?;
        Ok(Self(reader))
    }

    /// Returns the size of the file in bytes, where the storage announced it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.0.size()
    }

    /// Returns the media type of the file, told from its first bytes where they tell it.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        self.0.media_type()
    }

    /// Returns the extension that a file of this type has, without a dot.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        self.0.extension()
    }

    /// Returns the next bytes; `None` once the file has come whole.
    ///
    /// # Errors
    ///
    /// The transfer failed for good. Also where it broke and the storage cannot go on where it
    /// stopped, since what was handed out cannot be taken back.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.0.chunk().await
    }

    /// Returns all bytes that have not been handed out yet, where the whole file has `at_most` so many.
    ///
    /// # Errors
    ///
    /// The file is larger, or the transfer failed for good.
    pub async fn bytes(self, at_most: usize) -> Result<Vec<u8>, Error> {
        self.0.bytes(at_most).await
    }

    /// Returns the chunks as a stream, which ends after the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        self.0.into_stream()
    }
}

impl fmt::Debug for FileReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
