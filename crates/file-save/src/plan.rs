//! Saving files: each fetched into a part, named, reported; several at a time.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use crate::fetch::{Event, Fetch};
use crate::kind::{self, Kind};
use crate::part::{self, Named as Placed, Part, Place};
use crate::progress::Listener;
use crate::tally::Tally;
use crate::{Claims, Collision, Kept, Source, Transfer, Transfers, leftovers};

/// Transfers under way at once by default.
const AT_ONCE: usize = 4;
const MOST_AT_ONCE: usize = 64;

/// How files are saved.
pub struct Plan<S> {
    transfers: Transfers,
    dir: PathBuf,
    collision: Collision,
    claims: Claims,
    at_once: usize,
    listener: Option<Listener>,
    sidecar: Option<Arc<Beside<S>>>,
    rewrite: Option<Arc<Rewrite<S>>>,
}

/// What makes the text beside a file.
type Beside<S> = dyn Fn(&S, &Facts) -> Vec<u8> + Send + Sync;

/// What makes another content of a file.
type Rewrite<S> = dyn Fn(&S, &Facts, &[u8]) -> Option<Vec<u8>> + Send + Sync;

/// The largest file that is rewritten, in bytes: it is held in memory.
const REWRITTEN: u64 = 64 << 20;

/// What is known of a file once it is there.
#[derive(Debug)]
#[non_exhaustive]
pub struct Facts {
    /// Its size.
    pub bytes: u64,
    /// What it is.
    pub kind: Kind,
    /// When the service wrote it, as an HTTP date.
    pub modified: Option<String>,
}

impl<S: Source> Plan<S> {
    /// Plans to save into a folder.
    #[must_use]
    pub fn new(transfers: Transfers, dir: &Path) -> Self {
        Self {
            transfers,
            dir: dir.to_owned(),
            collision: Collision::default(),
            claims: Claims::default(),
            at_once: AT_ONCE,
            listener: None,
            sidecar: None,
            rewrite: None,
        }
    }

    /// Sets what happens where a file of the same name is there.
    #[must_use]
    pub fn on_collision(mut self, collision: Collision) -> Self {
        self.collision = collision;
        self
    }

    /// Sets what [`Collision::Match`] leaves alone.
    #[must_use]
    pub fn claims(mut self, claims: &Claims) -> Self {
        self.claims = claims.clone();
        self
    }

    /// Sets how many transfers are under way at once, from 1 to 64.
    #[must_use]
    pub fn at_once(mut self, transfers: usize) -> Self {
        self.at_once = transfers.clamp(1, MOST_AT_ONCE);
        self
    }

    /// Sets what is told how far the files are.
    #[must_use]
    pub fn listener(mut self, listener: impl Into<Option<Listener>>) -> Self {
        self.listener = listener.into();
        self
    }

    /// Sets what makes the text beside each file.
    #[must_use]
    pub fn sidecar(mut self, text: impl Fn(&S, &Facts) -> Vec<u8> + Send + Sync + 'static) -> Self {
        self.sidecar = Some(Arc::new(text));
        self
    }

    /// Sets what may change a file of up to 64 MiB before it gets its name; `None` leaves it as it came.
    #[must_use]
    pub fn rewrite(
        mut self,
        change: impl Fn(&S, &Facts, &[u8]) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        self.rewrite = Some(Arc::new(change));
        self
    }

    /// Saves all files under their stems; returns those that were saved with their places, and the first
    /// trouble.
    ///
    /// # Errors
    ///
    /// The folder cannot be made.
    pub async fn run(
        self,
        sources: Vec<S>,
        stems: Vec<String>,
    ) -> Result<(Vec<(usize, Kept)>, Option<S::Error>), Transfer> {
        tokio::fs::create_dir_all(&self.dir)
            .await
            .map_err(|source| disk(&self.dir, source))?;
        leftovers::sweep(&self.dir).await;
        let tally = Tally::new(sources.len(), self.listener.clone());
        let files = sources.into_iter().zip(stems).enumerate();
        let transfers = files.map(|(file, (source, stem))| {
            let (plan, tally) = (&self, &tally);
            async move { (file, plan.one(tally, file, source, stem).await) }
        });
        // Collected first: a stream that makes each future on its way is not `Send`.
        let transfers: Vec<_> = transfers.collect();
        let mut done: Vec<_> = stream::iter(transfers)
            .buffer_unordered(self.at_once)
            .collect()
            .await;
        done.sort_by_key(|(file, _)| *file);

        let (mut saved, mut trouble) = (Vec::new(), None);
        for (file, result) in done {
            match result {
                Ok(kept) => saved.push((file, kept)),
                Err(error) => trouble = trouble.or(Some(error)),
            }
        }
        Ok((saved, trouble))
    }

