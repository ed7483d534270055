//! Files from the storage of the service to a folder: several at a time, again after trouble.

use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use file_save::{Claims, Collision, Listener, Naming, Plan, SaveProgress};

use super::Sidecar;
use super::source::{Polls, Source};
use crate::{Client, Error, File, SavedFile};

/// Files about to be saved, from [`Client::save`]: await it, or say before how it is to be done.
///
/// Dropping it ends all transfers. What is saved stays, and no file is ever there in part.
#[must_use = "nothing is saved until this is awaited"]
pub struct Save {
    client: Client,
    sources: Vec<Source>,
    dir: PathBuf,
    naming: Naming,
    collision: Collision,
    claims: Claims,
    sidecar: Option<Sidecar>,
    at_once: Option<usize>,
    listener: Option<Listener>,
    rewrite: Option<Rewrite>,
}

/// What makes another content of a file.
type Rewrite = Box<dyn Fn(&File, &[u8]) -> Option<Vec<u8>> + Send + Sync>;

impl Client {
    /// Saves files into a folder, which is made where it is missing; several at a time. Await what
    /// this returns, or say before how it is to be done:
    ///
    /// ```
    /// # use civitai_jobs::{Air, Client, Collision, Naming, Sidecar, TextToImage};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = civitai_sim::Simulator::builder()
    /// #     .time(civitai_sim::SimTime::real(1000.0)).start().await?;
    /// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
    /// # let request = TextToImage::new(Air::civitai("sd1", "checkpoint", 4384, 128713)?, "fog");
    /// # let files = client.jobs().submit(&request).await?.watch().await?.files();
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path();
    /// let naming: Naming = "{prompt}-{job}-{index}".parse()?;
    /// let saved = client
    ///     .save(&files, dir, &naming.prompt(request.prompt_text()))
    ///     .at_once(8)
    ///     .on_collision(Collision::Keep)
    ///     .sidecar(Sidecar::of(&request))
    ///     .on_progress(|now| println!("{} of {:?} bytes", now.total_bytes, now.total_size))
    ///     .await?;
    /// # assert!(saved[0].sidecar.as_ref().is_some_and(|path| path.is_file()));
    /// # Ok(()) }
    /// ```
    ///
    /// Each file is written under a temporary name and renamed when it is complete and on disk, so
    /// that no file is ever there in part. Errors that may pass are retried: a transfer that broke
    /// goes on where it stopped, where the storage can vouch for it being the same file, and begins
    /// again where it cannot. An expired link is replaced. A transfer has no time limit as long as
    /// it brings something; one that brings nothing for 30 s is broken off.
    ///
    /// # Errors
    ///
    /// At least one file could not be saved. All are tried;
    /// [`saved_files`](Error::saved_files) are those that were.
    pub fn save(
        &self,
        files: impl IntoIterator<Item = impl Into<File>>,
        dir: impl AsRef<Path>,
        naming: &Naming,
    ) -> Save {
        let polls = Arc::<Polls>::default();
        let files = files.into_iter();
        let sources = files.map(|file| Source::new(self.clone(), file.into(), Arc::clone(&polls)));
        Save::new(self.clone(), sources.collect(), dir.as_ref(), naming)
    }
}

impl Save {
    fn new(client: Client, sources: Vec<Source>, dir: &Path, naming: &Naming) -> Self {
        Self {
            client,
            sources,
            dir: dir.to_owned(),
            naming: naming.clone(),
            collision: Collision::default(),
            claims: Claims::default(),
            sidecar: None,
            at_once: None,
            listener: None,
            rewrite: None,
        }
    }

    /// Sets what happens where a file of the same name is there; by default it gets a number.
    pub fn on_collision(mut self, collision: Collision) -> Self {
        self.collision = collision;
        self
    }

    /// Sets the files that [`Collision::Match`] leaves alone, whatever is in them.
    pub fn claims(mut self, claims: &Claims) -> Self {
        self.claims = claims.clone();
        self
    }

    /// Writes a JSON file beside each file.
    pub fn sidecar(mut self, sidecar: Sidecar) -> Self {
        self.sidecar = Some(sidecar);
        self
    }

    /// Sets how many transfers are under way at once, from 1 to 64. Default: 4.
    pub fn at_once(mut self, transfers: usize) -> Self {
        self.at_once = Some(transfers);
        self
    }

    /// Sets what is called for every chunk that comes and every file that is saved. It runs on the task
    /// that saves, so it must not block.
    pub fn on_progress(mut self, call: impl Fn(SaveProgress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Listener(Arc::new(call)));
        self
    }

    /// Sets what may change a file of up to 64 MiB before it gets its name, such as what writes metadata into a
    /// picture; `None` leaves it as it came. It runs on the task that saves.
    pub fn rewrite(
        mut self,
        change: impl Fn(&File, &[u8]) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        self.rewrite = Some(Box::new(change));
        self
    }

    /// Saves all files and tells of the first trouble only after the last file.
    async fn run(self) -> Result<Vec<SavedFile>, Error> {
        let files: Vec<File> = self.sources.iter().map(|one| one.file().clone()).collect();
        let stems = self.naming.stems(files.iter());
        let mut plan = Plan::new(self.client.transfers(), &self.dir)
            .on_collision(self.collision)
            .claims(&self.claims)
            .listener(self.listener);
        if let Some(at_once) = self.at_once {
            plan = plan.at_once(at_once);
        }
        if let Some(sidecar) = self.sidecar {
            plan = plan.sidecar(move |source: &Source, facts| sidecar.text(source.file(), facts));
        }
        if let Some(change) = self.rewrite {
            plan = plan.rewrite(move |source: &Source, _, bytes| change(source.file(), bytes));
        }
        let (saved, trouble) = plan.run(self.sources, stems).await?;
        let saved = saved.into_iter();
        let saved = saved
            .map(|(file, kept)| SavedFile::new(&files[file], kept))
            .collect();
        match trouble {
            None => Ok(saved),
            Some(error) => Err(Error::save(saved, files.len(), error)),
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
