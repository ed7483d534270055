//! Lines of a run: from the leave to submit one to what became of it.

use civitai_jobs::{Buzz, ClientKey};
use serde_json::Value;

use super::db::{Change as _, on};
use super::entry::{now, seconds};
use super::files::insert;
use super::queue::Queue;
use super::record::values;
use super::{Entry, Kept, Ledger, State, failed, unnoted};
use crate::failure::Failure;

/// A line of a run as the ledger has it.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) number: u32,
    /// What its files are called after.
    pub(crate) title: String,
    /// What stands in the file, with what was said for all.
    pub(crate) words: Value,
    pub(crate) request: Value,
    pub(crate) sources: Value,
    /// The line whose result is that of this one.
    pub(crate) twin: Option<u32>,
    pub(crate) state: LineState,
    /// The key of its submission, once that is written down.
    pub(crate) key: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) texts: Vec<String>,
    /// Seconds since 1970.
    pub(crate) begun_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    /// What the service calls it.
    pub(crate) work: Option<String>,
    pub(crate) cost: Option<Buzz>,
}

/// How far a line has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineState {
    /// Nothing was sent.
    Waiting,
    /// Its submission is written down, and may be at the service.
    Begun,
    /// It was given up for now; the work may go on, and `resume` takes it up.
    Open,
    /// Its files are on disk.
    Saved,
    /// It gave nothing.
    Failed,
    /// It was called off.
    Canceled,
}

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

impl LineState {
    const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Begun,
        Self::Open,
        Self::Saved,
        Self::Failed,
        Self::Canceled,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Begun => "begun",
            Self::Open => "open",
            Self::Saved => "saved",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Finds a state by its name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether there is something to do about it now.
    pub(crate) fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Begun)
    }
}

/// A line as its table has it, with what its submission says.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    line: i64,
    title: String,
    words: String,
    request: String,
    sources: String,
    twin: Option<i64>,
    state: String,
    key: Option<String>,
    reason: Option<String>,
    texts: Option<String>,
    begun_at: Option<i64>,
    ended_at: Option<i64>,
    work: Option<String>,
    cost: Option<f64>,
}

impl TryFrom<Row> for Line {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let wrong = |what: String| sqlx::Error::Decode(what.into());
        let json =
            |text: &str| serde_json::from_str(text).map_err(|error| wrong(error.to_string()));
        let number = |line: i64| u32::try_from(line).unwrap_or_default();
        let state = LineState::named(&row.state);
        let texts = row.texts.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            number: number(row.line),
            title: row.title,
            words: json(&row.words)?,
            request: json(&row.request)?,
            sources: json(&row.sources)?,
            twin: row.twin.map(number),
            state: state.ok_or_else(|| wrong(format!("`{}` is no state of a line", row.state)))?,
            key: row.key,
            reason: row.reason,
            texts: texts
                .map_err(|error| wrong(error.to_string()))?
                .unwrap_or_default(),
            begun_at: row.begun_at,
            ended_at: row.ended_at,
            work: row.work,
            cost: row.cost.map(Buzz::from_f64),
        })
    }
}

impl Ledger {
    /// A line of a run.
    pub(crate) async fn line(&self, run: &str, line: u32) -> Result<Option<Line>, Failure> {
        Ok(self
            .lines_where(run, Some(line), None, u32::MAX)
            .await?
            .pop())
    }

    /// Lines of a run behind one, in order, so many at most.
    pub(crate) async fn lines(
        &self,
        run: &str,
        behind: u32,
        limit: u32,
    ) -> Result<Vec<Line>, Failure> {
        self.lines_where(run, None, Some(behind), limit).await
    }

    async fn lines_where(
        &self,
        run: &str,
        line: Option<u32>,
        behind: Option<u32>,
        limit: u32,
    ) -> Result<Vec<Line>, Failure> {
        let rows = on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT l.*, s.work, s.cost FROM lines l LEFT JOIN submissions s ON s.key = l.key
                 WHERE l.run = $1 AND l.line >= $2 AND l.line <= $3 ORDER BY l.line LIMIT $4",
            )
            .bind(run)
            .bind(line.map_or(behind.map_or(0, |line| i64::from(line) + 1), i64::from))
            .bind(line.map_or(i64::MAX, i64::from))
            .bind(i64::from(limit));
            let rows: Result<Vec<Row>, _> = rows.fetch_all(pool).await;
            rows
        });
        let read = rows.and_then(|rows| rows.into_iter().map(Line::try_from).collect());
        read.map_err(|error| failed(&error))
    }

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
            // The row of the run is held from here on, so that no two take the same Buzz.
            let claim = sqlx::query_as(
                "UPDATE runs SET held = held + $2, turn = $3 + CASE WHEN turn > $4 THEN turn ELSE $4 END
                 WHERE run = $1 AND state = 'open' AND (budget IS NULL OR held + $2 <= budget) RETURNING turn",
            )
            .bind(run)
            .bind(price.as_f64())
            .bind(pause)
            .bind(now_ms);
            let Some((turn,)) = claim.fetch_optional(&mut *change).await? else {
                let run = sqlx::query_as("SELECT state, held FROM runs WHERE run = $1").bind(run);
                let (state, held): (String, f64) = run.fetch_one(&mut *change).await?;
                return Ok(match state.as_str() {
                    "open" => Leave::OverBudget(Buzz::from_f64(held)),
                    _ => Leave::Closed,
                });
            };
            let turn: i64 = turn;
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
        run: &str,
        key: ClientKey,
        work: &str,
        cost: Option<Buzz>,
    ) -> Result<bool, Failure> {
        let noted = on!(self, pool => async {
            let mut change = pool.change().await?;
            let hold = sqlx::query_as(HOLD)
                .bind(run)
                .bind(key.to_string())
                .bind(cost.map(Buzz::as_f64));
            let held: Option<(String,)> = hold.fetch_optional(&mut *change).await?;
            let update = sqlx::query(
                "UPDATE submissions SET work = $2, cost = coalesce($3, cost), changed_at = $4,
                    state = CASE state WHEN 'prepared' THEN 'submitted' ELSE state END
                 WHERE key = $1",
            )
            .bind(key.to_string())
            .bind(work)
            .bind(cost.map(Buzz::as_f64))
            .bind(seconds(now()));
            update.execute(&mut *change).await?;
            change.commit().await?;
            Ok::<_, sqlx::Error>(held.is_none_or(|(state,)| state != "canceled"))
        }.await);
        noted.map_err(|error| unnoted(&error))
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
                let hold = sqlx::query(HOLD).bind(run).bind(key.to_string()).bind(cost);
                hold.execute(&mut *change).await?;
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

/// Puts what a submission costs in the place of what the run holds for it.
const HOLD: &str = "UPDATE runs SET held = held + coalesce($3, 0.0) -
        CASE WHEN $3 IS NULL THEN 0.0 ELSE (SELECT coalesce(cost, 0.0) FROM submissions WHERE key = $2) END
     WHERE run = $1 RETURNING state";

fn done<Q: Queue>(_: &Q) -> &'static str {
    Q::DONE
}

fn put_back<Q: Queue>(_: &Q) -> &'static str {
    Q::PUT_BACK
}
