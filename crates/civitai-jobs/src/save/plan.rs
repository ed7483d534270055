//! Saving one file: fetched into a part, named, reported.

use std::io;
use std::path::{Path, PathBuf};

use super::Collision;
use super::fetch::{Event, Fetch};
use super::kind::{self, Kind};
use super::part::{self, Kept, Part, Place};
use super::progress::Tally;
use super::sidecar::{Facts, Sidecar};
use super::source::Source;
use crate::error::Transfer;
use crate::{Client, Error, File, SavedFile};

/// What all transfers of one call share.
pub(super) struct Plan {
    pub(super) client: Client,
    pub(super) dir: PathBuf,
    pub(super) collision: Collision,
    pub(super) sidecar: Option<Sidecar>,
    pub(super) tally: Tally,
}

impl Plan {
    /// Saves one file.
    pub(super) async fn one(
        &self,
        file: usize,
        source: Source,
        stem: String,
    ) -> Result<SavedFile, Error> {
        let place = Place {
            dir: self.dir.clone(),
            stem,
            collision: self.collision,
        };
        if self.collision == Collision::Keep
            && let Some(path) = place.taken(Kind::media_extensions())
        {
            return self.there(file, source.file(), path).await;
        }
        let about = source.file().clone();
        let trouble = |source| disk(&self.dir, source);
        let mut part = Part::new(&self.dir).map_err(trouble)?;
        let mut fetch = Fetch::new(self.client.clone(), source, self.client.largest_file());
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
            self.tally.come(file, bytes, fetch.size);
        }
        let kind = Kind::of(&fetch.head, &fetch.media_type);
        let facts = Facts {
            bytes,
            kind,
            modified: fetch.modified.take(),
        };
        let sidecar = self.sidecar.as_ref().map(|card| card.text(&about, &facts));
        let kept = part.keep(place, kind.extension, sidecar).await;
        let Kept {
            path,
            sidecar,
            was_there,
        } = kept.map_err(trouble)?;
        if was_there {
            return self.there(file, &about, path).await;
        }
        self.tally.saved(file, bytes);
        Ok(SavedFile {
            path,
            sidecar,
            bytes,
            media_type: kind.media_type,
            size: kind::size(&fetch.head),
            seed: about.seed(),
            work_id: about.work_id().to_owned(),
            blob_id: about.blob_id().unwrap_or_default().to_owned(),
            was_there: false,
        })
    }

    /// Takes a file that is there for the one that was asked for.
    async fn there(&self, file: usize, about: &File, path: PathBuf) -> Result<SavedFile, Error> {
        let read = part::look(&path).await;
        let (bytes, head) = read.map_err(|source| disk(&path, source))?;
        self.tally.saved(file, bytes);
        Ok(SavedFile {
            sidecar: None,
            bytes,
            media_type: Kind::of(&head, "").media_type,
            size: kind::size(&head),
            seed: about.seed(),
            work_id: about.work_id().to_owned(),
            blob_id: about.blob_id().unwrap_or_default().to_owned(),
            was_there: true,
            path,
        })
    }
}

pub(super) fn disk(path: &Path, source: io::Error) -> Transfer {
    let path = path.to_owned();
    Transfer::Disk { path, source }
}
