//! The tables, and how those of an older version become those of this one.

use sqlx::{AssertSqlSafe, SqlitePool};

use crate::failure::chain;

/// What makes the tables, one step after the other. A step that was published stays as it is.
///
/// `user_version` counts the steps, and not a table of migrations: the queue in the same database has a table of
/// that name of its own.
pub(super) const STEPS: [&str; 4] = [
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
    // A run is what one file of lines asks for; `failed` is how many of them have failed, and `turn` when the next
    // submission may go, in milliseconds since 1970. `twin` is the line that asks for the same, and whose result counts
    // for both.
    "CREATE TABLE runs (
        run          TEXT PRIMARY KEY,
        service      TEXT NOT NULL,
        folder       BLOB NOT NULL,
        naming       TEXT NOT NULL,
        state        TEXT NOT NULL,
        reason       TEXT,
        code         INTEGER,
        budget       REAL,
        max_cost     REAL,
        max_failures INTEGER,
        per_minute   REAL,
        priced       INTEGER NOT NULL,
        timeout      INTEGER NOT NULL,
        failed       INTEGER NOT NULL,
        turn         INTEGER NOT NULL,
        created_at   INTEGER NOT NULL,
        changed_at   INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE lines (
        run      TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
        line     INTEGER NOT NULL,
        title    TEXT NOT NULL,
        words    TEXT NOT NULL,
        request  TEXT NOT NULL,
        sources  TEXT NOT NULL,
        twin     INTEGER,
        state    TEXT NOT NULL,
        key      TEXT,
        reason   TEXT,
        texts    TEXT,
        begun_at INTEGER,
        ended_at INTEGER,
        PRIMARY KEY (run, line)
    ) STRICT;
    CREATE INDEX lines_by_state ON lines (run, twin, state);
    CREATE INDEX submissions_by_run ON submissions (run, state, cost);",
    "ALTER TABLE runs ADD COLUMN exact INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE runs ADD COLUMN recipe INTEGER NOT NULL DEFAULT 1;",
];

/// Brings the tables up to date.
pub(super) async fn migrate(pool: &SqlitePool) -> Result<(), String> {
    let failed = |error: sqlx::Error| chain(&error);
    let mut change = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let version = sqlx::query_scalar("PRAGMA user_version");
    let version: i64 = version.fetch_one(&mut *change).await.map_err(failed)?;
    let done = usize::try_from(version).unwrap_or_default();
    for step in missing(done)? {
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

/// The steps that a ledger lacks which has so many.
pub(super) fn missing(done: usize) -> Result<&'static [&'static str], String> {
    let missing = STEPS.get(done..);
    missing.ok_or_else(|| "a newer version of this program has written it".to_owned())
}
