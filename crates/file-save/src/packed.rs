//! Files that a storage sends compressed although nobody asked for it.

use std::io::Write as _;

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use crate::Transfer;

/// Unpacks a file as it comes.
#[derive(Debug)]
pub(crate) struct Unpacker(MultiGzDecoder<Vec<u8>>);

impl Unpacker {
    /// What unpacks a reply, where it is packed.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, Transfer> {
        let mut codings = Vec::new();
        for value in headers.get_all(CONTENT_ENCODING) {
            let listed = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
            codings.extend(listed.split(',').map(|coding| coding.trim().to_owned()));
        }
        codings.retain(|coding| !coding.is_empty() && coding != "identity");
        match &codings[..] {
            [] => Ok(None),
            [coding] if coding == "gzip" || coding == "x-gzip" => {
                Ok(Some(Self(MultiGzDecoder::new(Vec::new()))))
            }
            _ => Err(Transfer::Packed(codings.join(", "))),
        }
    }

    /// What these bytes add to the file.
    pub(crate) fn add(&mut self, packed: &[u8]) -> Result<Bytes, Transfer> {
        self.0.write_all(packed).map_err(|_| Transfer::Mangled)?;
        Ok(self.taken())
    }

    /// What was left, now that all of it has come.
    pub(crate) fn end(&mut self) -> Result<Bytes, Transfer> {
        self.0.try_finish().map_err(|_| Transfer::Mangled)?;
        Ok(self.taken())
    }

    fn taken(&mut self) -> Bytes {
        std::mem::take(self.0.get_mut()).into()
    }
}
