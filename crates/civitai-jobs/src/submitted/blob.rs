//! A blob that the service has, as an upload or a refresh tells it.

use std::fmt;

use civitai_api::v2::types::Blob;
use secrecy::{ExposeSecret as _, SecretString};

/// A file that the service has. It fits into a step as an image, a video or whatever it is.
///
/// Its link is signed: whoever has it has the file, so `Debug` does not show it.
#[derive(Clone)]
pub struct StoredBlob {
    blob: Blob,
    id: String,
    link: SecretString,
}

impl StoredBlob {
    /// Nothing where the service did not say which blob it is.
    pub(crate) fn new(blob: Blob, base_url: &str) -> Option<Self> {
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let id = text(id(&blob))?;
        // Where no link came, the service's own clients take the address of the blob.
        let link = text(link(&blob)).unwrap_or_else(|| address(base_url, &id));
        Some(Self {
            blob,
            id,
            link: link.into(),
        })
    }

    /// The id of the blob. Opaque.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The link to the file. Treat it as a secret.
    #[must_use]
    pub fn url(&self) -> &str {
        self.link.expose_secret()
    }

    /// All that the service told, its kind among it.
    #[must_use]
    pub fn typed(&self) -> &Blob {
        &self.blob
    }
}

impl fmt::Debug for StoredBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredBlob")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn address(base_url: &str, id: &str) -> String {
    let mut address = format!("{}/v2/consumer/blobs/", base_url.trim_end_matches('/'));
    address.extend(url::form_urlencoded::byte_serialize(id.as_bytes()));
    address
}

fn link(blob: &Blob) -> Option<&str> {
    match blob {
        Blob::Audio(blob) => blob.url.as_deref(),
        Blob::Image(blob) => blob.url.as_deref(),
        Blob::Model3d(blob) => blob.url.as_deref(),
        Blob::Video(blob) => blob.url.as_deref(),
        Blob::Raw(blob) => blob.get("url")?.as_str(),
        _ => None,
    }
}

fn id(blob: &Blob) -> Option<&str> {
    match blob {
        Blob::Audio(blob) => Some(&blob.id),
        Blob::Image(blob) => Some(&blob.id),
        Blob::Model3d(blob) => Some(&blob.id),
        Blob::Video(blob) => Some(&blob.id),
        Blob::Raw(blob) => blob.get("id")?.as_str(),
        _ => None,
    }
}
