//! Searching for what became of a submission without a clear answer.

use std::pin::pin;
use std::time::Duration;

use civitai_api::v1::operation;
use civitai_api::v1::types::JobStatus;
use futures_util::future::{Either, select};

use super::decide::{self, Found, Search, Verdict};
use super::prepare::MOST_JOBS;
use crate::call::Call;
use crate::error::{Purpose, Unsettled, Work, reply};
use crate::jobs::handle::Batch;
use crate::jobs::labels::Place;
use crate::jobs::read::by_key;
use crate::{Client, ClientKey, Error, JobId};

/// A time-out leaves the service at work, perhaps until a proxy gives up on it after 100 s.
const TIMED_OUT: u32 = 4;
/// What a search is given where the patience is almost at its end.
const SHORTEST_SEARCH: Duration = Duration::from_secs(10);

/// Searches once, again where that failed in passing.
pub(in crate::jobs) async fn find(client: &Client, key: ClientKey) -> Result<Option<Batch>, Error> {
    let call = Call::new(operation::QUERY_JOBS, Purpose::FindBatch);
    let jobs = by_key(client, key, call).await?.value;
    if jobs.is_empty() {
        return Ok(None);
    }
    Listed::of_a_whole(jobs)
        .into_batch(client, key, None)
        .map(Some)
}

/// Searches for a submission until the rules say what became of it.
pub(super) async fn search(
    client: &Client,
    key: ClientKey,
    wanted: usize,
    answer: Option<civitai_api::Error>,
) -> Result<Batch, Error> {
    let (policy, clock) = (client.submit_policy(), client.clock());
    let timed_out = answer.as_ref().is_some_and(reply::is_timeout);
    let settle = policy.settle * if timed_out { TIMED_OUT } else { 1 };
    let begun = clock.now();
    let elapsed = || clock.now().saturating_duration_since(begun);
    let mut before = 0;
    loop {
        let asked = elapsed();
        let limit = policy.patience.saturating_sub(asked).max(SHORTEST_SEARCH);
        let seen = search_once(client, key, wanted, limit).await;
        let search = Search {
            asked,
            answered: elapsed(),
            before,
            found: seen.found(),
            hint: seen.hint,
        };
        let verdict = decide::after_search(&policy, settle, &search, fastrand::f64());
        tracing::debug!(client_key = %key, ?search, ?verdict, "searched for the submission");
        return match (verdict, seen.listed) {
            (Verdict::SearchAgain { after }, _) => {
                clock.sleep(after).await;
                before += 1;
                continue;
            }
            (Verdict::Accepted | Verdict::Partly, Ok(listed)) => {
                listed.into_batch(client, key, answer)
            }
            (Verdict::NotAccepted, _) => Err(Unsettled::not_accepted(key, answer).into()),
            (_, listed) => {
                let cause = listed.err().flatten();
                Err(Unsettled::unknown(key, Work::Batch, answer, cause).into())
            }
        };
    }
}

/// Searches once, for at most `limit`.
async fn search_once(client: &Client, key: ClientKey, wanted: usize, limit: Duration) -> Seen {
    let call = Call::new(operation::QUERY_JOBS, Purpose::FindBatch).once();
    let search = pin!(by_key(client, key, call));
    match select(search, client.clock().limit(limit)).await {
        Either::Left((Ok(found), _)) => Seen {
            listed: Ok(Listed::new(found.value, wanted)),
            hint: found.retry_after,
        },
        Either::Left((Err(error), _)) => Seen {
            hint: error.retry_after(),
            listed: Err(Some(error)),
        },
        Either::Right(_) => Seen {
            listed: Err(None),
            hint: None,
        },
    }
}

/// What one search gave; no error where it was left without an answer.
struct Seen {
    listed: Result<Listed, Option<Error>>,
    hint: Option<Duration>,
}

impl Seen {
    fn found(&self) -> Found {
        match &self.listed {
            Ok(listed) if listed.ids.is_empty() => Found::None,
            Ok(listed) if listed.missing.is_empty() => Found::All,
            Ok(_) => Found::Some,
            Err(error) if error.as_ref().is_none_or(Error::is_retryable) => Found::Failed,
            Err(_) => Found::Refused,
        }
    }
}

/// The jobs that the service lists under a key.
struct Listed {
    /// In the order in which they were submitted.
    ids: Vec<JobId>,
    /// The places of the batch, counted from 0, that no job is listed for.
    missing: Vec<usize>,
}

impl Listed {
    /// What is listed of a submission whose size only its jobs tell.
    fn of_a_whole(jobs: Vec<JobStatus>) -> Self {
        let places = jobs
            .iter()
            .filter_map(|job| Place::read(job.properties.as_ref()?));
        let wanted = places.map(|place| place.of).max().unwrap_or(1);
        Self::new(jobs, wanted.min(MOST_JOBS))
    }

    fn new(jobs: Vec<JobStatus>, wanted: usize) -> Self {
        let placed = jobs.into_iter().filter_map(|job| {
            // A reply without labels tells no place; the job is there all the same.
            let place = job.properties.as_ref().and_then(Place::read);
            Some((
                place.map_or(usize::MAX, |place| place.index),
                job.job_id?.parse().ok()?,
            ))
        });
        let mut placed: Vec<(usize, JobId)> = placed.collect();
        // Jobs that tell no place keep the order in which they are listed.
        placed.sort_by_key(|(index, _)| *index);
        let unplaced = placed.iter().filter(|(index, _)| *index >= wanted).count();
        let missing = (0..wanted).filter(|index| !placed.iter().any(|(at, _)| at == index));
        Self {
            missing: missing.skip(unplaced).collect(),
            ids: placed.into_iter().map(|(_, id)| id).collect(),
        }
    }

    /// The jobs, where all that were submitted are listed.
    fn into_batch(
        self,
        client: &Client,
        key: ClientKey,
        answer: Option<civitai_api::Error>,
    ) -> Result<Batch, Error> {
        if self.missing.is_empty() {
            Ok(Batch::new(client.clone(), key.into(), self.ids))
        } else {
            Err(Unsettled::partly(key, answer, self.ids, self.missing).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jobs::labels;

    #[test]
    fn the_places_tell_which_jobs_of_a_batch_are_missing() {
        let key = ClientKey::new();
        let job = |index: usize, of: usize| {
            let properties = serde_json::Value::Object(labels::of_job(key, Place { index, of }));
            json!({"jobId": format!("job-{index}"), "properties": properties})
        };
        let bare = |name: &str| json!({"jobId": name});
        for (jobs, wanted, ids, missing) in [
            (vec![job(0, 1)], 1, vec!["job-0"], vec![]),
            (vec![], 1, vec![], vec![0]),
            (vec![bare("a")], 1, vec!["a"], vec![]),
            (
                vec![job(2, 3), job(0, 3)],
                3,
                vec!["job-0", "job-2"],
                vec![1],
            ),
            (
                vec![job(0, 2), job(0, 2)],
                2,
                vec!["job-0", "job-0"],
                vec![1],
            ),
            (vec![job(1, 2), bare("a")], 2, vec!["job-1", "a"], vec![]),
        ] {
            let jobs = serde_json::from_value(json!(jobs)).unwrap();
            let listed = Listed::new(jobs, wanted);
            assert_eq!(
                (listed.ids, listed.missing),
                (
                    ids.into_iter().map(|id| id.parse().unwrap()).collect(),
                    missing,
                )
            );
        }
    }
}
