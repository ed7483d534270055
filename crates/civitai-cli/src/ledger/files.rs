//! The files of a submission that are on disk.

use std::path::{Path, PathBuf};

use civitai_jobs::{ClientKey, File, SavedFile};

use super::db::on;
use super::entry::{now, path, seconds};
use super::{Ledger, failed, unnoted};
use crate::event::FileLine;
use crate::failure::Failure;

/// A file that was saved.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(super) step: String,
    /// Its place in the output of the step.
    pub(super) place: String,
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) media_type: String,
    pub(crate) size: Option<(u32, u32)>,
    pub(crate) seed: Option<i64>,
    pub(super) blob: String,
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

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn media_type(&self) -> &str {
        &self.media_type
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
}

/// A file as its table has it.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    step: String,
    place: String,
    path: Vec<u8>,
    bytes: i64,
    media_type: String,
    width: Option<i64>,
    height: Option<i64>,
    seed: Option<i64>,
    blob: String,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        let side = |side: Option<i64>| side.and_then(|side| u32::try_from(side).ok());
        Self {
            step: row.step,
            place: row.place,
            path: path(row.path),
            bytes: u64::try_from(row.bytes).unwrap_or_default(),
            media_type: row.media_type,
            size: side(row.width).zip(side(row.height)),
            seed: row.seed,
            blob: row.blob,
        }
    }
}

/// The place of a file in its step (v2), or in its batch (v1).
fn place(file: &File) -> String {
    match file.step() {
        Some(_) => file.path().to_owned(),
        None => format!("{}/{}", file.work_id(), file.path()),
    }
}

/// Writes the row of a file, in place of one that was there.
macro_rules! insert {
    ($key:expr, $kept:expr) => {
        sqlx::query($crate::ledger::files::INSERT)
            .bind($key.to_string())
            .bind(&$kept.step)
            .bind(&$kept.place)
            .bind($kept.path.as_os_str().as_encoded_bytes())
            .bind(seconds($kept.bytes))
            .bind(&$kept.media_type)
            .bind($kept.size.map(|(width, _)| i64::from(width)))
            .bind($kept.size.map(|(_, height)| i64::from(height)))
            .bind($kept.seed)
            .bind(&$kept.blob)
            .bind(seconds(now()))
    };
}
pub(super) use insert;

pub(super) const INSERT: &str = "INSERT INTO files
        (key, step, place, path, bytes, media_type, width, height, seed, blob, saved_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (key, step, place) DO UPDATE SET path = excluded.path, bytes = excluded.bytes,
        media_type = excluded.media_type, width = excluded.width, height = excluded.height,
        seed = excluded.seed, blob = excluded.blob, saved_at = excluded.saved_at";

impl Ledger {
    /// Notes a file that is on disk.
    pub(crate) async fn kept(&self, key: ClientKey, kept: &Kept) -> Result<(), Failure> {
        let noted = on!(self, pool => insert!(key, kept).execute(pool).await.map(drop));
        noted.map_err(|error| unnoted(&error))
    }

    /// The files of all submissions that are noted in a folder, which is absolute, or below it.
    pub(crate) async fn paths_in(&self, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
        // All names begin with the folder and a separator, and come before what has the next letter in its place.
        let first = folder.join("").as_os_str().as_encoded_bytes().to_vec();
        let mut last = first.clone();
        if let Some(separator) = last.last_mut() {
            *separator += 1;
        }
        let rows = on!(self, pool => {
            let rows = sqlx::query_scalar("SELECT path FROM files WHERE path >= $1 AND path < $2");
            let rows: Result<Vec<Vec<u8>>, _> = rows.bind(&first).bind(&last).fetch_all(pool).await;
            rows
        });
        let rows = rows.map_err(|error| failed(&error))?;
        Ok(rows.into_iter().map(path).collect())
    }

    /// The files of a submission, by their places.
    pub(crate) async fn files(&self, key: ClientKey) -> Result<Vec<Kept>, Failure> {
        let rows = on!(self, pool => {
            let rows = sqlx::query_as("SELECT * FROM files WHERE key = $1 ORDER BY saved_at, step, place");
            let rows: Result<Vec<Row>, _> = rows.bind(key.to_string()).fetch_all(pool).await;
            rows
        });
        let rows = rows.map_err(|error| failed(&error))?;
        Ok(rows.into_iter().map(Kept::from).collect())
    }

    /// All files of a run, each with its line; those of attempts that gave way to another aside.
    pub(crate) async fn files_of_run(&self, run: &str) -> Result<Vec<(u32, Kept)>, Failure> {
        let rows = on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT s.line, f.* FROM files f JOIN submissions s ON s.key = f.key
                 WHERE s.run = $1 AND s.line IS NOT NULL ORDER BY s.line, f.saved_at, f.step, f.place",
            );
            let rows: Result<Vec<OfLine>, _> = rows.bind(run).fetch_all(pool).await;
            rows
        });
        let rows = rows.map_err(|error| failed(&error))?.into_iter();
        let kept = |row: OfLine| (u32::try_from(row.line).unwrap_or_default(), row.file.into());
        Ok(rows.map(kept).collect())
    }
}

/// A file with the line that it is of.
#[derive(Debug, sqlx::FromRow)]
struct OfLine {
    line: i64,
    #[sqlx(flatten)]
    file: Row,
}
