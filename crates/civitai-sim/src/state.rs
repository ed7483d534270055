//! The service without sockets: jobs, tokens and money, moved through simulated time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::job::{Job, Phase, Run, Taint};
use crate::problem::Problem;
use crate::queue::{Queue, Ticket};
use crate::seed::base64;
use crate::settings::{Settings, Submission};
use crate::template::Template;

/// The whole state of a simulation.
///
/// Jobs are known by their number, which is their index in the order of submission.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) settings: Settings,
    pub(crate) now: Duration,
    pub(crate) jobs: Vec<Job>,
    pub(crate) queue: Queue,
    ids: BTreeMap<String, usize>,
    batches: BTreeMap<String, Vec<usize>>,
    expiries: BTreeSet<(Duration, usize)>,
    /// Number of the job that a blob belongs to, and the place of the blob in it.
    pub(crate) blobs: BTreeMap<String, (usize, usize)>,
    /// Hundredths of a Buzz.
    balance: u64,
}

impl Service {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            now: Duration::ZERO,
            jobs: Vec::new(),
            queue: Queue::new(settings.workers),
            ids: BTreeMap::new(),
            batches: BTreeMap::new(),
            expiries: BTreeSet::new(),
            blobs: BTreeMap::new(),
            balance: hundredths(settings.balance),
            settings,
        }
    }

    /// Lets everything happen that is due by `now`, in order.
    pub(crate) fn advance(&mut self, now: Duration) {
        while let Some(at) = self.next_change().filter(|at| *at <= now) {
            self.now = self.now.max(at);
            while let Some(job) = self.queue.finish(at) {
                self.end(job);
            }
            while let Some((due, job)) =
                self.expiries.first().copied().filter(|(due, _)| *due <= at)
            {
                self.expiries.pop_first();
                self.expire(job, due);
            }
            while let Some((job, worker)) = self.queue.claim(at) {
                self.start(job, worker, at);
            }
        }
        self.now = self.now.max(now);
    }

    /// The next instant at which a job starts or ends.
    pub(crate) fn next_change(&self) -> Option<Duration> {
        let expiry = self.expiries.first().map(|(due, _)| *due);
        self.queue.next_change().into_iter().chain(expiry).min()
    }

    /// Accepts jobs and takes their price; returns their token.
    pub(crate) fn submit(&mut self, templates: Vec<Template>) -> Result<String, Problem> {
        let costs: Vec<u64> = templates.iter().map(cost).collect();
        let Some(balance) = self.balance.checked_sub(costs.iter().sum()) else {
            let (needed, left) = (buzz(costs.iter().sum()), buzz(self.balance));
            let detail = format!("The jobs cost {needed} Buzz and the account holds {left}.");
            return Err(Problem::new(StatusCode::PAYMENT_REQUIRED, detail));
        };
        self.balance = balance;
        let batch: Vec<usize> = templates
            .into_iter()
            .zip(costs)
            .map(|(template, cost)| self.accept(template, cost))
            .collect();
        let ids: Vec<&str> = batch
            .iter()
            .map(|job| self.jobs[*job].id.as_str())
            .collect();
        let token = base64(json!({ "Jobs": ids }).to_string().as_bytes());
        self.batches.insert(bare(&token).to_owned(), batch);
        Ok(token)
    }

    /// The jobs behind a token, with or without its padding.
    pub(crate) fn batch(&self, token: &str) -> Result<Vec<usize>, Problem> {
        self.batches
            .get(bare(token))
            .cloned()
            .ok_or_else(|| Problem::no_such("token"))
    }

    pub(crate) fn find(&self, id: &str) -> Result<usize, Problem> {
        let found = self.ids.get(&id.to_ascii_lowercase());
        found.copied().ok_or_else(|| Problem::no_such("job"))
    }

    /// The jobs from number `from` on that are listed already and whose properties hold every one of
    /// `wanted`.
    pub(crate) fn matching(&self, from: usize, wanted: &Map<String, Value>) -> Vec<usize> {
        let matches = |job: &Job| {
            let labels = &job.template.properties;
            job.created + self.settings.listing_lag <= self.now
                && wanted
                    .iter()
                    .all(|(key, value)| labels.get(key) == Some(value))
        };
        (from..self.jobs.len())
            .filter(|job| matches(&self.jobs[*job]))
            .collect()
    }

    pub(crate) fn is_scheduled(&self, batch: &[usize]) -> bool {
        batch.iter().any(|job| self.jobs[*job].is_scheduled())
    }

    /// Takes jobs back and refunds what they have not delivered.
    ///
    /// Without `force`, a job that a worker has is left to run. Finished jobs stay as they are.
    pub(crate) fn cancel(&mut self, batch: &[usize], force: bool) {
        for &number in batch {
            let (now, job) = (self.now, &mut self.jobs[number]);
            if !job.is_scheduled() || (job.run().is_some() && !force) {
                continue;
            }
            let images = job.template.quantity.max(1);
            let kept = u64::try_from(job.drawn(now)).unwrap_or(0);
            job.phase = Phase::Deleted {
                at: now,
                run: job.run(),
            };
            self.balance += job.cost - job.cost * kept / u64::from(images);
            self.queue.remove(number);
        }
    }

    pub(crate) fn taint(&mut self, batch: &[usize], taint: &Taint) {
        for &job in batch {
            self.jobs[job].taints.push(taint.clone());
        }
    }

    /// What is left to spend, in Buzz.
    pub(crate) fn balance(&self) -> f64 {
        buzz(self.balance)
    }

    fn accept(&mut self, template: Template, cost: u64) -> usize {
        let (number, seed) = (self.jobs.len(), self.settings.seed);
        let unique = u64::try_from(number).unwrap_or(u64::MAX);
        let picture = template.picture.as_ref();
        let images = if picture.is_some() {
            template.quantity
        } else {
            0
        };
        let blob_keys: Vec<String> = (0..images)
            .map(|image| seed.blob_key(unique, u64::from(image)))
            .collect();
        self.blobs.extend(
            blob_keys
                .iter()
                .cloned()
                .zip((0..).map(|image| (number, image))),
        );
        let ready = self.now + self.settings.queue_delay;
        let job = Job {
            id: seed.guid("job", unique),
            request_id: seed.hex_id("request", unique),
            cost,
            blob_keys,
            seed: picture
                .and_then(|picture| picture.seed)
                .unwrap_or_else(|| seed.image_seed(unique)),
            doom: self.settings.failure_of(&Submission {
                job_type: &template.job_type,
                prompt: picture.map_or("", |picture| &picture.prompt),
                properties: &template.properties,
                attempt: 0,
            }),
            created: self.now,
            phase: Phase::Queued { ready },
            taints: Vec::new(),
            template,
        };
        if let Some(date) = job.template.expire_at {
            self.expiries
                .insert((self.settings.instant(date).max(self.now), number));
        }
        let work = self.occupation(&job);
        self.queue.push(Ticket {
            job: number,
            ready,
            work,
            cost,
        });
        self.ids.insert(job.id.clone(), number);
        self.jobs.push(job);
        number
    }

    /// How long a job keeps its worker: one that fails stops halfway.
    fn occupation(&self, job: &Job) -> Duration {
        let work = job.work(self.settings.work_delay);
        if job.doom.is_some() { work / 2 } else { work }
    }

    fn start(&mut self, number: usize, worker: usize, claimed: Duration) {
        let job = &self.jobs[number];
        let work = job.work(self.settings.work_delay);
        let ends = claimed + self.occupation(job);
        self.jobs[number].phase = Phase::Running(Run {
            worker,
            claimed,
            ends,
            work,
        });
    }

    fn end(&mut self, number: usize) {
        let job = &mut self.jobs[number];
        let Some(run) = job.run() else { return };
        if job.doom.is_some() {
            job.phase = Phase::Failed(run);
            self.balance += job.cost;
        } else {
            job.phase = Phase::Succeeded(run);
        }
    }

    /// Gives up on a job that no worker took in time.
    fn expire(&mut self, number: usize, at: Duration) {
        let job = &mut self.jobs[number];
        if matches!(job.phase, Phase::Queued { .. }) {
            job.phase = Phase::Expired { at };
            self.balance += job.cost;
            self.queue.remove(number);
        }
    }
}

/// The price in hundredths: 1 Buzz for an image of 512 by 512 pixels and 30 steps, in proportion
/// to pixels and steps, rounded up; 0 for jobs that draw nothing.
fn cost(template: &Template) -> u64 {
    let Some(picture) = &template.picture else {
        return 0;
    };
    let pixels = u64::from(picture.width) * u64::from(picture.height);
    let each = (pixels * u64::from(picture.steps) * 100).div_ceil(512 * 512 * 30);
    each * u64::from(template.quantity)
}

/// An amount as replies carry it.
pub(crate) fn buzz(hundredths: u64) -> f64 {
    hundredths as f64 / 100.0
}

fn hundredths(buzz: f64) -> u64 {
    (buzz * 100.0).round() as u64
}

fn bare(token: &str) -> &str {
    token.trim_end_matches('=')
}

#[cfg(test)]
mod tests;
