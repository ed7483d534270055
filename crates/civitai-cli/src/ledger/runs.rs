//! Runs: what one file of lines asks for, with its limits and its counts.

use std::path::PathBuf;
use std::time::Duration;

use civitai_jobs::Buzz;
use serde_json::Value;

use super::db::{Change as _, on};
use super::entry::{now, path, seconds};
use super::queue::Queue;
use super::{Ledger, LineState, failed};
use crate::event::RunProgress;
use crate::failure::Failure;

pub(crate) use change::Reopen;

mod change;

/// A run as the ledger has it.
#[derive(Clone, Debug)]
pub(crate) struct RunRow {
    pub(crate) name: String,
    /// The address of the API.
    pub(crate) service: String,
    pub(crate) folder: PathBuf,
    pub(crate) naming: String,
    /// Whether pictures get their recipe.
    pub(crate) recipe: bool,
    pub(crate) state: RunState,
    /// Why it was stopped, and the exit code for that.
    pub(crate) reason: Option<String>,
    pub(crate) code: Option<u8>,
    pub(crate) limits: Limits,
    /// What its submissions cost, or may come to.
    pub(crate) cost: Buzz,
}

impl RunRow {
    /// Refuses to work on it at a service that it was not begun at.
    pub(crate) fn require_at(&self, service: &str) -> Result<(), Failure> {
        if self.service == service {
            return Ok(());
        }
        let what = format!("the run {} is at {}", self.name, self.service);
        Err(Failure::input(what).advise("name that address with --base-url"))
    }
}

/// What holds for all lines of a run together, whoever works on them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) budget: Option<Buzz>,
    /// What a line may cost.
    pub(crate) max_cost: Option<Buzz>,
    /// How many lines may fail before no more are begun.
    pub(crate) max_failures: Option<u32>,
    /// How many submissions may go in a minute.
    pub(crate) per_minute: Option<f64>,
    /// Whether each price is asked for before.
    pub(crate) priced: bool,
    /// Whether a line fails where the service puts something else in place of what it asks for.
    pub(crate) exact: bool,
    /// How long a line is waited for.
    pub(crate) timeout: Duration,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RunState {
    /// Lines are begun.
    Open,
    /// No more lines are begun until it is resumed; those that were go on.
    Stopped,
    /// Every line has ended, or was given up for now.
    Ended,
    /// It was called off.
    Canceled,
}

/// A run that is about to be written down.
#[derive(Debug)]
pub(crate) struct NewRun {
    pub(crate) name: String,
    pub(crate) service: String,
    pub(crate) folder: PathBuf,
    pub(crate) naming: String,
    /// Whether pictures get their recipe.
    pub(crate) recipe: bool,
    pub(crate) limits: Limits,
    pub(crate) lines: Vec<NewLine>,
}

/// A line of it.
#[derive(Debug)]
pub(crate) struct NewLine {
    /// What its files are called after.
    pub(crate) title: String,
    /// What stands in the file, with what was said for all.
    pub(crate) words: Value,
    /// The request, with files by their content.
    pub(crate) request: Value,
    /// Which file each of those links stands for.
    pub(crate) sources: Value,
    /// The earlier line that asks for the same.
    pub(crate) twin: Option<u32>,
}

/// How many lines are in which state; twins are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) waiting: u32,
    pub(crate) begun: u32,
    pub(crate) open: u32,
    pub(crate) saved: u32,
    pub(crate) failed: u32,
    pub(crate) canceled: u32,
}

impl Counts {
    pub(crate) fn total(&self) -> u32 {
        self.waiting + self.begun + self.ended()
    }

    /// The counts of a run as an event tells them, without its speed.
    pub(crate) fn told<'a>(&self, run: &'a str, cost: Buzz) -> RunProgress<'a> {
        RunProgress {
            run,
            waiting: self.waiting,
            begun: self.begun,
            open: self.open,
            saved: self.saved,
            failed: self.failed,
            canceled: self.canceled,
            cost,
            lines_per_minute: None,
            ends_in_seconds: None,
        }
    }

    /// Lines for which nothing more is done now.
    pub(crate) fn ended(&self) -> u32 {
        self.open + self.saved + self.failed + self.canceled
    }
}

impl RunState {
    const ALL: [Self; 4] = [Self::Open, Self::Stopped, Self::Ended, Self::Canceled];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Stopped => "stopped",
            Self::Ended => "ended",
            Self::Canceled => "canceled",
        }
    }
}

/// A run as its table has it.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    run: String,
    service: String,
    folder: Vec<u8>,
    naming: String,
    recipe: i64,
    state: String,
    reason: Option<String>,
    code: Option<i64>,
    budget: Option<f64>,
    max_cost: Option<f64>,
    max_failures: Option<i64>,
    per_minute: Option<f64>,
    priced: i64,
    exact: i64,
    timeout: i64,
    spent: f64,
}

impl TryFrom<Row> for RunRow {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let state = RunState::ALL
            .into_iter()
            .find(|state| state.name() == row.state);
        let state = state.ok_or_else(|| {
            sqlx::Error::Decode(format!("`{}` is no state of a run", row.state).into())
        })?;
        let number = |number: i64| u64::try_from(number).unwrap_or_default();
        Ok(Self {
            name: row.run,
            service: row.service,
            folder: path(row.folder),
            naming: row.naming,
            recipe: row.recipe != 0,
            state,
            reason: row.reason,
            code: row.code.and_then(|code| u8::try_from(code).ok()),
            limits: Limits {
                budget: row.budget.map(Buzz::from_f64),
                max_cost: row.max_cost.map(Buzz::from_f64),
                max_failures: row
                    .max_failures
                    .map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
                per_minute: row.per_minute,
                priced: row.priced != 0,
                exact: row.exact != 0,
                timeout: Duration::from_secs(number(row.timeout)),
            },
            cost: Buzz::from_f64(row.spent),
        })
    }
}

