//! What is written of a line and its task between its beginning and its end.

use civitai_jobs::{Buzz, ClientKey};

use super::super::db::on;
use super::super::entry::{now, seconds};
use super::super::queue::{Queue, done};
use super::super::{Ledger, unnoted};
use crate::failure::Failure;

impl Ledger {
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
