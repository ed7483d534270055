//! What is written of a line and its task between its beginning and its end.

use std::sync::Arc;

use civitai_jobs::{Buzz, ClientKey};

use super::super::db::{Change as _, on};
use super::super::entry::{now, seconds};
use super::super::queue::{Queue, done};
use super::super::{Ledger, unnoted};
use crate::failure::Failure;

/// A line that the service has taken.
#[derive(Clone, Debug)]
pub(crate) struct Submitted {
    pub(crate) key: ClientKey,
    /// What the service calls the work.
    pub(crate) work: String,
    pub(crate) cost: Option<Buzz>,
}

impl Ledger {
    /// Notes what the service calls the work of a line, and its price; returns whether the run goes on.
    pub(crate) async fn line_submitted(&self, submitted: Submitted) -> Result<bool, Failure> {
        let write = |lines| self.lines_submitted(lines);
        self.submits.write(submitted, write).await
    }

    async fn lines_submitted(&self, lines: Vec<Arc<Submitted>>) -> Result<Vec<bool>, Failure> {
        let noted = on!(self, pool => async {
            let mut change = pool.change().await?;
            let mut go_on = Vec::with_capacity(lines.len());
            for line in &lines {
                let update = sqlx::query_scalar(
                    "UPDATE submissions SET work = $2, cost = coalesce($3, cost), changed_at = $4,
                        state = CASE state WHEN 'prepared' THEN 'submitted' ELSE state END
                     WHERE key = $1
                     RETURNING (SELECT r.state FROM runs r WHERE r.run = submissions.run)",
                )
                .bind(line.key.to_string())
                .bind(&line.work)
                .bind(line.cost.map(Buzz::as_f64))
                .bind(seconds(now()));
                let state: Option<Option<String>> = update.fetch_optional(&mut *change).await?;
                go_on.push(state.flatten().is_none_or(|state| state != "canceled"));
            }
            change.commit().await?;
            Ok::<_, sqlx::Error>(go_on)
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

fn put_back<Q: Queue>(_: &Q) -> &'static str {
    Q::PUT_BACK
}