impl Ledger {
    /// A name for a run that no other has.
    pub(crate) async fn free_name(&self, stem: &str) -> Result<String, Failure> {
        let names = on!(self, pool => {
            let names = sqlx::query_scalar("SELECT run FROM runs WHERE run LIKE $1 || '-%'");
            names.bind(stem).fetch_all(pool).await
        });
        let names: Vec<String> = names.map_err(|error| failed(&error))?;
        let number = |name: &String| name.strip_prefix(stem)?.strip_prefix('-')?.parse().ok();
        let last: u64 = names.iter().filter_map(number).max().unwrap_or_default();
        Ok(format!("{stem}-{}", last + 1))
    }

    /// Writes a run down with its lines, and puts them into the queue, all at once; returns whether its name was free.
    pub(crate) async fn add_run(&self, run: &NewRun) -> Result<bool, Failure> {
        let queued = run.lines.iter().zip(1_u32..);
        let queued = queued.filter(|(line, _)| line.twin.is_none());
        let queued: Vec<u32> = queued.map(|(_, number)| number).collect();
        let added = on!(self, pool => async {
            let mut change = pool.change().await?;
            let limits = &run.limits;
            let insert = sqlx::query(
                "INSERT INTO runs (run, service, folder, naming, state, budget, max_cost, max_failures, per_minute,
                    priced, exact, timeout, recipe, failed, turn, created_at, changed_at)
                 VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, $13, $13)
                 ON CONFLICT (run) DO NOTHING",
            )
            .bind(&run.name)
            .bind(&run.service)
            .bind(run.folder.as_os_str().as_encoded_bytes())
            .bind(&run.naming)
            .bind(limits.budget.map(Buzz::as_f64))
            .bind(limits.max_cost.map(Buzz::as_f64))
            .bind(limits.max_failures.map(i64::from))
            .bind(limits.per_minute)
            .bind(i64::from(limits.priced))
            .bind(i64::from(limits.exact))
            .bind(seconds(limits.timeout.as_secs()))
            .bind(i64::from(run.recipe))
            .bind(seconds(now()));
            if insert.execute(&mut *change).await?.rows_affected() == 0 {
                return Ok(false);
            }
            for (line, number) in run.lines.iter().zip(1_i64..) {
                let insert = sqlx::query(
                    "INSERT INTO lines (run, line, title, words, request, sources, twin, state)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting')",
                )
                .bind(&run.name)
                .bind(number)
                .bind(&line.title)
                .bind(line.words.to_string())
                .bind(line.request.to_string())
                .bind(line.sources.to_string())
                .bind(line.twin.map(i64::from));
                insert.execute(&mut *change).await?;
            }
            push(pool, &mut change, &run.name, &queued).await?;
            change.commit().await?;
            Ok::<_, sqlx::Error>(true)
        }.await);
        added.map_err(|error| failed(&error))
    }

    /// The run of a name.
    pub(crate) async fn run(&self, name: &str) -> Result<Option<RunRow>, Failure> {
        Ok(self.runs_where(Some(name)).await?.pop())
    }

    /// All runs, the oldest first.
    pub(crate) async fn runs(&self) -> Result<Vec<RunRow>, Failure> {
        self.runs_where(None).await
    }

    async fn runs_where(&self, name: Option<&str>) -> Result<Vec<RunRow>, Failure> {
        let rows = on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT r.*, (SELECT coalesce(sum(s.cost), 0.0) FROM submissions s
                    WHERE s.run = r.run AND s.state <> 'refused') AS spent
                 FROM runs r WHERE $1 IS NULL OR r.run = $1 ORDER BY r.created_at, r.run",
            );
            let rows: Result<Vec<Row>, _> = rows.bind(name).fetch_all(pool).await;
            rows
        });
        let read = rows.and_then(|rows| rows.into_iter().map(RunRow::try_from).collect());
        read.map_err(|error| failed(&error))
    }

    /// How many lines of a run are in which state.
    pub(crate) async fn counts(&self, run: &str) -> Result<Counts, Failure> {
        let rows = on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT state, count(*) FROM lines WHERE run = $1 AND twin IS NULL GROUP BY state",
            );
            let rows: Result<Vec<(String, i64)>, _> = rows.bind(run).fetch_all(pool).await;
            rows
        });
        let mut counts = Counts::default();
        for (state, count) in rows.map_err(|error| failed(&error))? {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            match LineState::named(&state) {
                Some(LineState::Waiting) => counts.waiting = count,
                Some(LineState::Begun) => counts.begun = count,
                Some(LineState::Open) => counts.open = count,
                Some(LineState::Saved) => counts.saved = count,
                Some(LineState::Failed) => counts.failed = count,
                Some(LineState::Canceled) => counts.canceled = count,
                None => {}
            }
        }
        Ok(counts)
    }
}

async fn push<Q: Queue>(
    _: &Q,
    change: &mut sqlx::Transaction<'static, Q::Db>,
    run: &str,
    lines: &[u32],
) -> Result<(), sqlx::Error> {
    Q::push(change, run, lines).await
}
