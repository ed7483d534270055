//! Writing: a submission before it is paid, and what becomes of it.

use std::time::Duration;

use civitai_jobs::{Buzz, ClientKey};
use sqlx::SqliteConnection;

use super::entry::{now, seconds};
use super::{Budget, Entry, Ledger, State, failed, unnoted};
use crate::exit;
use crate::failure::Failure;

impl Ledger {
    /// Writes a submission down; when this returns, the record is on disk, and its price is part of what the
    /// ledger has spent. What would go over a budget is not written, whatever other processes write.
    pub(crate) async fn prepare(
        &self,
        entry: &Entry,
        budget: Option<Budget>,
    ) -> Result<(), Failure> {
        let change = self.pool.begin_with("BEGIN IMMEDIATE").await;
        let mut change = change.map_err(|error| failed(&error))?;
        if let Some(budget) = budget {
            let spent = spent(&mut change, budget.within).await?;
            let price = entry.cost.unwrap_or_default();
            if spent + price > budget.limit {
                let what = format!(
                    "the price is {price} Buzz, {spent} are spent, and --budget allows {budget}"
                );
                return Err(Failure::new(exit::TOO_DEAR, what).advise("nothing was submitted"));
            }
        }
        let insert = sqlx::query(
            "INSERT INTO submissions
                (key, api, service, request, digest, folder, naming, prompt, recipe, state, cost, created_at, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
        )
        .bind(entry.key.to_string())
        .bind(&entry.api)
        .bind(&entry.service)
        .bind(entry.request.to_string())
        .bind(entry.digest())
        .bind(entry.place.folder.as_os_str().as_encoded_bytes())
        .bind(&entry.place.naming)
        .bind(&entry.place.prompt)
        .bind(entry.place.recipe)
        .bind(entry.state.name())
        .bind(entry.cost.map(Buzz::as_f64))
        .bind(seconds(entry.created_at));
        insert
            .execute(&mut *change)
            .await
            .map_err(|error| failed(&error))?;
        change.commit().await.map_err(|error| failed(&error))
    }

    /// Notes what the service calls the work, and its price.
    pub(crate) async fn submitted(
        &self,
        key: ClientKey,
        work: &str,
        cost: Option<Buzz>,
    ) -> Result<(), Failure> {
        let update = sqlx::query(
            "UPDATE submissions SET work = ?2, cost = coalesce(?3, cost), changed_at = ?4,
                state = CASE state WHEN 'prepared' THEN 'submitted' ELSE state END
             WHERE key = ?1",
        )
        .bind(key.to_string())
        .bind(work)
        .bind(cost.map(Buzz::as_f64))
        .bind(seconds(now()));
        update
            .execute(&self.pool)
            .await
            .map_err(|error| unnoted(&error))?;
        Ok(())
    }

    /// Notes how far the work has come; a cost and a reason that are not known stay as they are.
    pub(crate) async fn reached(
        &self,
        key: ClientKey,
        state: State,
        cost: Option<Buzz>,
        reason: Option<&str>,
    ) -> Result<(), Failure> {
        let update = sqlx::query(
            "UPDATE submissions SET state = ?2, cost = coalesce(?3, cost), reason = coalesce(?4, reason),
                changed_at = ?5
             WHERE key = ?1",
        )
        .bind(key.to_string())
        .bind(state.name())
        .bind(cost.map(Buzz::as_f64))
        .bind(reason)
        .bind(seconds(now()));
        update
            .execute(&self.pool)
            .await
            .map_err(|error| unnoted(&error))?;
        Ok(())
    }
}

/// What all submissions `within` that time came to; those that are under way count at their price.
async fn spent(
    connection: &mut SqliteConnection,
    within: Option<Duration>,
) -> Result<Buzz, Failure> {
    let since = within.map_or(0, |within| seconds(now().saturating_sub(within.as_secs())));
    let sum = "SELECT total(cost) FROM submissions WHERE created_at >= ? AND state <> 'refused'";
    let sum = sqlx::query_scalar(sum).bind(since);
    let sum: Result<f64, _> = sum.fetch_one(connection).await;
    sum.map(Buzz::from_f64).map_err(|error| failed(&error))
}
