//! Signed links to files, uploads and archives.

use chrono::{DateTime, SubsecRound as _, Utc};

use crate::core::reply::date_text;

use super::state::State;

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

/// A link to a file, and when it stops working.
pub(super) fn link(state: &State, id: &str, streamed: bool) -> (String, String) {
    let folder = if streamed { "streaming-blobs" } else { "blobs" };
    let path = format!("{}/v2/consumer/{folder}/{id}", state.api_url);
    let query = signature(state, Purpose::Blob, id);
    (format!("{path}?{query}"), date_text(link_end(state)))
}

/// A link to a public file, which needs no signature.
pub(super) fn plain_link(state: &State, id: &str) -> String {
    format!("{}/v2/consumer/blobs/{id}", state.api_url)
}

/// A link to upload to, and when it stops working.
pub(crate) fn upload_link(state: &State) -> (String, String) {
    let query = signature(state, Purpose::Upload, "");
    let link = format!("{}/v2/consumer/blobs?{query}", state.api_url);
    (link, date_text(link_end(state)))
}

pub(super) fn archive_link(state: &State, job: &str) -> String {
    let token = token(state, Purpose::Archive, job);
    format!("{}/v2/consumer/blobs/archive/{token}", state.api_url)
}

/// The query that stands in for a token, from now until links end.
fn signature(state: &State, purpose: Purpose, id: &str) -> String {
    let ends = link_end(state).timestamp().to_string();
    let signature = state.setup.seed.sign(&[purpose.as_str(), id, &ends]);
    format!("sig={}&exp={ends}", &signature[..43])
}

/// Checks what [`signature`] made.
pub(crate) fn check(
    state: &State,
    purpose: Purpose,
    id: &str,
    signature: &str,
    ends: &str,
) -> Result<(), SignatureError> {
    let made = state.setup.seed.sign(&[purpose.as_str(), id, ends]);
    let seconds = ends.parse().map_err(|_| SignatureError::Forged)?;
    let date = DateTime::from_timestamp(seconds, 0).ok_or(SignatureError::Forged)?;
    if signature != &made[..43] {
        return Err(SignatureError::Forged);
    }
    if state.date(state.now) > date {
        return Err(SignatureError::Expired);
    }
    Ok(())
}

/// A sealed name of a file or archive.
pub(crate) fn token(state: &State, purpose: Purpose, id: &str) -> String {
    let ends = link_end(state).timestamp().to_string();
    let signature = state.setup.seed.sign(&[purpose.as_str(), id, &ends]);
    format!("{}.{ends}.{id}", &signature[..43])
}

/// Opens what [`token`] sealed.
pub(crate) fn open<'a>(
    state: &State,
    purpose: Purpose,
    token: &'a str,
) -> Result<&'a str, SignatureError> {
    let mut parts = token.splitn(3, '.');
    let mut part = || parts.next().ok_or(SignatureError::Forged);
    let (signature, ends, id) = (part()?, part()?, part()?);
    check(state, purpose, id, signature, ends)?;
    Ok(id)
}

/// When a link that is signed now stops working: with a whole second, as signatures count them.
pub(super) fn link_end(state: &State) -> DateTime<Utc> {
    let end = state.date(state.now + state.settings.link_life);
    end.trunc_subsecs(0)
}
