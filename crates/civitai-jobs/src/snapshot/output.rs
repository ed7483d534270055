//! A file that a job made and that can be fetched.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::blob::Blob;
use crate::Token;

/// A file that a job made and that can be fetched; [`Client::save`](crate::Client::save) and
/// [`Client::open`](crate::Client::open) do.
///
/// Its link is signed and good for about an hour. Whoever has the link has the file, so `Debug` does
/// not show it.
#[derive(Clone)]
pub struct Output {
    pub(crate) token: Token,
    job_id: String,
    index: usize,
    blob_key: String,
    url: Option<SecretString>,
    seed: Option<i64>,
    job_cost: Option<f64>,
}

impl Output {
    /// Nothing where the file is not available: a link may be there before the file is.
    pub(super) fn new(
        token: &Token,
        job_id: &str,
        index: usize,
        job_cost: Option<f64>,
        blob: Blob<'_>,
    ) -> Option<Self> {
        blob.available.then(|| Self {
            token: token.clone(),
            job_id: job_id.to_owned(),
            index,
            blob_key: blob.key.to_owned(),
            url: blob.url.map(SecretString::from),
            seed: blob.seed,
            job_cost,
        })
    }

    /// The id of the job that made the file.
    #[must_use]
    pub fn job_id(&self) -> &str {
        &self.job_id
    }

    /// The place of the file in the result of its job, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The name of the file at the service.
    #[must_use]
    pub fn blob_key(&self) -> &str {
        &self.blob_key
    }

    /// The signed link, where the service has sent one yet. Treat it as a secret.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The seed that the image was made with.
    #[must_use]
    pub fn seed(&self) -> Option<i64> {
        self.seed
    }

    /// The price in Buzz of the whole job that made the file, which may have made others.
    #[must_use]
    pub fn job_cost(&self) -> Option<f64> {
        self.job_cost
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output")
            .field("job_id", &self.job_id)
            .field("index", &self.index)
            .field("blob_key", &self.blob_key)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
