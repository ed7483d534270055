//! Files that the service takes in from an address by itself.

use axum::http::StatusCode;

use crate::core::content::Content;
use crate::core::problem::Problem;

use super::blob::{Blob, BlobKind, KEPT};
use super::blob_view::is_withheld;
use super::state::State;
use super::upload::{digest, extension};

/// Where the bytes of an address are.
#[derive(Debug)]
pub(crate) enum Source {
    /// They have been taken in before, as the file of this id.
    Known(String),
    /// They are at hand.
    Here(Content),
    /// They are those of another file of the service.
    Own(Box<Blob>),
    /// They lie on this machine, behind the address.
    Loopback(String),
}

/// Where the bytes of an address are.
///
/// # Errors
///
/// Fails for what is no address, for one that is not trusted, and for a file of the service's own that
/// is not there.
pub(crate) fn source(state: &State, address: &str) -> Result<Source, Problem> {
    if let Some(blob) = state
        .blobs
        .beginning(&format!("{}.", name_of(address)), state.now)
    {
        return Ok(Source::Known(blob.id.clone()));
    }
    if let Some(content) = state.settings.sources.get(address) {
        return Ok(Source::Here(content.clone()));
    }
    let no_address = || Problem::field("sourceUrl", "Must be an address.");
    let url = reqwest::Url::parse(address).map_err(|_| no_address())?;
    let own = format!("{}/v2/consumer/blobs/", state.api_url);
    if let Some(id) = address.strip_prefix(&own) {
        let id = id.split(['?', '/']).next().unwrap_or_default();
        let blob = state.blobs.find(id, state.now)?;
        if is_withheld(state, blob) {
            let detail = "The file is withheld.";
            return Err(Problem::new(StatusCode::FORBIDDEN, detail));
        }
        return Ok(Source::Own(Box::new(blob.clone())));
    }
    let host = url.host_str().ok_or_else(no_address)?;
    let is_loopback = ["127.0.0.1", "localhost", "[::1]"].contains(&host);
    if is_loopback && ["http", "https"].contains(&url.scheme()) {
        return Ok(Source::Loopback(address.to_owned()));
    }
    let detail = format!("Nothing is taken in from `{host}`.");
    Err(Problem::new(StatusCode::FORBIDDEN, detail))
}

/// Keeps what lies at an address as a file that is named after it.
///
/// # Errors
///
/// Fails for no bytes and for what is no medium.
pub(crate) fn take_in<'a>(
    state: &'a mut State,
    address: &str,
    file: Content,
    public: bool,
) -> Result<&'a Blob, Problem> {
    let cannot = |detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
    if file.size() == 0 {
        return Err(cannot("The file is empty."));
    }
    let Some(kind) = BlobKind::of_media_type(file.media_type()) else {
        let detail = "The file is neither picture, sound, video nor model.";
        return Err(cannot(detail));
    };
    let extension = extension(file.media_type()).to_owned();
    Ok(state.blobs.keep(Blob {
        public,
        ..Blob::given(&name_of(address), &extension, kind, file, state.now)
    }))
}

/// Keeps another file of the service once more, named after its address.
pub(crate) fn copy<'a>(state: &'a mut State, address: &str, blob: Blob, public: bool) -> &'a Blob {
    let extension = Blob::extension(blob.kind, blob.format.as_deref());
    state.blobs.keep(Blob {
        id: format!("{}.{extension}", name_of(address)),
        maker: None,
        made: Some(state.now),
        kept_until: state.now + KEPT,
        streamed: false,
        public,
        ..blob
    })
}

/// The id of the file of an address, without its extension.
fn name_of(address: &str) -> String {
    let mut name = digest(address.as_bytes());
    name.truncate(32);
    name
}
