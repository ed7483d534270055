//! Writing: a submission before it is paid, and what becomes of it.

use civitai_jobs::{Buzz, ClientKey};

use super::db::{Change as _, on};
use super::entry::{now, seconds};
use super::query::since;
use super::{Budget, Entry, Ledger, State, failed, unnoted};
use crate::exit;
use crate::failure::Failure;

/// Writes the row of a submission; the binds are those of [`values`].
pub(super) const INSERT: &str = "INSERT INTO submissions
        (key, api, service, request, digest, folder, naming, prompt, recipe, state, cost, created_at, changed_at, run,
         line)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14)";

/// What all submissions since an instant came to; those that are under way count at their price.
pub(super) const SPENT: &str = "SELECT coalesce(sum(cost), 0.0) FROM submissions
     WHERE created_at >= $1 AND state <> 'refused'";

/// Binds what [`INSERT`] writes; a line of a run where it is one.
macro_rules! values {
    ($entry:expr, $line:expr) => {{
        let (entry, line) = ($entry, $line);
        let line: Option<(&str, i64)> = line;
        sqlx::query($crate::ledger::record::INSERT)
            .bind(entry.key.to_string())
            .bind(&entry.api)
            .bind(&entry.service)
            .bind(entry.request.to_string())
            .bind(entry.digest())
            .bind(entry.place.folder.as_os_str().as_encoded_bytes())
            .bind(&entry.place.naming)
            .bind(&entry.place.prompt)
            .bind(i64::from(entry.place.recipe))
            .bind(entry.state.name())
            .bind(entry.cost.map(civitai_jobs::Buzz::as_f64))
            .bind(seconds(entry.created_at))
            .bind(line.map(|(run, _)| run))
            .bind(line.map(|(_, line)| line))
    }};
}
pub(super) use values;

impl Ledger {
    /// Writes a submission down; when this returns, the record is on disk, and its price is part of what the
    /// ledger has spent. What would go over a budget is not written, whatever other processes write.
    pub(crate) async fn prepare(
        &self,
        entry: &Entry,
        budget: Option<Budget>,
    ) -> Result<(), Failure> {
        let spent = on!(self, pool => async {
            let mut change = pool.lasting_change().await?;
            if let Some(budget) = budget {
                let spent = sqlx::query_scalar(SPENT).bind(since(budget.within));
                let spent = Buzz::from_f64(spent.fetch_one(&mut *change).await?);
                if spent + entry.cost.unwrap_or_default() > budget.limit {
                    return Ok(Some((spent, budget)));
                }
            }
            values!(entry, None).execute(&mut *change).await?;
            pool.commit_lasting(change).await?;
            Ok(None)
        }.await);
        match spent.map_err(|error| failed(&error))? {
            None => Ok(()),
            Some((spent, budget)) => {
                let price = entry.cost.unwrap_or_default();
                let what = format!(
                    "the price is {price} Buzz, {spent} are spent, and --budget allows {budget}"
                );
                Err(Failure::new(exit::TOO_DEAR, what).advise("nothing was submitted"))
            }
        }
    }

    /// Notes what the service calls the work, and its price.
    pub(crate) async fn submitted(
        &self,
        key: ClientKey,
        work: &str,
        cost: Option<Buzz>,
    ) -> Result<(), Failure> {
        let noted = on!(self, pool => {
            let update = sqlx::query(
                "UPDATE submissions SET work = $2, cost = coalesce($3, cost), changed_at = $4,
                    state = CASE state WHEN 'prepared' THEN 'submitted' ELSE state END
                 WHERE key = $1",
            )
            .bind(key.to_string())
            .bind(work)
            .bind(cost.map(Buzz::as_f64))
            .bind(seconds(now()));
            update.execute(pool).await.map(drop)
        });
        noted.map_err(|error| unnoted(&error))
    }

    /// Notes how far the work has come; a cost and a reason that are not known stay as they are.
    pub(crate) async fn reached(
        &self,
        key: ClientKey,
        state: State,
        cost: Option<Buzz>,
        reason: Option<&str>,
    ) -> Result<(), Failure> {
        let noted = on!(self, pool => {
            let update = sqlx::query(
                "UPDATE submissions SET state = $2, cost = coalesce($3, cost), reason = coalesce($4, reason),
                    changed_at = $5
                 WHERE key = $1",
            )
            .bind(key.to_string())
            .bind(state.name())
            .bind(cost.map(Buzz::as_f64))
            .bind(reason)
            .bind(seconds(now()));
            update.execute(pool).await.map(drop)
        });
        noted.map_err(|error| unnoted(&error))
    }
}
