//! What is asked of the ledger: what is open, what was made, what it came to.

use std::time::Duration;

use super::db::on;
use super::entry::{Row, now, seconds};
use super::{Entry, Ledger, State, failed};
use crate::failure::Failure;

impl Ledger {
    /// The submissions to a service with something left to do, the oldest first; lines of batches aside.
    pub(crate) async fn open_entries(&self, service: &str) -> Result<Vec<Entry>, Failure> {
        entries(on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT * FROM submissions
                 WHERE service = $1 AND run IS NULL AND state IN ('prepared', 'submitted', 'made')
                 ORDER BY created_at, key",
            );
            rows.bind(service).fetch_all(pool).await
        }))
    }

    /// How many submissions to other services have something left to do.
    pub(crate) async fn open_elsewhere(&self, service: &str) -> Result<i64, Failure> {
        let count = on!(self, pool => {
            let count = sqlx::query_scalar(
                "SELECT count(*) FROM submissions
                 WHERE service <> $1 AND run IS NULL AND state IN ('prepared', 'submitted', 'made')",
            );
            count.bind(service).fetch_one(pool).await
        });
        count.map_err(|error| failed(&error))
    }

    /// The submission that the service calls by this id, or that was made under this key.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<Entry>, Failure> {
        let rows = on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT * FROM submissions WHERE work = $1 OR key = $1 OR 'clientKey:' || key = $1
                 ORDER BY created_at DESC LIMIT 1",
            );
            rows.bind(id).fetch_all(pool).await
        });
        Ok(entries(rows)?.pop())
    }

    /// The latest submission that asked for the same of the same service, `within` that time, and was not
    /// refused.
    pub(crate) async fn same(
        &self,
        entry: &Entry,
        within: Duration,
    ) -> Result<Option<Entry>, Failure> {
        let rows = on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT * FROM submissions
                 WHERE digest = $1 AND created_at >= $2 AND state <> 'refused' AND key <> $3
                 ORDER BY created_at DESC LIMIT 1",
            )
            .bind(entry.digest())
            .bind(since(Some(within)))
            .bind(entry.key.to_string());
            rows.fetch_all(pool).await
        });
        Ok(entries(rows)?.pop())
    }

    /// The submissions that asked for the same of the same service and have something left to do, the oldest
    /// first.
    pub(crate) async fn open_same(&self, entry: &Entry) -> Result<Vec<Entry>, Failure> {
        entries(on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT * FROM submissions
                 WHERE digest = $1 AND run IS NULL AND state IN ('prepared', 'submitted', 'made')
                 ORDER BY created_at, key",
            );
            rows.bind(entry.digest()).fetch_all(pool).await
        }))
    }

    /// The newest submissions of a state that were made `within` that time, so many at most.
    pub(crate) async fn list(
        &self,
        state: Option<State>,
        within: Option<Duration>,
        limit: u32,
    ) -> Result<Vec<Entry>, Failure> {
        entries(on!(self, pool => {
            let rows = sqlx::query_as(
                "SELECT * FROM submissions WHERE created_at >= $1 AND ($2 IS NULL OR state = $2)
                 ORDER BY created_at DESC, key DESC LIMIT $3",
            )
            .bind(since(within))
            .bind(state.map(State::name))
            .bind(i64::from(limit));
            rows.fetch_all(pool).await
        }))
    }
}

/// The instant that long ago, in seconds since 1970; 1970 where there is no time.
pub(super) fn since(within: Option<Duration>) -> i64 {
    within.map_or(0, |within| seconds(now().saturating_sub(within.as_secs())))
}

fn entries(rows: Result<Vec<Row>, sqlx::Error>) -> Result<Vec<Entry>, Failure> {
    let read = rows.and_then(|rows| rows.into_iter().map(Entry::try_from).collect());
    read.map_err(|error| failed(&error))
}
