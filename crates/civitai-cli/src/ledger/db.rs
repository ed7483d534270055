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
/// Connections of the queue to a file of SQLite. Writers wait for each other, so that more gain nothing.
const QUEUE: u32 = 2;

/// An open database.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    Sqlite(Box<File>),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgPool),
}

/// A file of SQLite. Its own statements share one connection and so never wait for a lock of each other.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pool: SqlitePool,
    options: SqliteConnectOptions,
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
}

impl Change for SqlitePool {
    type Db = sqlx::Sqlite;

    async fn change(&self) -> Result<Transaction<'static, sqlx::Sqlite>, sqlx::Error> {
        // What begins with a read could not go on to write where another process has written meanwhile.
        self.begin_with("BEGIN IMMEDIATE").await
    }
}

#[cfg(feature = "postgres")]
impl Change for sqlx::PgPool {
    type Db = sqlx::Postgres;

    async fn change(&self) -> Result<Transaction<'static, sqlx::Postgres>, sqlx::Error> {
        self.begin().await
    }
}

impl File {
    /// Opens a file, which is made where it is missing.
    pub(super) async fn open(path: &Path, scratch: Option<TempDir>) -> Result<Self, Failure> {
        prepare(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // A record that is not on disk when the work is paid for is none.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let pool = connect(&options, 1).await;
        Ok(Self {
            pool: pool.map_err(|error| unusable(path, &chain(&error)))?,
            options,
            path: path.to_owned(),
            _scratch: scratch.map(Arc::new),
        })
    }

    pub(super) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Connections for the queue. A claim that a power cut takes back is a line that is handed out again.
    pub(super) async fn queue(&self) -> Result<SqlitePool, sqlx::Error> {
        let options = self.options.clone();
        connect(&options.synchronous(SqliteSynchronous::Normal), QUEUE).await
    }
}

async fn connect(options: &SqliteConnectOptions, most: u32) -> Result<SqlitePool, sqlx::Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(most)
        .idle_timeout(None)
        .max_lifetime(None);
    pool.connect_with(options.clone()).await
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
