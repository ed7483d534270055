//! The tables, and how those of an older version become those of this one.

use sqlx::{AssertSqlSafe, SqlitePool};

use crate::failure::chain;

/// What makes the tables, one step after the other. A step that was published stays as it is.
///
/// `user_version` counts the steps, and not a table of migrations: those who keep a queue in the same
/// database have a table of that name of their own.
const STEPS: [&str; 1] = [
    // `run` and `line` are set where a submission is a line of a batch. Paths are bytes, as they are on most systems.
    "CREATE TABLE submissions (
        key        TEXT PRIMARY KEY,
        run        TEXT,
        line       INTEGER,
        api        TEXT NOT NULL,
        service    TEXT NOT NULL,
        request    TEXT NOT NULL,
        digest     BLOB NOT NULL,
        folder     BLOB NOT NULL,
        naming     TEXT NOT NULL,
        prompt     TEXT NOT NULL,
        recipe     INTEGER NOT NULL,
        state      TEXT NOT NULL,
        work       TEXT,
        cost       REAL,
        reason     TEXT,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        UNIQUE (run, line)
    ) STRICT;
    CREATE INDEX submissions_by_state ON submissions (state, created_at);
    CREATE INDEX submissions_by_work ON submissions (work);
    CREATE INDEX submissions_by_digest ON submissions (digest, created_at);
    CREATE TABLE files (
        key        TEXT NOT NULL REFERENCES submissions (key) ON DELETE CASCADE,
        step       TEXT NOT NULL,
        place      TEXT NOT NULL,
        path       BLOB NOT NULL,
        bytes      INTEGER NOT NULL,
        media_type TEXT NOT NULL,
        width      INTEGER,
        height     INTEGER,
        seed       INTEGER,
        blob       TEXT NOT NULL,
        saved_at   INTEGER NOT NULL,
        PRIMARY KEY (key, step, place)
    ) STRICT;",
];

/// Brings the tables up to date.
pub(super) async fn migrate(pool: &SqlitePool) -> Result<(), String> {
    let failed = |error: sqlx::Error| chain(&error);
    let mut change = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let version = sqlx::query_scalar("PRAGMA user_version");
    let version: i64 = version.fetch_one(&mut *change).await.map_err(failed)?;
    let done = usize::try_from(version).unwrap_or_default();
    if done > STEPS.len() {
        return Err("a newer version of this program has written it".to_owned());
    }
    for step in &STEPS[done..] {
        let step = sqlx::raw_sql(*step);
        step.execute(&mut *change).await.map_err(failed)?;
    }
    if done < STEPS.len() {
        let mark = format!("PRAGMA user_version = {}", STEPS.len());
        let mark = sqlx::raw_sql(AssertSqlSafe(mark));
        mark.execute(&mut *change).await.map_err(failed)?;
    }
    change.commit().await.map_err(failed)
}
