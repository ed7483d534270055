//! Files from the storage of the service to a folder: several at a time, again after trouble.

use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

pub(crate) use fetch::Fetch;
pub use naming::{Naming, ParseNamingError};
pub use open::OutputReader;
pub use progress::SaveProgress;
pub use sidecar::Sidecar;
pub use source::FileSource;
pub(crate) use source::{About, Asking, Source};
pub(crate) use storage::storage;

use crate::{Client, Error};
use plan::{Plan, disk};
use progress::{Listener, Tally};

mod fetch;
mod kind;
mod leftovers;
mod naming;
mod open;
mod packed;
mod part;
mod plan;
mod progress;
mod reply;
mod sidecar;
mod source;
mod storage;
mod whole;

/// Transfers under way at once, unless told.
const AT_ONCE: usize = 4;
const MOST_AT_ONCE: usize = 64;

/// A file that is complete and on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SavedFile {
    /// Where the file is.
    pub path: PathBuf,
    /// Where its sidecar is, where one was asked for.
    pub sidecar: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type, told from its first bytes where they tell it.
    pub media_type: &'static str,
    /// Its width and height in pixels, where its format tells them at the front, as PNG does.
    pub size: Option<(u32, u32)>,
    /// The seed that the image was made with.
    pub seed: Option<i64>,
    /// The id of the job that made it, or of the workflow.
    pub job_id: String,
    /// The name of the file at the service.
    pub blob_key: String,
    /// The file was there before and has stayed as it was; see [`Collision::Keep`].
    pub was_there: bool,
}

/// What happens where a file of the same name is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Collision {
    /// The new file gets a number behind its name: `fog-7-2.png`.
    #[default]
    Number,
    /// The new file takes the place of the old one, at once and whole.
    Replace,
    /// The old file stays and counts as saved. Media whose name is there is not even fetched, so
    /// that a second run fetches what the first one missed.
    Keep,
}

/// Files about to be saved, from [`Client::save`]: await it, or say before how it is to be done.
///
/// Dropping it ends all transfers. What is saved stays, and no file is ever there in part.
#[must_use = "nothing is saved until this is awaited"]
pub struct Save {
    client: Client,
    sources: Vec<Box<dyn Source>>,
    dir: PathBuf,
    naming: Naming,
    collision: Collision,
    sidecar: Option<Sidecar>,
    at_once: usize,
    listener: Option<Listener>,
}

impl Save {
    pub(crate) fn new(
        client: Client,
        sources: Vec<Box<dyn Source>>,
        dir: &Path,
        naming: &Naming,
    ) -> Self {
        Self {
            client,
            sources,
            dir: dir.to_owned(),
            naming: naming.clone(),
            collision: Collision::default(),
            sidecar: None,
            at_once: AT_ONCE,
            listener: None,
        }
    }

    /// Sets what happens where a file of the same name is there; it is numbered unless told.
    pub fn on_collision(mut self, collision: Collision) -> Self {
        self.collision = collision;
        self
    }

    /// Writes a JSON file beside each file.
    pub fn sidecar(mut self, sidecar: Sidecar) -> Self {
        self.sidecar = Some(sidecar);
        self
    }

    /// Sets how many transfers are under way at once, from 1 to 64; 4 unless told.
    pub fn at_once(mut self, transfers: usize) -> Self {
        self.at_once = transfers.clamp(1, MOST_AT_ONCE);
        self
    }

    /// Sets what is told of every chunk that comes and every file that is saved. It is called on
    /// the task that saves, so it must not block.
    pub fn on_progress(mut self, told: impl Fn(SaveProgress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Listener(Arc::new(told)));
        self
    }

    /// Saves all files and tells of the first trouble only after the last file.
    async fn run(self) -> Result<Vec<SavedFile>, Error> {
        let (wanted, at_once) = (self.sources.len(), self.at_once);
        tokio::fs::create_dir_all(&self.dir)
            .await
            .map_err(|source| disk(&self.dir, source))?;
        leftovers::sweep(&self.dir).await;
        let abouts: Vec<About> = self.sources.iter().map(|source| source.about()).collect();
        let stems = self.naming.stems(abouts.iter());
        let tally = Tally::new(wanted, self.listener);
        let plan = Plan {
            client: self.client,
            collision: self.collision,
            sidecar: self.sidecar,
            dir: self.dir,
            tally,
        };
        let files = self.sources.into_iter().zip(abouts).zip(stems).enumerate();
        let transfers = files.map(|(file, ((source, about), stem))| {
            let plan = &plan;
            async move { (file, plan.one(file, source, about, stem).await) }
        });
        // Collected first: a stream that makes each future on its way is not `Send`.
        let transfers: Vec<_> = transfers.collect();
        let mut done: Vec<_> = stream::iter(transfers)
            .buffer_unordered(at_once)
            .collect()
            .await;
        done.sort_by_key(|(file, _)| *file);

        let (mut saved, mut trouble) = (Vec::new(), None);
        for (_, result) in done {
            match result {
                Ok(file) => saved.push(file),
                Err(error) => trouble = trouble.or(Some(error)),
            }
        }
        match trouble {
            None => Ok(saved),
            Some(error) => Err(Error::save(saved, wanted, error)),
        }
    }
}

impl IntoFuture for Save {
    type Output = Result<Vec<SavedFile>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Save {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Save")
            .field("files", &self.sources.len())
            .field("dir", &self.dir)
            .field("naming", &self.naming)
            .field("collision", &self.collision)
            .field("at_once", &self.at_once)
            .finish_non_exhaustive()
    }
}
