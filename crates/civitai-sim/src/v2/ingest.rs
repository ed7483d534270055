//! Files that the service takes in from an address by itself.

use axum::http::StatusCode;

use crate::content;
use crate::problem::Problem;

use super::blob::{Blob, BlobKind, Content, KEPT};
use super::maturity::Maturity;
use super::state::Orchestrator;
use super::upload;

/// Bytes of a file that tell how large its picture is.
const HEAD: u64 = 64;

/// Where the bytes of an address are.
#[derive(Debug)]
pub(crate) enum Source {
    /// They have been taken in before, as the file of this id.
    Known(String),
    /// They are at hand.
    Here(content::Content),
    /// They are those of another file of the service.
    Own(Box<Blob>),
    /// They lie on this machine, behind the address.
    Loopback(String),
}

impl Orchestrator {
    /// Where the bytes of an address are.
    ///
    /// # Errors
    ///
    /// Fails for what is no address, for one that is not trusted, and for a file of the service's own
    /// that is not there.
    pub(crate) fn source(&self, address: &str) -> Result<Source, Problem> {
        if let Some(id) = self.taken_in(address) {
            return Ok(Source::Known(id));
        }
        if let Some(content) = self.settings.v2.sources.get(address) {
            return Ok(Source::Here(content.clone()));
        }
        let no_address = || Problem::field("sourceUrl", "Must be an address.");
        let url = reqwest::Url::parse(address).map_err(|_| no_address())?;
        let own = format!("{}/v2/consumer/blobs/", self.api_url);
        if let Some(id) = address.strip_prefix(&own) {
            let id = id.split(['?', '/']).next().unwrap_or_default();
            let blob = self.blob(id)?;
            if self.is_withheld(blob) {
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
    pub(crate) fn take_in(
        &mut self,
        address: &str,
        file: content::Content,
        public: bool,
    ) -> Result<&Blob, Problem> {
        let cannot = |detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
        if file.size() == 0 {
            return Err(cannot("The file is empty."));
        }
        let Some(kind) = BlobKind::of_media_type(file.media_type()) else {
            let detail = "The file is neither picture, sound, video nor model.";
            return Err(cannot(detail));
        };
        let extension = upload::extension(file.media_type());
        let size = upload::png_size(&file.slice(0..HEAD));
        let (width, height) = size.unwrap_or((0, 0));
        let blob = Blob {
            id: self.name_of(address, &extension),
            kind,
            format: Some(extension).filter(|_| kind == BlobKind::Model),
            width,
            height,
            content: Content::File(file),
            maker: None,
            level: Some(Maturity::Pg),
            blocked: None,
            made: Some(self.now),
            kept_until: self.now + KEPT,
            streamed: false,
            public,
        };
        Ok(self.blobs.entry(blob.id.clone()).or_insert(blob))
    }

    /// Keeps another file of the service once more, named after its address.
    pub(crate) fn copy(&mut self, address: &str, blob: Blob, public: bool) -> &Blob {
        let extension = Blob::extension(blob.kind, blob.format.as_deref());
        let copy = Blob {
            id: self.name_of(address, &extension),
            maker: None,
            made: Some(self.now),
            kept_until: self.now + KEPT,
            streamed: false,
            public,
            ..blob
        };
        self.blobs.entry(copy.id.clone()).or_insert(copy)
    }

    /// The file that was taken in from an address before.
    fn taken_in(&self, address: &str) -> Option<String> {
        let start = self.name_of(address, "");
        let mut from = self.blobs.range(start.clone()..);
        let (id, _) = from.next().filter(|(id, _)| id.starts_with(&start))?;
        self.blob(id).ok().map(|blob| blob.id.clone())
    }

    fn name_of(&self, address: &str, extension: &str) -> String {
        let digest = upload::digest(address.as_bytes());
        format!("{}.{extension}", &digest[..32])
    }
}
