//! A ledger on a Postgres server, in a schema of its own, which machines share.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool};

use super::schema::{STEPS, missing};
use crate::failure::{Failure, chain};

/// How long a statement waits for the server to come back.
const PATIENCE: Duration = Duration::from_secs(120);
/// Connections of a process.
const MOST: u32 = 8;
/// The number under which those who make the tables wait for each other.
const LOCK: i64 = 0x6369_7669_7461_6931;

/// Connects, and brings the tables up to date.
pub(super) async fn open(address: &str) -> Result<PgPool, Failure> {
    // The address may hold a password, so that no message names it.
    let unusable = |why: String| {
        let what = format!("the ledger on the Postgres server cannot be used: {why}");
        Failure::input(what).advise("name another one with --ledger postgres://USER@HOST/DATABASE")
    };
    let options = PgConnectOptions::from_str(address);
    let options = options.map_err(|_| unusable("its address cannot be read".to_owned()))?;
    let options = options
        .application_name("civitai-jobs")
        .options([("search_path", "civitai_jobs,public")]);
    let pool = PgPoolOptions::new()
        .max_connections(MOST)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.clone());
    let first = pool.await.map_err(|error| unusable(chain(&error)))?;
    migrate(&first).await.map_err(unusable)?;
    first.close().await;
    // From here on a server that is away for a while is waited for.
    let pool = PgPoolOptions::new()
        .max_connections(MOST)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options);
    Ok(pool)
}

async fn migrate(pool: &PgPool) -> Result<(), String> {
    let failed = |error: sqlx::Error| chain(&error);
    let mut change = pool.begin().await.map_err(failed)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *change)
        .await
        .map_err(failed)?;
    let tables = "CREATE SCHEMA IF NOT EXISTS civitai_jobs;
        CREATE TABLE IF NOT EXISTS civitai_jobs.steps (done BIGINT NOT NULL)";
    sqlx::raw_sql(tables)
        .execute(&mut *change)
        .await
        .map_err(failed)?;
    let done = sqlx::query_scalar("SELECT coalesce(max(done), 0) FROM civitai_jobs.steps");
    let done: i64 = done.fetch_one(&mut *change).await.map_err(failed)?;
    let done = usize::try_from(done).unwrap_or_default();
    for step in missing(done)? {
        let step = sqlx::raw_sql(AssertSqlSafe(translated(step)));
        step.execute(&mut *change).await.map_err(failed)?;
    }
    if done < STEPS.len() {
        let mark = format!("INSERT INTO civitai_jobs.steps VALUES ({})", STEPS.len());
        let mark = sqlx::raw_sql(AssertSqlSafe(mark));
        mark.execute(&mut *change).await.map_err(failed)?;
    }
    change.commit().await.map_err(failed)
}

/// A step in the words of Postgres, which has other names for the same types.
fn translated(step: &str) -> String {
    step.replace(" INTEGER", " BIGINT")
        .replace(" REAL", " DOUBLE PRECISION")
        .replace(" BLOB", " BYTEA")
        .replace(") STRICT", ")")
}
