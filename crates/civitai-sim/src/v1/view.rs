//! Jobs as replies show them.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::core::queue::Place;
use crate::core::reply::date_text;
use crate::core::time_span::clock_text;

use super::job::{Job, Phase};
use super::link;
use super::price::price;
use super::state::State;
use super::template::Template;
use super::wallet::buzz;

const PROVIDER: &str = "Civitai";

/// How much a reply tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What a token or a query gives.
    Brief,
    /// With the last event, as a look-up by id gives.
    WithEvent,
    /// With the last event and the job as it was submitted.
    Detailed,
}

/// One job in a reply.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobStatus {
    pub(crate) job_id: String,
    cost: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<Value>,
    pub(crate) scheduled: bool,
    properties: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_event: Option<Value>,
    pub(crate) service_providers: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<Value>,
}

/// The jobs with these numbers; links to their blobs begin with `origin`.
pub(crate) fn statuses(
    state: &State,
    batch: &[usize],
    depth: Depth,
    origin: &str,
) -> Vec<JobStatus> {
    batch
        .iter()
        .map(|&number| status(state, number, depth, origin))
        .collect()
}

/// What jobs would cost; they get neither an id nor a place in line.
pub(crate) fn prices(templates: &[Template]) -> Vec<Value> {
    let priced = templates.iter().map(|template| {
        json!({
            "jobId": Value::Null,
            "cost": buzz(price(template)),
            "scheduled": false,
            "properties": template.properties,
            "serviceProviders": {},
        })
    });
    priced.collect()
}

fn status(state: &State, number: usize, depth: Depth, origin: &str) -> JobStatus {
    let job = state.store().job(number);
    let order = job.order();
    let mut properties = order.template.properties.clone();
    for name in ["requestId", "RequestId"] {
        properties.insert(name.to_owned(), order.request_id.as_str().into());
    }
    JobStatus {
        job_id: order.id.clone(),
        cost: buzz(order.cost),
        result: result(state, job, origin),
        scheduled: job.is_scheduled(),
        properties,
        last_event: (depth != Depth::Brief).then(|| last_event(state, job)),
        service_providers: match state.queue.place(number) {
            Some(place) => providers(state, place),
            None => json!({}),
        },
        job: (depth == Depth::Detailed).then(|| request(state, job)),
    }
}

/// An object for one image, an array for more; nothing once a job is lost.
fn result(state: &State, job: &Job, origin: &str) -> Option<Value> {
    if matches!(
        job.phase(),
        Phase::Failed(_) | Phase::Expired { .. } | Phase::Deleted { .. }
    ) {
        return None;
    }
    let blob = |(index, key): (usize, &String)| {
        let drawn = job.drawn_at(index);
        let available = drawn.is_some_and(|at| at + state.settings.upload_lag <= state.now);
        let early = state.settings.early_links && drawn.is_some_and(|at| at <= state.now);
        let mut item = json!({
            "blobKey": key,
            "available": available,
            "seed": job.image_seed(index),
        });
        if available || early {
            let signed = state.date(state.now);
            let path = link::sign(state.setup.seed, key, signed);
            item["blobUrl"] = format!("{origin}{path}").into();
            item["blobUrlExpirationDate"] = date_text(signed + link::LIFETIME).into();
        }
        item
    };
    let mut items: Vec<Value> = job.order().blob_keys.iter().enumerate().map(blob).collect();
    if items.len() == 1 {
        items.pop()
    } else {
        (!items.is_empty()).then_some(items.into())
    }
}

fn last_event(state: &State, job: &Job) -> Value {
    let event = job.last_event(state.now);
    let over = !job.is_scheduled();
    let mut context = Map::new();
    if let Some(progress) = event.progress {
        context.insert("progress".to_owned(), progress.into());
    }
    if let (Phase::Failed(_), Some(reason)) = (job.phase(), &job.order().failure) {
        context.insert("message".to_owned(), reason.as_str().into());
    }
    let mut value = json!({
        "jobId": job.order().id,
        "type": event.name,
        "dateTime": date_text(state.date(event.at)),
        "context": context,
        "retryAttempt": 0,
        "cost": buzz(job.order().cost),
        "jobProperties": {},
        "jobType": kind_name(&job.template().job_type),
        "jobPriority": 1,
        "jobHasCompleted": over,
        "claimHasCompleted": over,
    });
    if let Some(run) = job.run() {
        let worker = format!("{PROVIDER}-{}", run.worker + 1);
        value["provider"] = PROVIDER.into();
        value["serviceProvider"] = PROVIDER.into();
        value["workerId"] = worker.into();
        let on_it = event.at.saturating_sub(run.claimed);
        value["claimDuration"] = clock_text(on_it).into();
        value["jobDuration"] = clock_text(event.at.saturating_sub(job.order().created)).into();
    }
    value
}

fn providers(state: &State, place: Place) -> Value {
    let wait = place.start.saturating_sub(state.now);
    json!({ PROVIDER: {
        "support": "Available",
        "queuePosition": {
            "precedingJobs": place.preceding_jobs,
            "precedingCost": buzz(place.preceding_cost),
            "throughputRate": state.queue.workers(),
            "estimatedStartDuration": clock_text(wait),
            "estimatedStartDate": date_text(state.date(place.start)),
        },
    }})
}

/// The job as it was submitted, with what the service knows besides.
fn request(state: &State, job: &Job) -> Value {
    let mut request = job.template().request.clone();
    request.remove("$type");
    request.insert("id".to_owned(), job.order().id.as_str().into());
    request.insert(
        "type".to_owned(),
        kind_name(&job.template().job_type).into(),
    );
    request.insert("cost".to_owned(), buzz(job.order().cost).into());
    let created = date_text(state.date(job.order().created));
    request.insert("createdAt".to_owned(), created.into());
    request.into()
}
/// The kind of job as events write it: `TextToImage` for `textToImage`.
fn kind_name(job_type: &str) -> String {
    let mut letters = job_type.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}
