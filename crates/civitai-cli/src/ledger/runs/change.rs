//! Runs that are stopped, opened again and called off.

use civitai_jobs::Buzz;

use super::super::db::{Change as _, on};
use super::super::entry::{now, seconds};
use super::super::queue::Queue;
use super::super::{Ledger, failed};
use crate::failure::Failure;

/// How a run is opened again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reopen {
    /// A limit in place of the one that it has.
    pub(crate) budget: Option<Buzz>,
    pub(crate) max_failures: Option<u32>,
    /// Whether what has failed is asked for anew.
    pub(crate) failed_too: bool,
    /// Whether nobody else works on it, so that what is handed out was to processes that have died.
    pub(crate) alone: bool,
}

impl Ledger {
    /// Lets no more lines begin; those that have go on.
    pub(crate) async fn stop_run(&self, run: &str, code: u8, reason: &str) -> Result<(), Failure> {
        let stopped = on!(self, pool => async {
            let mut change = pool.change().await?;
            let stop = sqlx::query(
                "UPDATE runs SET state = 'stopped', reason = $2, code = $3, changed_at = $4
                 WHERE run = $1 AND state = 'open'",
            );
            let stop = stop.bind(run).bind(reason).bind(i64::from(code)).bind(seconds(now()));
            stop.execute(&mut *change).await?;
            sqlx::query(drop_waiting(pool)).bind(run).execute(&mut *change).await?;
            change.commit().await
        }.await);
        stopped.map_err(|error| failed(&error))
    }

    /// Notes that nothing is left to do, where that is so and the run was not stopped.
    pub(crate) async fn end_run(&self, run: &str) -> Result<(), Failure> {
        let ended = on!(self, pool => {
            let end = sqlx::query(
                "UPDATE runs SET state = 'ended', changed_at = $2 WHERE run = $1 AND state = 'open' AND NOT EXISTS
                    (SELECT 1 FROM lines WHERE run = $1 AND twin IS NULL AND state IN ('waiting', 'begun'))",
            );
            end.bind(run).bind(seconds(now())).execute(pool).await.map(drop)
        });
        ended.map_err(|error| failed(&error))
    }

    /// Opens a run again: what was given up for now is taken up. A run that was called off stays so.
    pub(crate) async fn reopen_run(&self, run: &str, reopen: &Reopen) -> Result<(), Failure> {
        let opened = on!(self, pool => async {
            let mut change = pool.change().await?;
            let open = sqlx::query(
                "UPDATE runs SET state = 'open', reason = NULL, code = NULL, failed = 0, budget = coalesce($2, budget),
                    priced = CASE WHEN $2 IS NULL THEN priced ELSE 1 END,
                    max_failures = coalesce($3, max_failures), changed_at = $4
                 WHERE run = $1 AND state <> 'canceled'",
            );
            let open = open
                .bind(run)
                .bind(reopen.budget.map(Buzz::as_f64))
                .bind(reopen.max_failures.map(i64::from))
                .bind(seconds(now()));
            open.execute(&mut *change).await?;
            let again = "UPDATE lines SET ended_at = NULL, reason = NULL,
                    state = CASE WHEN key IS NULL THEN 'waiting' ELSE 'begun' END
                 WHERE run = $1 AND state = 'open'";
            sqlx::query(again).bind(run).execute(&mut *change).await?;
            if reopen.failed_too {
                // What was paid for them stays part of the run.
                sqlx::query(
                    "UPDATE submissions SET line = NULL WHERE run = $1 AND key IN
                        (SELECT key FROM lines WHERE run = $1 AND state = 'failed')",
                )
                .bind(run)
                .execute(&mut *change)
                .await?;
                sqlx::query(
                    "UPDATE lines SET state = 'waiting', key = NULL, reason = NULL, texts = NULL, begun_at = NULL,
                        ended_at = NULL
                     WHERE run = $1 AND state = 'failed'",
                )
                .bind(run)
                .execute(&mut *change)
                .await?;
            }
            sqlx::query(reopened(pool, reopen.alone)).bind(run).execute(&mut *change).await?;
            change.commit().await
        }.await);
        opened.map_err(|error| failed(&error))
    }

    /// Calls a run off: what waits is not begun any more. Returns the lines that were begun.
    pub(crate) async fn cancel_run(&self, run: &str) -> Result<Vec<u32>, Failure> {
        let begun = on!(self, pool => async {
            let mut change = pool.change().await?;
            let cancel = "UPDATE runs SET state = 'canceled', reason = NULL, changed_at = $2 WHERE run = $1";
            sqlx::query(cancel).bind(run).bind(seconds(now())).execute(&mut *change).await?;
            let lines = "UPDATE lines SET state = 'canceled', ended_at = $2 WHERE run = $1 AND state = 'waiting'";
            sqlx::query(lines).bind(run).bind(seconds(now())).execute(&mut *change).await?;
            sqlx::query(drop_waiting(pool)).bind(run).execute(&mut *change).await?;
            let begun = sqlx::query_scalar(
                "SELECT line FROM lines WHERE run = $1 AND state IN ('begun', 'open') ORDER BY line",
            );
            let begun: Vec<i64> = begun.bind(run).fetch_all(&mut *change).await?;
            change.commit().await?;
            Ok::<_, sqlx::Error>(begun)
        }.await);
        let begun = begun.map_err(|error| failed(&error))?.into_iter();
        Ok(begun
            .map(|line| u32::try_from(line).unwrap_or_default())
            .collect())
    }
}

fn drop_waiting<Q: Queue>(_: &Q) -> &'static str {
    Q::DROP_WAITING
}

fn reopened<Q: Queue>(_: &Q, alone: bool) -> &'static str {
    match alone {
        true => Q::REOPEN,
        false => Q::REOPEN_BESIDE,
    }
}
