//! The files of a submission that are on disk.

use std::path::{Path, PathBuf};

use civitai_jobs::{ClientKey, File, SavedFile};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::entry::{now, path, seconds};
use super::{Ledger, failed, unnoted};
use crate::event::FileLine;
use crate::failure::Failure;

/// A file that was saved.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    step: String,
    /// Its place in the output of the step.
    place: String,
    pub(crate) path: PathBuf,
    bytes: u64,
    media_type: String,
    size: Option<(u32, u32)>,
    seed: Option<i64>,
    blob: String,
}

impl Kept {
    pub(crate) fn new(file: &File, saved: &SavedFile) -> Self {
        Self {
            step: file.step().unwrap_or_default().to_owned(),
            place: place(file),
            path: std::path::absolute(&saved.path).unwrap_or_else(|_| saved.path.clone()),
            bytes: saved.bytes,
            media_type: saved.media_type.to_owned(),
            size: saved.size,
            seed: saved.seed,
            blob: saved.blob_id.clone(),
        }
    }

    /// Whether this is that file of the work.
    pub(crate) fn is(&self, file: &File) -> bool {
        self.step == file.step().unwrap_or_default() && self.place == place(file)
    }

    /// Whether it is still there, as long as it was.
    pub(crate) fn is_there(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|file| file.is_file() && file.len() == self.bytes)
    }

    /// Its path, as short as it can be from the working folder.
    pub(crate) fn shown(&self) -> &Path {
        let here = std::env::current_dir().ok();
        let below = here.and_then(|here| self.path.strip_prefix(here).ok());
        below.unwrap_or(&self.path)
    }

    pub(crate) fn line<'a>(&'a self, work: &'a str) -> FileLine<'a> {
        FileLine {
            path: self.shown().to_string_lossy(),
            bytes: self.bytes,
            media_type: self.media_type.as_str().into(),
            width: self.size.map(|(width, _)| width),
            height: self.size.map(|(_, height)| height),
            seed: self.seed,
            step: Some(self.step.as_str().into()).filter(|_| !self.step.is_empty()),
            job_id: work.into(),
            blob_id: self.blob.as_str().into(),
        }
    }

    fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let (width, height): (Option<u32>, Option<u32>) =
            (row.try_get("width")?, row.try_get("height")?);
        Ok(Self {
            step: row.try_get("step")?,
            place: row.try_get("place")?,
            path: path(row.try_get("path")?),
            bytes: u64::try_from(row.try_get::<i64, _>("bytes")?).unwrap_or_default(),
            media_type: row.try_get("media_type")?,
            size: width.zip(height),
            seed: row.try_get("seed")?,
            blob: row.try_get("blob")?,
        })
    }
}

/// The place of a file in its step (v2), or in its batch (v1).
fn place(file: &File) -> String {
    match file.step() {
        Some(_) => file.path().to_owned(),
        None => format!("{}/{}", file.work_id(), file.path()),
    }
}

impl Ledger {
    /// Notes a file that is on disk.
    pub(crate) async fn kept(&self, key: ClientKey, kept: &Kept) -> Result<(), Failure> {
        let insert = sqlx::query(
            "INSERT OR REPLACE INTO files
                (key, step, place, path, bytes, media_type, width, height, seed, blob, saved_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(key.to_string())
        .bind(&kept.step)
        .bind(&kept.place)
        .bind(kept.path.as_os_str().as_encoded_bytes())
        .bind(seconds(kept.bytes))
        .bind(&kept.media_type)
        .bind(kept.size.map(|(width, _)| width))
        .bind(kept.size.map(|(_, height)| height))
        .bind(kept.seed)
        .bind(&kept.blob)
        .bind(seconds(now()));
        insert
            .execute(&self.pool)
            .await
            .map_err(|error| unnoted(&error))?;
        Ok(())
    }

    /// Whether a file of any submission is noted at this path.
    pub(crate) async fn has(&self, path: &Path) -> Result<bool, Failure> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let found = sqlx::query("SELECT 1 FROM files WHERE path = ?")
            .bind(path.as_os_str().as_encoded_bytes().to_vec())
            .fetch_optional(&self.pool)
            .await;
        Ok(found.map_err(|error| failed(&error))?.is_some())
    }

    /// The files of a submission, in the order in which they were saved.
    pub(crate) async fn files(&self, key: ClientKey) -> Result<Vec<Kept>, Failure> {
        let rows = sqlx::query("SELECT * FROM files WHERE key = ? ORDER BY rowid");
        let rows = rows.bind(key.to_string()).fetch_all(&self.pool).await;
        let rows = rows.map_err(|error| failed(&error))?;
        let files = rows.iter().map(Kept::read).collect::<Result<_, _>>();
        files.map_err(|error| failed(&error))
    }
}
