//! One look at a job: by token, and by id where the token leaves open how it ended.

use civitai_api::v1::operation;
use std::pin::pin;
use std::time::Duration;

use civitai_api::v1::{OneJob, types};
use futures_util::future::{Either, select};
use job_watch::{Fault, Seen};

use super::{ClientKey, Job, Token, Way};
use crate::client::call::Reply;
use crate::error::Doing;
use crate::snapshot::{self, Snapshot};
use crate::{Client, Error};

/// Pages of a search, at most: enough for the largest batch.
const PAGES: usize = 100;
/// Undecided jobs of one batch that are asked for their last event in one look.
const SETTLED_AT_ONCE: usize = 8;
/// How long a look is held, at most: the service cuts a request after 100 s.
pub(super) const LONGEST_HOLD: Duration = Duration::from_secs(90);

impl job_watch::Job for Job {
    type Snapshot = Snapshot;
    type Error = Error;

    async fn look(&self, hold: Option<Duration>) -> Result<Seen<Snapshot>, Error> {
        if let Some(observer) = self.client.observer() {
            observer.poll();
        }
        if let (Some(hold), Way::Batch(batch)) = (hold, self.token.way())
            && let Some(held) = held(&self.client, batch, hold).await
        {
            let (jobs, retry_after) = held?;
            let snapshot = told(&self.client, &self.token, jobs).await;
            return Ok(snapshot.seen(retry_after));
        }
        let (snapshot, retry_after) = look(&self.client, &self.token).await?;
        Ok(snapshot.seen(retry_after))
    }

    fn fault(&self, error: &Error) -> Fault {
        match error.status() {
            // A batch that was just accepted need not be listed yet.
            Some(404) if !self.ids.is_empty() => Fault::Missing,
            _ => judge(error),
        }
    }

    fn longest_hold(&self) -> Option<Duration> {
        let held = self.waits && matches!(self.token.way(), Way::Batch(_));
        held.then_some(LONGEST_HOLD)
    }
}

/// What a failed look means for the next one.
pub(crate) fn judge(error: &Error) -> Fault {
    if error.is_retryable() {
        let retry_after = error.retry_after();
        Fault::Passing { retry_after }
    } else if error.status() == Some(400) {
        // Of a look without a hold this says no more than that it is wrong.
        Fault::HoldRefused
    } else {
        Fault::Lasting
    }
}

/// A look that the service answers when the jobs have ended; nothing when that takes too long. The
/// caller cannot tell the service for how long to hold, so the request is given up.
async fn held(client: &Client, batch: &str, hold: Duration) -> Option<Result<Found, Error>> {
    let held = by_token(client, batch, false, true);
    let limit = client.clock().limit(hold);
    match select(pin!(held), limit).await {
        Either::Left((held, _)) => Some(held),
        Either::Right(_) => None,
    }
}

/// Looks once; also returns the pause that the service asks for.
pub(super) async fn look(
    client: &Client,
    token: &Token,
) -> Result<(Snapshot, Option<Duration>), Error> {
    let (jobs, retry_after) = match token.way() {
        Way::Batch(batch) => by_token(client, batch, false, false).await?,
        Way::Key(key) => found_by_key(client, key, Doing::Looking).await?,
        Way::Id(id) => by_id(client, id).await?,
    };
    Ok((told(client, token, jobs).await, retry_after))
}

/// What the jobs tell, after a look by id at those that are undecided.
async fn told(client: &Client, token: &Token, mut jobs: Vec<types::JobStatus>) -> Snapshot {
    // A look by id has told the last event already.
    let settled = matches!(token.way(), Way::Id(_));
    let open = jobs.iter_mut().filter(|job| snapshot::is_undecided(job));
    for job in open.take(if settled { 0 } else { SETTLED_AT_ONCE }) {
        settle(client, job).await;
    }
    Snapshot::new(token, &jobs)
}

/// The jobs of a reply, and the pause that the service asks for.
pub(crate) type Found = (Vec<types::JobStatus>, Option<Duration>);

/// Looks by the service's token: with details, which the last event is one of, and perhaps held back
/// until the jobs have ended.
pub(crate) async fn by_token(
    client: &Client,
    token: &str,
    detailed: bool,
    wait: bool,
) -> Result<Found, Error> {
    let call = client
        .api()
        .get_jobs(Some(detailed), token, wait.then_some(true));
    let reply = client.look(operation::GET_JOBS, Doing::Looking, call);
    let reply = reply.await?;
    Ok((reply.value.jobs.unwrap_or_default(), reply.retry_after))
}

pub(crate) async fn by_id(client: &Client, id: &str) -> Result<Found, Error> {
    let call = client.api().get_one_job(id, None);
    let reply = client
        .look(operation::GET_JOB, Doing::Looking, call)
        .await?;
    Ok((vec![reply.value.0], reply.retry_after))
}

/// All the jobs that carry a key.
pub(crate) async fn found_by_key(
    client: &Client,
    key: ClientKey,
    doing: Doing,
) -> Result<(Vec<types::JobStatus>, Option<Duration>), Error> {
    let mut wanted = types::QueryJobsRequest {
        properties: Some(key.properties().into_iter().collect()),
        ..types::QueryJobsRequest::default()
    };
    let mut found = Vec::new();
    for _ in 0..PAGES {
        let call = client.api().query_jobs(Some(false), &wanted);
        let page = client.look(operation::QUERY_JOBS, doing, call).await?;
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
    let seen = client.look(operation::GET_JOB, Doing::Looking, call).await;
    if let Ok(Reply {
        value: OneJob(seen),
        ..
    }) = seen
    {
        job.last_event = seen.last_event;
        job.result = job.result.take().or(seen.result);
    }
}
