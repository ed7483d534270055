//! Files from callers.

use axum::http::StatusCode;
use bytes::Bytes;

use crate::core::content::Content;
use crate::core::problem::Problem;
use crate::core::seed::hex;

use super::blob::{Blob, BlobKind};
use super::image::{is_png, is_svg};
use super::state::State;

/// Stores an uploaded file; the same bytes are the same file.
///
/// # Errors
///
/// Fails for no bytes, for a media type that is not taken, and for an image that is none.
pub(crate) fn upload<'a>(
    state: &'a mut State,
    bytes: Bytes,
    media_type: &str,
    public: bool,
) -> Result<&'a Blob, Problem> {
    if bytes.is_empty() {
        return Err(Problem::field("$", "The file is empty."));
    }
    let Some(kind) = BlobKind::of_media_type(media_type) else {
        let detail = format!("Files of the type `{media_type}` are not taken.");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    };
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let other = match essence {
        "image/png" if !is_png(&bytes) => Some("PNG"),
        "image/svg+xml" if !is_svg(&bytes) => Some("SVG"),
        _ => None,
    };
    if let Some(format) = other {
        let detail = format!("The file is no {format}.");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let (digest, extension) = (digest(&bytes), extension(media_type));
    let content = Content::new(media_type, bytes);
    Ok(state.blobs.keep_anew(Blob {
        public,
        ..Blob::given(&digest[..32], extension, kind, content, state.now)
    }))
}

/// Puts off the removal of a file.
///
/// # Errors
///
/// Fails where there is none.
pub(crate) fn refresh<'a>(state: &'a mut State, id: &str) -> Result<&'a Blob, Problem> {
    state.blobs.refresh(id, state.now)
}

/// The end of the name of a file of a media type.
pub(super) fn extension(media_type: &str) -> &str {
    let subtype = media_type.split(['/', '+', ';']).nth(1).unwrap_or("bin");
    match subtype {
        "jpeg" => "jpg",
        "mpeg" => "mp3",
        other => other,
    }
}

/// Upper-case hexadecimal digits that follow from the bytes alone.
pub(super) fn digest(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes)).to_ascii_uppercase()
}
