//! One look at a job: by token, and by id where the token leaves open how it ended.

use std::time::Duration;

use civitai_api::v1::{OneJob, types};
use job_watch::{Fault, Seen};

use super::{ClientKey, Job, Token, Way};
use crate::client::call::{Operation, Reply};
use crate::error::Doing;
use crate::snapshot::{self, Snapshot};
use crate::{Client, Error};

/// Pages of a search, at most: enough for the largest batch.
const PAGES: usize = 100;
/// Undecided jobs of one batch that are asked for their last event in one look.
const SETTLED_AT_ONCE: usize = 8;

impl job_watch::Job for Job {
    type Snapshot = Snapshot;
    type Error = Error;

    // The service can hold a reply until the jobs have ended. That is not used: the caller cannot
    // say for how long, it hides all progress, and proxies cut the connection first.
    async fn look(&self, _hold: Option<Duration>) -> Result<Seen<Snapshot>, Error> {
        if let Some(observer) = self.client.observer() {
            observer.poll();
        }
        let (snapshot, retry_after) = look(&self.client, &self.token).await?;
        let phase = snapshot.state().phase();
        Ok(Seen::new(phase, snapshot).with_retry_after(retry_after))
    }

    fn fault(&self, error: &Error) -> Fault {
        if error.is_retryable() {
            let retry_after = error.retry_after();
            Fault::Passing { retry_after }
        } else {
            Fault::Lasting
        }
    }
}

/// Looks once; also returns the pause that the service asks for.
pub(super) async fn look(
    client: &Client,
    token: &Token,
) -> Result<(Snapshot, Option<Duration>), Error> {
    let (mut jobs, retry_after) = match token.way() {
        Way::Batch(batch) => by_token(client, batch).await?,
        Way::Key(key) => found_by_key(client, key, Doing::Looking).await?,
        Way::Id(id) => by_id(client, id).await?,
    };
    // A look by id has told the last event already.
    let settled = matches!(token.way(), Way::Id(_));
    let open = jobs.iter_mut().filter(|job| snapshot::is_undecided(job));
    for job in open.take(if settled { 0 } else { SETTLED_AT_ONCE }) {
        settle(client, job).await;
    }
    Ok((Snapshot::new(token, &jobs), retry_after))
}

async fn by_token(
    client: &Client,
    token: &str,
) -> Result<(Vec<types::JobStatus>, Option<Duration>), Error> {
    let call = client.api().get_jobs(Some(false), token, None);
    let reply = client.look(Operation::BY_TOKEN, Doing::Looking, call);
    let reply = reply.await?;
    Ok((reply.value.jobs.unwrap_or_default(), reply.retry_after))
}

async fn by_id(
    client: &Client,
    id: &str,
) -> Result<(Vec<types::JobStatus>, Option<Duration>), Error> {
    let call = client.api().get_one_job(id, None);
    let reply = client.look(Operation::BY_ID, Doing::Looking, call).await?;
    Ok((vec![reply.value.0], reply.retry_after))
}

/// All the jobs that carry a key.
pub(crate) async fn found_by_key(
    client: &Client,
    key: ClientKey,
    doing: Doing,
) -> Result<(Vec<types::JobStatus>, Option<Duration>), Error> {
    let mut wanted = types::QueryJobsRequest {
        cursor: None,
        properties: Some(key.properties()),
    };
    let mut found = Vec::new();
    for _ in 0..PAGES {
        let call = client.api().query_jobs(Some(false), &wanted);
        let page = client.look(Operation::QUERY, doing, call).await?;
        found.extend(page.value.jobs.unwrap_or_default());
        wanted.cursor = page.value.cursor.filter(|cursor| !cursor.is_empty());
        if wanted.cursor.is_none() {
            return Ok((found, page.retry_after));
        }
    }
    // A part of a batch must not pass for the whole of it.
    Err(Error::endless_search())
}

/// Adds the last event, which only a look by id tells. A failure leaves the job undecided, which the
/// next look may change.
async fn settle(client: &Client, job: &mut types::JobStatus) {
    let Some(id) = &job.job_id else { return };
    let call = client.api().get_one_job(id, Some(false));
    let seen = client.look(Operation::BY_ID, Doing::Looking, call).await;
    if let Ok(Reply {
        value: OneJob(seen),
        ..
    }) = seen
    {
        job.last_event = seen.last_event;
        job.result = job.result.take().or(seen.result);
    }
}
