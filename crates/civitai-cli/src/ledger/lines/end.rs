//! What became of a line.

use std::sync::Arc;

use civitai_jobs::{Buzz, ClientKey};

use super::super::db::{Change as _, on};
use super::super::entry::{now, seconds};
use super::super::files::insert;
use super::super::queue::done;
use super::super::{Kept, Ledger, State, unnoted};
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

/// A line that has ended.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) run: String,
    pub(crate) line: u32,
    /// Its task in the queue, which ends with it.
    pub(crate) task: Option<String>,
    pub(crate) ended: Ended,
}

impl Ledger {
    /// Writes down what became of a line and ends its task, at once; a line that has ended stays as it is. Returns
    /// whether this was its end.
    pub(crate) async fn end_line(&self, end: End) -> Result<bool, Failure> {
        let write = |lines| self.end_lines(lines);
        self.ends.write(end, write).await
    }

    async fn end_lines(&self, lines: Vec<Arc<End>>) -> Result<Vec<bool>, Failure> {
        let noted = on!(self, pool => async {
            let mut change = pool.change().await?;
            let mut ends = Vec::with_capacity(lines.len());
            for line in &lines {
                let ended = &line.ended;
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
                let texts = serde_json::json!(ended.texts).to_string();
                let end = sqlx::query(
                    "UPDATE lines SET state = $3, reason = $4, texts = $5, ended_at = $6
                     WHERE run = $1 AND line = $2 AND state IN ('waiting', 'begun', 'open') AND state <> $3",
                )
                .bind(&line.run)
                .bind(i64::from(line.line))
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
                            state = CASE WHEN state = 'open' AND failed + 1 >= max_failures
                                THEN 'stopped' ELSE state END
                         WHERE run = $1",
                    );
                    count.bind(&line.run).bind(seconds(now())).execute(&mut *change).await?;
                }
                if let Some(task) = &line.task {
                    sqlx::query(done(pool)).bind(task).execute(&mut *change).await?;
                }
                ends.push(is_end);
            }
            change.commit().await?;
            Ok::<_, sqlx::Error>(ends)
        }.await);
        noted.map_err(|error| unnoted(&error))
    }
}
