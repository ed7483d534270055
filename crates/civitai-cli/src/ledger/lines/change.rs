//! What is written of a line, from the leave to submit it to its end.

use civitai_jobs::{Buzz, ClientKey};

use super::super::db::{Change as _, on};
use super::super::entry::{now, seconds};
use super::super::files::insert;
use super::super::queue::Queue;
use super::super::record::values;
use super::super::{Entry, Kept, Ledger, State, failed, unnoted};
use super::LineState;
use crate::failure::Failure;

/// What became of a line.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) state: LineState,
    /// The submission, and how far it has come.
    pub(crate) submission: Option<(ClientKey, State)>,
    pub(crate) cost: Option<Buzz>,
    pub(crate) reason: Option<String>,
    pub(crate) texts: Vec<String>,
    /// The files that are on disk.
    pub(crate) files: Vec<Kept>,
}

/// Whether a line may be submitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Leave {
    /// Its record is on disk, and it may go at this time, in milliseconds since 1970.
    Granted(i64),
    /// The run takes no more lines.
    Closed,
    /// It was begun already.
    Begun,
    /// The run has so much, and the price is over what is left of its budget.
    OverBudget(Buzz),
}

impl Ledger {
    /// Writes the submission of a line down, where the run takes it; when this returns, the record is on disk, and the
    /// price is part of what the run holds, whoever else works on it.
    pub(crate) async fn begin_line(
        &self,
        (run, line): (&str, u32),
        entry: &Entry,
        pause: i64,
    ) -> Result<Leave, Failure> {
        let price = entry.cost.unwrap_or_default();
        let now_ms = chrono::Utc::now().timestamp_millis();
        let leave = on!(self, pool => async {
            let mut change = pool.change().await?;
            // The row of the run is held from here on, so that no two spend the same Buzz.
            let claim = sqlx::query_as(
                "UPDATE runs SET turn = $2 + CASE WHEN turn > $3 THEN turn ELSE $3 END
                 WHERE run = $1 AND state = 'open' RETURNING turn, budget",
            )
            .bind(run)
            .bind(pause)
            .bind(now_ms);
            let Some((turn, budget)) = claim.fetch_optional(&mut *change).await? else {
                return Ok(Leave::Closed);
            };
            let (turn, budget): (i64, Option<f64>) = (turn, budget);
            if let Some(budget) = budget.map(Buzz::from_f64) {
                // A statement of its own, which sees what others have written before they let the row go.
                let spent = "SELECT coalesce(sum(cost), 0.0) FROM submissions WHERE run = $1 AND state <> 'refused'";
                let spent = sqlx::query_scalar(spent).bind(run).fetch_one(&mut *change).await?;
                let spent = Buzz::from_f64(spent);
                if spent + price > budget {
                    return Ok(Leave::OverBudget(spent));
                }
            }
            let begin = sqlx::query(
                "UPDATE lines SET state = 'begun', key = $3, begun_at = $4
                 WHERE run = $1 AND line = $2 AND state = 'waiting'",
            )
            .bind(run)
            .bind(i64::from(line))
            .bind(entry.key.to_string())
            .bind(seconds(now()));
            if begin.execute(&mut *change).await?.rows_affected() == 0 {
                return Ok(Leave::Begun);
            }
            values!(entry, Some((run, i64::from(line)))).execute(&mut *change).await?;
            change.commit().await?;
            Ok::<_, sqlx::Error>(Leave::Granted(turn - pause))
        }.await);
        leave.map_err(|error| failed(&error))
    }

    /// Notes what the service calls the work of a line, and its price; returns whether the run goes on.
    pub(crate) async fn line_submitted(
        &self,
        key: ClientKey,
        work: &str,
        cost: Option<Buzz>,
    ) -> Result<bool, Failure> {
        let state = on!(self, pool => {
            let update = sqlx::query_scalar(
                "UPDATE submissions SET work = $2, cost = coalesce($3, cost), changed_at = $4,
                    state = CASE state WHEN 'prepared' THEN 'submitted' ELSE state END
                 WHERE key = $1
                 RETURNING (SELECT r.state FROM runs r WHERE r.run = submissions.run)",
            )
            .bind(key.to_string())
            .bind(work)
            .bind(cost.map(Buzz::as_f64))
            .bind(seconds(now()));
            update.fetch_optional(pool).await
        });
        let state: Option<Option<String>> = state.map_err(|error| unnoted(&error))?;
        Ok(state.flatten().is_none_or(|state| state != "canceled"))
    }

