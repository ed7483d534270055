//! What is asked of the ledger: what is open, what was made, what it came to.

use std::time::Duration;

use sqlx::sqlite::SqliteRow;

use super::entry::{now, seconds};
use super::{Entry, Ledger, State, failed};
use crate::failure::Failure;

impl Ledger {
    /// The submissions to a service with something left to do, the oldest first.
    pub(crate) async fn open_entries(&self, service: &str) -> Result<Vec<Entry>, Failure> {
        let rows = sqlx::query(
            "SELECT * FROM submissions WHERE service = ? AND run IS NULL AND state IN ('prepared', 'submitted', 'made')
             ORDER BY created_at, key",
        );
        let rows = rows.bind(service).fetch_all(&self.pool).await;
        entries(rows)
    }

    /// How many submissions to other services have something left to do.
    pub(crate) async fn open_elsewhere(&self, service: &str) -> Result<u32, Failure> {
        let count = sqlx::query_scalar(
            "SELECT count(*) FROM submissions
             WHERE service <> ? AND run IS NULL AND state IN ('prepared', 'submitted', 'made')",
        );
        let count = count.bind(service).fetch_one(&self.pool).await;
        count.map_err(|error| failed(&error))
    }

    /// The submission that the service calls by this id, or that was made under this key.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<Entry>, Failure> {
        let rows = sqlx::query(
            "SELECT * FROM submissions WHERE work = ?1 OR key = ?1 OR 'clientKey:' || key = ?1
             ORDER BY created_at DESC LIMIT 1",
        );
        let rows = rows.bind(id).fetch_all(&self.pool).await;
        Ok(entries(rows)?.pop())
    }

    /// The latest submission that asked for the same of the same service, `within` that time, and was not
    /// refused.
    pub(crate) async fn same(
        &self,
        entry: &Entry,
        within: Duration,
    ) -> Result<Option<Entry>, Failure> {
        let rows = sqlx::query(
            "SELECT * FROM submissions
             WHERE digest = ? AND created_at >= ? AND state <> 'refused' AND key <> ?
             ORDER BY created_at DESC LIMIT 1",
        )
        .bind(entry.digest())
        .bind(since(Some(within)))
        .bind(entry.key.to_string());
        Ok(entries(rows.fetch_all(&self.pool).await)?.pop())
    }

    /// The submissions that asked for the same of the same service and have something left to do, the oldest
    /// first.
    pub(crate) async fn open_same(&self, entry: &Entry) -> Result<Vec<Entry>, Failure> {
        let rows = sqlx::query(
            "SELECT * FROM submissions
             WHERE digest = ? AND run IS NULL AND state IN ('prepared', 'submitted', 'made')
             ORDER BY created_at, key",
        );
        let rows = rows.bind(entry.digest()).fetch_all(&self.pool).await;
        entries(rows)
    }

    /// The newest submissions of a state that were made `within` that time, so many at most.
    pub(crate) async fn list(
        &self,
        state: Option<State>,
        within: Option<Duration>,
        limit: u32,
    ) -> Result<Vec<Entry>, Failure> {
        let rows = sqlx::query(
            "SELECT * FROM submissions WHERE created_at >= ?1 AND (?2 IS NULL OR state = ?2)
             ORDER BY created_at DESC, key DESC LIMIT ?3",
        )
        .bind(since(within))
        .bind(state.map(State::name))
        .bind(limit);
        entries(rows.fetch_all(&self.pool).await)
    }
}

fn since(within: Option<Duration>) -> i64 {
    within.map_or(0, |within| seconds(now().saturating_sub(within.as_secs())))
}

fn entries(rows: Result<Vec<SqliteRow>, sqlx::Error>) -> Result<Vec<Entry>, Failure> {
    let read = rows.and_then(|rows| rows.iter().map(Entry::of_row).collect());
    read.map_err(|error| failed(&error))
}
