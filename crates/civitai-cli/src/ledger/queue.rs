//! The queue of a run in the same database: apalis hands its tasks out and takes them back from workers that died, and
//! the ledger writes their ends.
//!
//! A task is a line. Its end is written in the transaction that writes what became of the line, so that there is no
//! moment between the two.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use apalis::prelude::{Task, TaskBuilder, TaskId};
use serde::{Deserialize, Serialize};
use sqlx::{Database, SqlitePool, Transaction};
use ulid::Ulid;

use super::db::{self, on};
use super::{Db, Ledger, failed};
use crate::failure::{Failure, chain};

/// What apalis hands out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LineTask {
    pub(crate) run: String,
    pub(crate) line: u32,
}

/// Where tasks are kept, and the statements that end them: the tables of apalis differ between databases.
pub(super) trait Queue: db::Change {
    /// Ends a task, by its id.
    const DONE: &'static str;
    /// Ends the waiting tasks of those lines of a run that were not begun.
    const DROP_WAITING: &'static str;
    /// Lets a task wait again for some seconds, by its id and the worker that holds it.
    const PUT_BACK: &'static str;
    /// Lets the tasks of the lines of a run that have not ended wait again; those that were handed out as well.
    const REOPEN: &'static str;
    /// The same for those alone that nobody has.
    const REOPEN_BESIDE: &'static str;

    /// Lets the tasks that a worker holds wait again.
    const RELEASE: &'static str;

    /// Adds the tasks of lines.
    async fn push(
        change: &mut Transaction<'static, Self::Db>,
        run: &str,
        lines: &[u32],
    ) -> Result<(), sqlx::Error>
    where
        Self::Db: Database;
}

impl Queue for SqlitePool {
    const DONE: &'static str =
        "UPDATE Jobs SET status = 'Done', done_at = unixepoch() WHERE id = $1 AND status <> 'Done'";
    const DROP_WAITING: &'static str = "UPDATE Jobs SET status = 'Killed', done_at = unixepoch()
         WHERE job_type = $1 AND status = 'Pending' AND CAST(idempotency_key AS INTEGER) IN
            (SELECT line FROM lines WHERE run = $1 AND state IN ('waiting', 'canceled'))";
    const PUT_BACK: &'static str = "UPDATE Jobs SET status = 'Pending', attempts = attempts + 1, lock_by = NULL, lock_at = NULL,
            run_at = unixepoch() + $3
         WHERE id = $1 AND lock_by = $2 AND status <> 'Done'";
    // Who opens a run of a file holds its lock, so that no worker is alive that had a task.
    const REOPEN: &'static str =
        "UPDATE Jobs SET status = 'Pending', attempts = 0, lock_by = NULL, lock_at = NULL,
            done_at = NULL, run_at = unixepoch()
         WHERE job_type = $1 AND CAST(idempotency_key AS INTEGER) IN
            (SELECT line FROM lines WHERE run = $1 AND state IN ('waiting', 'begun'))";
    const REOPEN_BESIDE: &'static str =
        "UPDATE Jobs SET status = 'Pending', attempts = 0, lock_by = NULL, lock_at = NULL,
            done_at = NULL, run_at = unixepoch()
         WHERE job_type = $1 AND status NOT IN ('Queued', 'Running') AND CAST(idempotency_key AS INTEGER) IN
            (SELECT line FROM lines WHERE run = $1 AND state IN ('waiting', 'begun'))";
    const RELEASE: &'static str =
        "UPDATE Jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL
         WHERE lock_by = $1 AND status IN ('Queued', 'Running')";

    async fn push(
        change: &mut Transaction<'static, sqlx::Sqlite>,
        run: &str,
        lines: &[u32],
    ) -> Result<(), sqlx::Error> {
        let tasks = tasks(run, lines)?;
        let pushed = apalis_sqlite::queries::push_tasks(&mut **change, run, &tasks).await;
        pushed.map_err(|error| sqlx::Error::Encode(error.into()))
    }
}

