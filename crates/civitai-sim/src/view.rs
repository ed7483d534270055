//! Jobs as replies show them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::job::{Job, Phase};
use crate::link;
use crate::queue::Place;
use crate::state::{Service, buzz};
use crate::time::clock_text;

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

impl Service {
    /// The jobs with these numbers; links to their blobs begin with `origin`.
    pub(crate) fn statuses(&self, batch: &[usize], depth: Depth, origin: &str) -> Vec<JobStatus> {
        batch
            .iter()
            .map(|&number| self.status(number, depth, origin))
            .collect()
    }

    fn status(&self, number: usize, depth: Depth, origin: &str) -> JobStatus {
        let job = &self.jobs[number];
        let mut properties = job.template.properties.clone();
        for name in ["requestId", "RequestId"] {
            properties.insert(name.to_owned(), job.request_id.as_str().into());
        }
        JobStatus {
            job_id: job.id.clone(),
            cost: buzz(job.cost),
            result: self.result(job, origin),
            scheduled: job.is_scheduled(),
            properties,
            last_event: (depth != Depth::Brief).then(|| self.last_event(job)),
            service_providers: match self.queue.place(number) {
                Some(place) => self.providers(place),
                None => json!({}),
            },
            job: (depth == Depth::Detailed).then(|| self.request(job)),
        }
    }

    /// An object for one image, an array for more; nothing once a job is lost.
    fn result(&self, job: &Job, origin: &str) -> Option<Value> {
        if matches!(
            job.phase,
            Phase::Failed(_) | Phase::Expired { .. } | Phase::Deleted { .. }
        ) {
            return None;
        }
        let blob = |(index, key): (usize, &String)| {
            let drawn = job.drawn_at(index);
            let available = drawn.is_some_and(|at| at + self.settings.upload_lag <= self.now);
            let early = self.settings.early_links && drawn.is_some_and(|at| at <= self.now);
            let mut item = json!({
                "blobKey": key,
                "available": available,
                "seed": job.image_seed(index),
            });
            if available || early {
                let signed = self.settings.date(self.now);
                let path = link::sign(self.settings.seed, key, signed);
                item["blobUrl"] = format!("{origin}{path}").into();
                item["blobUrlExpirationDate"] = date_text(signed + link::LIFETIME).into();
            }
            item
        };
        let mut items: Vec<Value> = job.blob_keys.iter().enumerate().map(blob).collect();
        if items.len() == 1 {
            items.pop()
        } else {
            (!items.is_empty()).then_some(items.into())
        }
    }

    fn last_event(&self, job: &Job) -> Value {
        let event = job.last_event(self.now);
        let over = !job.is_scheduled();
        let mut context = Map::new();
        if let Some(progress) = event.progress {
            context.insert("progress".to_owned(), progress.into());
        }
        if let (Phase::Failed(_), Some(reason)) = (&job.phase, &job.doom) {
            context.insert("message".to_owned(), reason.as_str().into());
        }
        let mut value = json!({
            "jobId": job.id,
            "type": event.name,
            "dateTime": date_text(self.settings.date(event.at)),
            "context": context,
            "retryAttempt": 0,
            "cost": buzz(job.cost),
            "jobProperties": {},
            "jobType": kind_name(&job.template.job_type),
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
            value["jobDuration"] = clock_text(event.at.saturating_sub(job.created)).into();
        }
        value
    }

    fn providers(&self, place: Place) -> Value {
        let wait = place.start.saturating_sub(self.now);
        json!({ PROVIDER: {
            "support": "Available",
            "queuePosition": {
                "precedingJobs": place.preceding_jobs,
                "precedingCost": buzz(place.preceding_cost),
                "throughputRate": self.queue.workers(),
                "estimatedStartDuration": clock_text(wait),
                "estimatedStartDate": date_text(self.settings.date(place.start)),
            },
        }})
    }

    /// The job as it was submitted, with what the service knows besides.
    fn request(&self, job: &Job) -> Value {
        let mut request = job.template.request.clone();
        request.remove("$type");
        request.insert("id".to_owned(), job.id.as_str().into());
        request.insert("type".to_owned(), kind_name(&job.template.job_type).into());
        request.insert("cost".to_owned(), buzz(job.cost).into());
        let created = date_text(self.settings.date(job.created));
        request.insert("createdAt".to_owned(), created.into());
        request.into()
    }
}

/// A date as replies carry it.
pub(crate) fn date_text(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::AutoSi, true)
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
