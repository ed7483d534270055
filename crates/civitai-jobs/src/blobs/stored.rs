//! A blob that the service has, as an upload or a refresh tells it.

use std::fmt;

use civitai_api::Members as _;
use civitai_api::v2::operation;
use civitai_api::v2::types::Blob;
use secrecy::{ExposeSecret as _, SecretString};

use crate::file::{File, FileKind, Origin};

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
        let id = text(blob.id())?;
        // Where no link came, the service's own clients take the address of the blob.
        let link = text(blob.url()).unwrap_or_else(|| address(base_url, &id));
        Some(Self {
            blob,
            id,
            link: link.into(),
        })
    }

    /// Returns the id of the blob. Opaque.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the link to the file. Treat it as a secret.
    #[must_use]
    pub fn url(&self) -> &str {
        self.link.expose_secret()
    }

    /// Returns all that the service told, its kind among it.
    #[must_use]
    pub fn typed(&self) -> &Blob {
        &self.blob
    }
}

/// A file without work, to be saved or opened.
impl From<&StoredBlob> for File {
    fn from(stored: &StoredBlob) -> Self {
        let kind = match stored
            .typed()
            .member("type")
            .as_ref()
            .and_then(|kind| kind.as_str())
        {
            Some("image") => FileKind::Image,
            Some("video") => FileKind::Video,
            Some("audio") => FileKind::Audio,
            Some("model3d") => FileKind::Model3d,
            _ => FileKind::Other,
        };
        Self {
            blob_id: Some(stored.id.clone()),
            available: true,
            url: Some(stored.link.clone()),
            ..Self::new(Origin::Blob, 0, String::new(), kind)
        }
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
    let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    let path = operation::GET_BLOB.path.replace("{blobId}", &id);
    format!("{}{path}", base_url.trim_end_matches('/'))
}
