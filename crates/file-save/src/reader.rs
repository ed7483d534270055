//! A file as bytes in memory, for who needs no file on disk.

use std::fmt;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::try_unfold;

use crate::fetch::{Event, Fetch};
use crate::{Kind, Source, Transfer, Transfers};

/// A file that is being read.
///
/// Trouble on the way is borne as in saving: a transfer that broke goes on where it stopped, where
/// the storage can vouch for it being the same file. Dropping it ends the transfer.
pub struct FileReader<S: Source> {
    fetch: Fetch<S>,
    /// A chunk that was read to know the type of the file.
    first: Option<Bytes>,
    read: u64,
    ended: bool,
}

impl<S: Source> FileReader<S> {
    /// Begins to read, as far as it takes to know what the file is.
    ///
    /// # Errors
    ///
    /// The file could not be fetched.
    pub async fn open(transfers: Transfers, source: S) -> Result<Self, S::Error> {
        let mut fetch = Fetch::new(transfers, source);
        let first = loop {
            match fetch.next().await? {
                Event::Begin => {}
                Event::Chunk(chunk) => break Some(chunk),
                Event::End => break None,
            }
        };
        Ok(Self {
            fetch,
            ended: first.is_none(),
            first,
            read: 0,
        })
    }

    /// Returns the size of the file in bytes, where the storage announced it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.fetch.size
    }

    /// Returns the media type of the file, told from its first bytes where they tell it.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        self.kind().media_type
    }

    /// Returns the extension that a file of this type has, without a dot.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        self.kind().extension
    }

    fn kind(&self) -> Kind {
        Kind::of(&self.fetch.head, &self.fetch.media_type)
    }

    /// Returns the next bytes; `None` once the file has come whole.
    ///
    /// # Errors
    ///
    /// The transfer failed for good. Also where it broke and the storage cannot go on where it
    /// stopped, since what was handed out cannot be taken back.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, S::Error> {
        if let Some(first) = self.first.take() {
            return Ok(Some(self.hand_out(first)));
        }
        while !self.ended {
            match self.fetch.next().await? {
                Event::Chunk(chunk) => return Ok(Some(self.hand_out(chunk))),
                Event::End => self.ended = true,
                Event::Begin if self.read > 0 => {
                    self.ended = true;
                    return Err(Transfer::Broken.into());
                }
                Event::Begin => {}
            }
        }
        Ok(None)
    }

    fn hand_out(&mut self, chunk: Bytes) -> Bytes {
        self.read += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        chunk
    }

    /// Returns all bytes that have not been handed out yet, where the whole file has `at_most` so many.
    ///
    /// # Errors
    ///
    /// The file is larger, or the transfer failed for good.
    pub async fn bytes(mut self, at_most: usize) -> Result<Vec<u8>, S::Error> {
        self.fetch
            .limit_to(u64::try_from(at_most).unwrap_or(u64::MAX))?;
        let mut all = self.first.take().map(Vec::from).unwrap_or_default();
        while !self.ended {
            match self.fetch.next().await? {
                Event::Chunk(chunk) => all.extend_from_slice(&chunk),
                Event::End => self.ended = true,
                Event::Begin if self.read > 0 => return Err(Transfer::Broken.into()),
                Event::Begin => all.clear(),
            }
        }
        Ok(all)
    }

    /// Returns the chunks as a stream, which ends after the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, S::Error>> + Send {
        try_unfold(self, |mut reader| async move {
            let chunk = reader.chunk().await?;
            Ok(chunk.map(|chunk| (chunk, reader)))
        })
    }
}

impl<S: Source> fmt::Debug for FileReader<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileReader")
            .field("size", &self.size())
            .field("media_type", &self.media_type())
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}
