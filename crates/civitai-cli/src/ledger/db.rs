//! The database under the ledger: a file of SQLite, or a Postgres server that machines share.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Database, SqlitePool, Transaction};
use tempfile::TempDir;

use crate::failure::{Failure, chain};

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a file is kept in memory, in KiB with a minus, as SQLite counts it: a claim of the queue touches pages
/// all over the file.
const CACHE: &str = "-32000";
/// Pages of the log after which it is written into the file.
const LOG: &str = "4000";
/// Begins a change that a power cut may take back: it is made again from what the service knows.
const BEGIN: &str = "BEGIN IMMEDIATE";
/// Begins one that lasts once it is committed, with all before it.
const BEGIN_LASTING: &str = "PRAGMA synchronous = FULL; BEGIN IMMEDIATE";
/// Ends the time in which every commit is flushed.
const RELAX: &str = "PRAGMA synchronous = NORMAL";

/// An open database.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    Sqlite(Box<File>),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgPool),
}

/// A file of SQLite. All statements, those of the queue included, share one connection: they never wait for a lock of
/// each other, and what one has read is still in memory for the next.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pool: SqlitePool,
    pub(crate) path: PathBuf,
    /// Takes the file away with the last user of it.
    _scratch: Option<Arc<TempDir>>,
}

/// Does the same with either database, which the body sees as a pool.
macro_rules! on {
    ($ledger:expr, $pool:ident => $body:expr) => {
        match &$ledger.db {
            $crate::ledger::db::Db::Sqlite($pool) => {
                let $pool = $pool.pool();
                $body
            }
            #[cfg(feature = "postgres")]
            $crate::ledger::db::Db::Postgres($pool) => $body,
        }
    };
}
pub(super) use on;

/// A way to begin a change that nobody else makes at the same time.
pub(super) trait Change {
    type Db: Database;

    /// Begins a transaction that writes.
    async fn change(&self) -> Result<Transaction<'static, Self::Db>, sqlx::Error>;

    /// Begins a transaction that is on disk when [`commit_lasting`](Self::commit_lasting) returns.
    async fn lasting_change(&self) -> Result<Transaction<'static, Self::Db>, sqlx::Error>;

    /// Commits what [`lasting_change`](Self::lasting_change) has begun.
    async fn commit_lasting(
        &self,
        change: Transaction<'static, Self::Db>,
    ) -> Result<(), sqlx::Error>;
}

impl Change for SqlitePool {
    type Db = sqlx::Sqlite;

    async fn change(&self) -> Result<Transaction<'static, sqlx::Sqlite>, sqlx::Error> {
        // What begins with a read could not go on to write where another process has written meanwhile.
        self.begin_with(BEGIN).await
    }

    async fn lasting_change(&self) -> Result<Transaction<'static, sqlx::Sqlite>, sqlx::Error> {
        self.begin_with(BEGIN_LASTING).await
    }

    async fn commit_lasting(
        &self,
        change: Transaction<'static, sqlx::Sqlite>,
    ) -> Result<(), sqlx::Error> {
        change.commit().await?;
        // What is committed stays so; a connection that is broken says so at its next statement.
        let _ = sqlx::query(RELAX).execute(self).await;
        Ok(())
    }
}

#[cfg(feature = "postgres")]
impl Change for sqlx::PgPool {
    type Db = sqlx::Postgres;

    async fn change(&self) -> Result<Transaction<'static, sqlx::Postgres>, sqlx::Error> {
        self.begin().await
    }

    async fn lasting_change(&self) -> Result<Transaction<'static, sqlx::Postgres>, sqlx::Error> {
        self.begin().await
    }

    async fn commit_lasting(
        &self,
        change: Transaction<'static, sqlx::Postgres>,
    ) -> Result<(), sqlx::Error> {
        change.commit().await
    }
}

impl File {
    /// Opens a file, which is made where it is missing.
    pub(super) async fn open(path: &Path, scratch: Option<TempDir>) -> Result<Self, Failure> {
        prepare(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // A record that is not on disk when the work is paid for is none; see `lasting_change`.
            .synchronous(SqliteSynchronous::Normal)
            .pragma("cache_size", CACHE)
            .pragma("wal_autocheckpoint", LOG)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None);
        let pool = pool.connect_with(options).await;
        Ok(Self {
            pool: pool.map_err(|error| unusable(path, &chain(&error)))?,
            path: path.to_owned(),
            _scratch: scratch.map(Arc::new),
        })
    }

    pub(super) fn pool(&self) -> &SqlitePool {
        &self.pool
    }
}

/// Makes the file where it is missing, for the user alone: it holds prompts. SQLite gives the files beside
/// it the same mode.
fn prepare(file: &Path) -> Result<(), Failure> {
    let refused = |error: std::io::Error| unusable(file, &chain(&error));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop).map_err(refused)
}

pub(super) fn unusable(file: &Path, why: &str) -> Failure {
    let what = format!("the ledger `{}` cannot be used: {why}", file.display());
    Failure::input(what).advise("name another one with --ledger FILE")
}
