//! Signed links to files, uploads and archives.

use chrono::DateTime;

use crate::view::date_text;

use super::state::Orchestrator;

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Blob,
    Upload,
    Content,
    Blocked,
    Archive,
}

/// What may be wrong with a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureError {
    Forged,
    Expired,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Upload => "upload",
            Self::Content => "content",
            Self::Blocked => "blocked",
            Self::Archive => "archive",
        }
    }
}

impl Orchestrator {
    /// A link to a file, and when it stops working.
    pub(super) fn link(&self, id: &str, streamed: bool) -> (String, String) {
        let folder = if streamed { "streaming-blobs" } else { "blobs" };
        let path = format!("{}/v2/consumer/{folder}/{id}", self.api_url);
        let query = self.signature(Purpose::Blob, id);
        (format!("{path}?{query}"), date_text(self.link_end()))
    }

    /// A link to a public file, which needs no signature.
    pub(super) fn plain_link(&self, id: &str) -> String {
        format!("{}/v2/consumer/blobs/{id}", self.api_url)
    }

    /// A link to upload to, and when it stops working.
    pub(crate) fn upload_link(&self) -> (String, String) {
        let query = self.signature(Purpose::Upload, "");
        let link = format!("{}/v2/consumer/blobs?{query}", self.api_url);
        (link, date_text(self.link_end()))
    }

    pub(super) fn archive_link(&self, job: &str) -> String {
        let token = self.token(Purpose::Archive, job);
        format!("{}/v2/consumer/blobs/archive/{token}", self.api_url)
    }

    /// The query that stands in for a token, from now until links end.
    fn signature(&self, purpose: Purpose, id: &str) -> String {
        let ends = self.link_end().timestamp().to_string();
        let seed = self.settings.seed;
        let signature = seed.sign(&[purpose.as_str(), id, &ends]);
        format!("sig={}&exp={ends}", &signature[..43])
    }

    /// Checks what [`signature`](Self::signature) made.
    pub(crate) fn check(
        &self,
        purpose: Purpose,
        id: &str,
        signature: &str,
        ends: &str,
    ) -> Result<(), SignatureError> {
        let made = self.settings.seed.sign(&[purpose.as_str(), id, ends]);
        let seconds = ends.parse().map_err(|_| SignatureError::Forged)?;
        let date = DateTime::from_timestamp(seconds, 0).ok_or(SignatureError::Forged)?;
        if signature != &made[..43] {
            return Err(SignatureError::Forged);
        }
        if self.settings.date(self.now) > date {
            return Err(SignatureError::Expired);
        }
        Ok(())
    }

    /// A sealed name of a file or archive.
    pub(crate) fn token(&self, purpose: Purpose, id: &str) -> String {
        let ends = self.link_end().timestamp().to_string();
        let signature = self.settings.seed.sign(&[purpose.as_str(), id, &ends]);
        format!("{}.{ends}.{id}", &signature[..43])
    }

    /// Opens what [`token`](Self::token) sealed.
    pub(crate) fn open<'a>(
        &self,
        purpose: Purpose,
        token: &'a str,
    ) -> Result<&'a str, SignatureError> {
        let mut parts = token.splitn(3, '.');
        let mut part = || parts.next().ok_or(SignatureError::Forged);
        let (signature, ends, id) = (part()?, part()?, part()?);
        self.check(purpose, id, signature, ends)?;
        Ok(id)
    }
}
