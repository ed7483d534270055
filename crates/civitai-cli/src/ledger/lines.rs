//! Lines of a run: from the leave to submit one to what became of it.

use civitai_jobs::Buzz;
use serde_json::Value;

use super::db::on;
use super::{Ledger, failed};
use crate::failure::Failure;

pub(crate) use begin::{Begin, Leave};
pub(crate) use change::Submitted;
pub(crate) use end::{End, Ended};

mod begin;
mod change;
mod end;

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
}
