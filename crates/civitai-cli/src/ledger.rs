//! The ledger: what was asked for, under which key, what became of it, what it cost and where its files are.
//!
//! A record is on disk before the call that pays is made, so that a crash at any moment leaves a key under
//! which the service recognises the work.

use std::path::{Path, PathBuf};
use std::time::Duration;

use civitai_jobs::Buzz;
use clap::Args;
use directories::ProjectDirs;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub(crate) use budget::Budget;
pub(crate) use entry::{Entry, Place, State};
pub(crate) use files::Kept;

use crate::exit;
use crate::failure::{Failure, chain};

mod budget;
mod entry;
mod files;
mod query;
mod record;
mod schema;

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the record of what was asked for is kept.
#[derive(Clone, Debug, Args)]
pub(crate) struct Recording {
    /// The ledger: a SQLite file [default: ledger.sqlite in the folder of your data].
    #[arg(long, value_name = "FILE", env = "CIVITAI_LEDGER")]
    ledger: Option<PathBuf>,
}

/// An open ledger.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pool: SqlitePool,
    /// The file that was named, for commands that go on.
    named: Option<PathBuf>,
}

impl Recording {
    /// Opens the ledger, which is made where it is missing. Work of the simulator inside the program is
    /// gone when that ends, and its record as well, unless a file is named.
    pub(crate) async fn open(&self, local: bool) -> Result<Ledger, Failure> {
        let file = match &self.ledger {
            None if local => return Ledger::open(None, None).await,
            None => default_file()?,
            Some(file) => file.clone(),
        };
        Ledger::open(Some(&file), self.ledger.clone()).await
    }
}

impl Ledger {
    async fn open(file: Option<&Path>, named: Option<PathBuf>) -> Result<Self, Failure> {
        let options = match file {
            Some(file) => {
                prepare(file)?;
                SqliteConnectOptions::new().filename(file)
            }
            None => SqliteConnectOptions::new().in_memory(true),
        };
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            // A record that is not on disk when the work is paid for is none.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None);
        let pool = pool.connect_with(options).await;
        let pool = pool.map_err(|error| unusable(file, &chain(&error)))?;
        schema::migrate(&pool)
            .await
            .map_err(|why| unusable(file, &why))?;
        Ok(Self { pool, named })
    }

    /// The argument that names the ledger again, where it was named.
    pub(crate) fn named(&self) -> Option<&Path> {
        self.named.as_deref()
    }
}

/// An error of a statement.
fn failed(error: &sqlx::Error) -> Failure {
    let what = format!("the ledger cannot be used: {}", chain(error));
    Failure::input(what).advise("name another one with --ledger FILE")
}

/// An error of a statement about work that the service may have by now.
fn unnoted(error: &sqlx::Error) -> Failure {
    let what = format!("the ledger could not be written: {}", chain(error));
    let failure = Failure::new(exit::NOT_SAVED, what);
    failure
        .advise("the work may go on; `civitai-jobs resume` takes it up by what was written before")
}

fn unusable(file: Option<&Path>, why: &str) -> Failure {
    let shown = file.map_or_else(|| "in memory".into(), Path::to_string_lossy);
    let what = format!("the ledger `{shown}` cannot be used: {why}");
    Failure::input(what).advise("name another one with --ledger FILE")
}

fn default_file() -> Result<PathBuf, Failure> {
    let places = ProjectDirs::from("", "", "civitai-jobs");
    let places = places.ok_or_else(|| {
        Failure::input("the system names no folder for your data")
            .advise("name one with --ledger FILE")
    })?;
    Ok(places.data_dir().join("ledger.sqlite"))
}

/// Makes the file where it is missing, for the user alone: it holds prompts. SQLite gives the files beside
/// it the same mode.
fn prepare(file: &Path) -> Result<(), Failure> {
    let refused = |error: std::io::Error| unusable(Some(file), &chain(&error));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop).map_err(refused)
}

/// Buzz as the ledger keeps them.
fn buzz(number: Option<f64>) -> Option<Buzz> {
    number.map(Buzz::from_f64)
}
