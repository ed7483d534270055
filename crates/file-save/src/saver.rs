//! Saves bare links.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::plan::kept;
use crate::progress::Listener;
use crate::{
    Claims, Collision, Connections, Error, FileReader, Kept, Link, Naming, Plan, SaveProgress,
    Transfer, Transfers,
};

/// Saves files of bare links. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Saver {
    transfers: Transfers,
}

/// Files about to be saved: await it, or say before how it is to be done.
///
/// Dropping it ends all transfers. What is saved stays, and no file is ever there in part.
#[derive(Debug)]
#[must_use = "nothing is saved until this is awaited"]
pub struct Save {
    links: Vec<Link>,
    naming: Naming,
    plan: Plan<Link>,
}

impl Saver {
    /// Creates one with a client of its own, which carries no credential.
    ///
    /// # Errors
    ///
    /// The client cannot be made.
    pub fn new() -> Result<Self, Error> {
        let connections = Connections::new(false).map_err(Transfer::Setup)?;
        let client = connections.storage(concat!("file-save/", env!("CARGO_PKG_VERSION")));
        let client = client.map_err(Transfer::Setup)?;
        Ok(Self::by(Transfers::by(client)))
    }

    /// Creates one that fetches in this way.
    #[must_use]
    pub fn by(transfers: Transfers) -> Self {
        Self { transfers }
    }

    /// Saves files into a folder, which is made where it is missing.
    ///
    /// # Errors
    ///
    /// At least one file could not be saved. All are tried; [`Error::saved`] are those that were.
    pub fn save(
        &self,
        links: impl IntoIterator<Item = impl Into<Link>>,
        dir: impl AsRef<Path>,
        naming: &Naming,
    ) -> Save {
        Save {
            links: links.into_iter().map(Into::into).collect(),
            naming: naming.clone(),
            plan: Plan::new(self.transfers.clone(), dir.as_ref()),
        }
    }

    /// Opens a file to read it chunk by chunk or into memory, without touching the disk.
    ///
    /// # Errors
    ///
    /// The file could not be fetched.
    pub async fn open(&self, link: impl Into<Link>) -> Result<FileReader<Link>, Error> {
        FileReader::open(self.transfers.clone(), link.into()).await
    }

    /// Saves bytes that are there already, such as a reply that is the file itself; `stem` is the name
    /// without its extension, which follows from the content.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub async fn keep(
        &self,
        bytes: &Bytes,
        dir: impl AsRef<Path>,
        stem: &str,
    ) -> Result<PathBuf, Error> {
        Ok(kept(bytes, dir.as_ref(), stem).await?)
    }
}

impl Save {
    /// Sets what happens where a file of the same name is there; by default it gets a number.
    pub fn on_collision(mut self, collision: Collision) -> Self {
        self.plan = self.plan.on_collision(collision);
        self
    }

    /// Sets what [`Collision::Match`] leaves alone.
    pub fn claims(mut self, claims: &Claims) -> Self {
        self.plan = self.plan.claims(claims);
        self
    }

    /// Sets how many transfers are under way at once, from 1 to 64. Default: 4.
    pub fn at_once(mut self, transfers: usize) -> Self {
        self.plan = self.plan.at_once(transfers);
        self
    }

    /// Sets what is called for every chunk that comes and every file that is saved. It runs on the task
    /// that saves, so it must not block.
    pub fn on_progress(mut self, call: impl Fn(SaveProgress) + Send + Sync + 'static) -> Self {
        self.plan = self.plan.listener(Listener(Arc::new(call)));
        self
    }

    async fn run(self) -> Result<Vec<Kept>, Error> {
        let stems = self.naming.stems(self.links.iter());
        let (saved, trouble) = self.plan.run(self.links, stems).await?;
        let saved = saved.into_iter().map(|(_, kept)| kept).collect();
        match trouble {
            None => Ok(saved),
            Some(error) => Err(error.with(saved)),
        }
    }
}

impl IntoFuture for Save {
    type Output = Result<Vec<Kept>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
