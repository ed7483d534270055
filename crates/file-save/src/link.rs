//! A bare link to a file.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use crate::{Error, Named, Source, Transfer};

/// A link to a file, and what the file is called after. There is no other link once it has expired.
#[derive(Clone)]
pub struct Link {
    url: SecretString,
    work: String,
    index: usize,
    seed: Option<i64>,
}

impl Link {
    /// Creates one of an address.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: SecretString::from(url),
            work: String::new(),
            index: 0,
            seed: None,
        }
    }

    /// Sets the id of the work that made the file.
    #[must_use]
    pub fn work(mut self, id: &str) -> Self {
        id.clone_into(&mut self.work);
        self
    }

    /// Sets the place of the file among those of its work, from 0.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.index = index;
        self
    }

    /// Sets the place by where the link stood, such as `images/3/url`: its last number counts.
    #[must_use]
    pub fn place(self, place: &str) -> Self {
        let mut numbers = place.rsplit('/').filter_map(|step| step.parse().ok());
        let index = numbers.next().unwrap_or(self.index);
        self.index(index)
    }

    /// Sets the seed that the file was made with.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<Option<i64>>) -> Self {
        self.seed = seed.into();
        self
    }
}

impl Source for Link {
    type Error = Error;

    fn link(&self) -> Option<SecretString> {
        Some(self.url.clone())
    }

    async fn fresh_link(&self, refused: Option<&SecretString>) -> Result<SecretString, Error> {
        // The link may work all the same: storages refuse for other reasons too.
        let is_other = |refused: &SecretString| refused.expose_secret() != self.url.expose_secret();
        match refused {
            Some(refused) if !is_other(refused) => Err(Transfer::Gone.into()),
            _ => Ok(self.url.clone()),
        }
    }
}

impl Named for Link {
    fn index(&self) -> usize {
        self.index
    }

    fn seed(&self) -> Option<i64> {
        self.seed
    }

    fn work(&self) -> &str {
        &self.work
    }
}

impl From<&Link> for Link {
    fn from(link: &Link) -> Self {
        link.clone()
    }
}

/// The address may be signed.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("work", &self.work)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}