#[cfg(feature = "postgres")]
impl Queue for sqlx::PgPool {
    const DONE: &'static str = "UPDATE apalis.jobs SET status = 'Done', done_at = now() WHERE id = $1 AND status <> 'Done'";
    const DROP_WAITING: &'static str = "UPDATE apalis.jobs SET status = 'Killed', done_at = now()
         WHERE job_type = $1 AND status = 'Pending' AND CAST(idempotency_key AS BIGINT) IN
            (SELECT line FROM lines WHERE run = $1 AND state IN ('waiting', 'canceled'))";
    const PUT_BACK: &'static str = "UPDATE apalis.jobs SET status = 'Pending', attempts = attempts + 1, lock_by = NULL, lock_at = NULL,
            run_at = now() + make_interval(secs => $3)
         WHERE id = $1 AND lock_by = $2 AND status <> 'Done'";
    // Other workers may be alive; the tasks of dead ones come back by their heartbeat.
    const REOPEN: &'static str = "UPDATE apalis.jobs SET status = 'Pending', attempts = 0, lock_by = NULL, lock_at = NULL,
            done_at = NULL, run_at = now()
         WHERE job_type = $1 AND status NOT IN ('Queued', 'Running') AND CAST(idempotency_key AS BIGINT) IN
            (SELECT line FROM lines WHERE run = $1 AND state IN ('waiting', 'begun'))";
    const REOPEN_BESIDE: &'static str = Self::REOPEN;
    const RELEASE: &'static str =
        "UPDATE apalis.jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL
         WHERE lock_by = $1 AND status IN ('Queued', 'Running')";

    async fn push(
        change: &mut Transaction<'static, sqlx::Postgres>,
        run: &str,
        lines: &[u32],
    ) -> Result<(), sqlx::Error> {
        let tasks = tasks(run, lines)?;
        let pushed = apalis_postgres::queries::push_tasks(&mut **change, run, tasks).await;
        pushed.map_err(|error| sqlx::Error::Encode(error.into()))
    }
}

/// The tasks of lines, whose ids are in the order of the lines: apalis hands them out by that.
fn tasks(run: &str, lines: &[u32]) -> Result<Vec<Task<Vec<u8>>>, sqlx::Error> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or_default()
    });
    let task = |line: &u32| {
        let random = Ulid::generate().random() & 0xffff_ffff_ffff;
        let id = Ulid::from_parts(now, u128::from(*line) << 48 | random);
        let task = LineTask {
            run: run.to_owned(),
            line: *line,
        };
        let arguments = serde_json::to_vec(&task);
        let arguments = arguments.map_err(|error| sqlx::Error::Encode(error.into()))?;
        Ok(TaskBuilder::new(arguments)
            .task_id(TaskId::from_ulid(id))
            .idempotency_key(line.to_string())
            .priority(1)
            .build())
    };
    lines.iter().map(task).collect()
}

/// Connections to the queue, for apalis.
#[derive(Clone, Debug)]
pub(crate) enum QueuePool {
    Sqlite(SqlitePool),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgPool),
}

impl Ledger {
    /// Makes the tables of the queue where they are missing, and connects to it.
    pub(crate) async fn queue(&self) -> Result<QueuePool, Failure> {
        let unusable = |error: &dyn std::error::Error| {
            Failure::input(format!("the ledger cannot keep a queue: {}", chain(error)))
        };
        match &self.db {
            Db::Sqlite(file) => {
                let pool = file.pool().clone();
                // Its own way of setting up would turn off what makes a record last.
                let mut migrations = apalis_sqlite::SqliteStorage::migrations();
                migrations.set_ignore_missing(true);
                let migrated = migrations.run(&pool).await;
                migrated.map_err(|error| unusable(&error))?;
                Ok(QueuePool::Sqlite(pool))
            }
            #[cfg(feature = "postgres")]
            Db::Postgres(pool) => {
                let migrated = apalis_postgres::PostgresStorage::setup(pool).await;
                migrated.map_err(|error| unusable(&error))?;
                Ok(QueuePool::Postgres(pool.clone()))
            }
        }
    }

    /// Lets the tasks that a worker holds wait again.
    pub(crate) async fn release(&self, worker: &str) -> Result<(), Failure> {
        let released = on!(self, pool => {
            sqlx::query(release(pool)).bind(worker).execute(pool).await.map(drop)
        });
        released.map_err(|error| failed(&error))
    }

    /// The file that shows that a process works on a run, where the ledger is a file.
    pub(crate) fn lock_file(&self, run: &str) -> Option<std::path::PathBuf> {
        match &self.db {
            Db::Sqlite(file) => {
                let name = file.path.file_name().map(Path::new).unwrap_or(&file.path);
                let folder = format!("{}-runs", name.display());
                Some(file.path.with_file_name(folder).join(run))
            }
            #[cfg(feature = "postgres")]
            Db::Postgres(_) => None,
        }
    }
}

/// The statement that ends a task.
pub(super) fn done<Q: Queue>(_: &Q) -> &'static str {
    Q::DONE
}

fn release<Q: Queue>(_: &Q) -> &'static str {
    Q::RELEASE
}