    /// Writes down what became of a line and ends its task, at once; a line that has ended stays as it is. Returns
    /// whether this was its end.
    pub(crate) async fn end_line(
        &self,
        (run, line): (&str, u32),
        task: Option<&str>,
        ended: &Ended,
    ) -> Result<bool, Failure> {
        let texts = serde_json::json!(ended.texts).to_string();
        let noted = on!(self, pool => async {
            let mut change = pool.change().await?;
            if let Some((key, state)) = ended.submission {
                let cost = match state {
                    State::Refused => Some(0.0),
                    _ => ended.cost.map(Buzz::as_f64),
                };
                let update = sqlx::query(
                    "UPDATE submissions SET state = $2, cost = coalesce($3, cost), reason = coalesce($4, reason),
                        changed_at = $5
                     WHERE key = $1",
                )
                .bind(key.to_string())
                .bind(state.name())
                .bind(cost)
                .bind(&ended.reason)
                .bind(seconds(now()));
                update.execute(&mut *change).await?;
                for kept in &ended.files {
                    insert!(key, kept).execute(&mut *change).await?;
                }
            }
            let end = sqlx::query(
                "UPDATE lines SET state = $3, reason = $4, texts = $5, ended_at = $6
                 WHERE run = $1 AND line = $2 AND state IN ('waiting', 'begun', 'open') AND state <> $3",
            )
            .bind(run)
            .bind(i64::from(line))
            .bind(ended.state.name())
            .bind(&ended.reason)
            .bind(Some(&texts).filter(|_| !ended.texts.is_empty()))
            .bind(seconds(now()));
            let is_end = end.execute(&mut *change).await?.rows_affected() > 0;
            if is_end && ended.state == LineState::Failed {
                let count = sqlx::query(
                    "UPDATE runs SET failed = failed + 1, changed_at = $2,
                        reason = CASE WHEN state = 'open' AND failed + 1 >= max_failures
                            THEN 'as many lines have failed as --max-failures allows' ELSE reason END,
                        code = CASE WHEN state = 'open' AND failed + 1 >= max_failures THEN 1 ELSE code END,
                        state = CASE WHEN state = 'open' AND failed + 1 >= max_failures THEN 'stopped' ELSE state END
                     WHERE run = $1",
                );
                count.bind(run).bind(seconds(now())).execute(&mut *change).await?;
            }
            if let Some(task) = task {
                sqlx::query(done(pool)).bind(task).execute(&mut *change).await?;
            }
            change.commit().await?;
            Ok::<_, sqlx::Error>(is_end)
        }.await);
        noted.map_err(|error| unnoted(&error))
    }

    /// Ends a task whose line is left as it is.
    pub(crate) async fn end_task(&self, task: &str) -> Result<(), Failure> {
        let ended = on!(self, pool => {
            sqlx::query(done(pool)).bind(task).execute(pool).await.map(drop)
        });
        ended.map_err(|error| unnoted(&error))
    }

    /// Lets a task that a worker holds wait again for some seconds.
    pub(crate) async fn put_back(
        &self,
        task: &str,
        worker: &str,
        pause: u32,
    ) -> Result<(), Failure> {
        let waits = on!(self, pool => {
            let back = sqlx::query(put_back(pool)).bind(task).bind(worker).bind(f64::from(pause));
            back.execute(pool).await.map(drop)
        });
        waits.map_err(|error| unnoted(&error))
    }
}

fn done<Q: Queue>(_: &Q) -> &'static str {
    Q::DONE
}

fn put_back<Q: Queue>(_: &Q) -> &'static str {
    Q::PUT_BACK
}
