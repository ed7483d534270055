//! Reading jobs: by token, by key, and by id where the token leaves open how a job ended.

use civitai_api::Operation;
use civitai_api::v1::{OneJob, operation, types};

use super::labels;
use super::list::search;
use super::snapshot::BatchSnapshot;
use crate::call::{Call, Reply};
use crate::error::Purpose;
use crate::token::Way;
use crate::{Client, ClientKey, Error, JobId, Token};

/// Undecided jobs of one batch that are asked for their last event in one poll.
const SETTLED_AT_ONCE: usize = 8;

/// A poll: of a watch once, since its tolerance is the only retry; otherwise again where it failed.
fn polls(operation: Operation, again: bool) -> Call {
    let call = Call::new(operation, Purpose::PollBatch);
    if again { call } else { call.once() }
}

/// Reads a batch once; `again` where that failed in passing.
pub(super) async fn batch(
    client: &Client,
    token: &Token,
    again: bool,
) -> Result<Reply<BatchSnapshot>, Error> {
    let found = by_way(client, token, false, again).await?;
    Ok(settled(client, token, found).await)
}

/// The jobs behind a token. With details, the last event of each is among them.
pub(super) async fn by_way(
    client: &Client,
    token: &Token,
    detailed: bool,
    again: bool,
) -> Result<Reply<Vec<types::JobStatus>>, Error> {
    match token.way() {
        Way::Batch(batch) => by_token(client, batch, detailed, false, again).await,
        Way::Key(key) => by_key(client, key, polls(operation::QUERY_JOBS, again)).await,
        Way::Job(id) => by_id(client, id, again).await,
    }
}

/// Asks by the service's token, perhaps with an answer only when the jobs have ended.
pub(super) async fn by_token(
    client: &Client,
    token: &str,
    detailed: bool,
    wait: bool,
    again: bool,
) -> Result<Reply<Vec<types::JobStatus>>, Error> {
    let api = client.api();
    let call = polls(operation::GET_JOBS, again);
    let send = || api.get_jobs(Some(detailed), token, wait.then_some(true));
    let reply = client.call(call, send).await?;
    Ok(Reply {
        value: reply.value.jobs.unwrap_or_default(),
        retry_after: reply.retry_after,
    })
}

async fn by_id(
    client: &Client,
    id: &JobId,
    again: bool,
) -> Result<Reply<Vec<types::JobStatus>>, Error> {
    let api = client.api();
    let call = polls(operation::GET_JOB, again);
    let reply = client
        .call(call, || api.get_one_job(id.as_str(), None))
        .await?;
    Ok(Reply {
        value: vec![reply.value.0],
        retry_after: reply.retry_after,
    })
}

/// All the jobs that carry a key.
pub(super) async fn by_key(
    client: &Client,
    key: ClientKey,
    call: Call,
) -> Result<Reply<Vec<types::JobStatus>>, Error> {
    let jobs = search(client.clone(), call, false, labels::of_key(key));
    Ok(Reply {
        value: jobs.all().await?,
        retry_after: None,
    })
}

/// What the jobs tell, after a poll by id of those that are undecided.
pub(super) async fn settled(
    client: &Client,
    token: &Token,
    found: Reply<Vec<types::JobStatus>>,
) -> Reply<BatchSnapshot> {
    let (mut jobs, retry_after) = (found.value, found.retry_after);
    let mut value = BatchSnapshot::new(token, &jobs);
    // A poll by id has told the last event already.
    let most = match token.way() {
        Way::Job(_) => 0,
        _ => SETTLED_AT_ONCE,
    };
    let open: Vec<usize> = value.undecided().take(most).collect();
    if !open.is_empty() {
        for index in open {
            settle(client, &mut jobs[index]).await;
        }
        value = BatchSnapshot::new(token, &jobs);
    }
    Reply { value, retry_after }
}

/// Adds the last event, which only a poll by id tells. A failure leaves the job undecided, which the
/// next poll may change.
async fn settle(client: &Client, job: &mut types::JobStatus) {
    let Some(id) = job.job_id.as_deref() else {
        return;
    };
    let call = polls(operation::GET_JOB, false);
    let seen = client.call(call, || client.api().get_one_job(id, Some(false)));
    if let Ok(Reply {
        value: OneJob(seen),
        ..
    }) = seen.await
    {
        job.last_event = seen.last_event;
        job.result = job.result.take().or(seen.result);
    }
}