    /// Saves one file.
    async fn one(
        &self,
        tally: &Tally,
        file: usize,
        source: S,
        stem: String,
    ) -> Result<Kept, S::Error> {
        let place = Place {
            dir: self.dir.clone(),
            stem,
            collision: self.collision,
            claims: self.claims.clone(),
        };
        if self.collision == Collision::Keep
            && let Some(path) = place.taken(Kind::media_extensions())
        {
            return Ok(self.there(tally, file, path).await?);
        }
        let trouble = |source| disk(&self.dir, source);
        let mut part = Part::new(&self.dir).map_err(trouble)?;
        let mut fetch = Fetch::new(self.transfers.clone(), source);
        let mut bytes = 0;
        loop {
            match fetch.next().await? {
                Event::Begin => {
                    bytes = 0;
                    part.begin().await.map_err(trouble)?;
                }
                Event::Chunk(chunk) => {
                    part.write(&chunk).await.map_err(trouble)?;
                    bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
                }
                Event::End => break,
            }
            tally.come(file, bytes, fetch.size);
        }
        let kind = Kind::of(&fetch.head, &fetch.media_type);
        let mut facts = Facts {
            bytes,
            kind,
            modified: fetch.modified.take(),
        };
        if let Some(rewrite) = self.rewrite.as_deref().filter(|_| bytes <= REWRITTEN) {
            let content = part.content().await.map_err(trouble)?;
            if let Some(changed) = rewrite(&fetch.source, &facts, &content) {
                part.begin().await.map_err(trouble)?;
                part.write(&changed).await.map_err(trouble)?;
                facts.bytes = u64::try_from(changed.len()).unwrap_or(u64::MAX);
            }
        }
        let sidecar = self
            .sidecar
            .as_ref()
            .map(|text| text(&fetch.source, &facts));
        let named = part.keep(place, kind.extension, sidecar).await;
        let Placed {
            path,
            sidecar,
            was_there,
        } = named.map_err(trouble)?;
        if was_there {
            return Ok(self.there(tally, file, path).await?);
        }
        tally.saved(file, bytes);
        Ok(Kept {
            path,
            sidecar,
            bytes: facts.bytes,
            media_type: kind.media_type,
            size: kind::size(&fetch.head),
            was_there: false,
        })
    }

    /// Takes a file that is there for the one that was asked for.
    async fn there(&self, tally: &Tally, file: usize, path: PathBuf) -> Result<Kept, Transfer> {
        let read = part::look(&path).await;
        let (bytes, head) = read.map_err(|source| disk(&path, source))?;
        tally.saved(file, bytes);
        Ok(Kept {
            sidecar: None,
            bytes,
            media_type: Kind::of(&head, "").media_type,
            size: kind::size(&head),
            was_there: true,
            path,
        })
    }
}

/// Saves bytes under a stem, with a number behind it where the name is taken.
pub(crate) async fn kept(bytes: &[u8], dir: &Path, stem: &str) -> Result<PathBuf, Transfer> {
    let trouble = |source| disk(dir, source);
    tokio::fs::create_dir_all(dir).await.map_err(trouble)?;
    let mut part = Part::new(dir).map_err(trouble)?;
    part.write(bytes).await.map_err(trouble)?;
    let naming = crate::Naming::from_prompt(stem);
    let place = Place {
        dir: dir.to_owned(),
        stem: naming.plain(),
        collision: Collision::Number,
        claims: Claims::default(),
    };
    let kind = Kind::of(bytes.get(..kind::HEAD).unwrap_or(bytes), "");
    let named = part.keep(place, kind.extension, None).await;
    Ok(named.map_err(trouble)?.path)
}

fn disk(path: &Path, source: io::Error) -> Transfer {
    let path = path.to_owned();
    Transfer::Disk { path, source }
}

impl<S> fmt::Debug for Plan<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("dir", &self.dir)
            .field("collision", &self.collision)
            .field("at_once", &self.at_once)
            .finish_non_exhaustive()
    }
}
