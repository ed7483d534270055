//! Steps of workflows: where each stands at an instant.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::core::rule::Submission;

use super::job::{End, Job};
use super::status::Status;
use super::template::StepTemplate;

/// A step of a workflow. All instants count from the start of the simulation.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Step {
    template: StepTemplate,
    metadata: Map<String, Value>,
    resolved: Resolved,
    jobs: Vec<Job>,
    /// The models that no worker held when it started.
    models: BTreeSet<String>,
    /// When what it waited for had ended.
    activated: Option<Duration>,
    end: Option<End>,
    /// What it makes or has made, with marks in place of links.
    output: Value,
    /// How many items of the list that grows are there.
    grown: usize,
    /// What callbacks were told last.
    told: Option<Status>,
}

/// The input of a step with its references resolved.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
enum Resolved {
    /// The step has not started.
    NotYet,
    /// There are no references in it, so that it is not kept twice.
    AsGiven,
    Other(Value),
}

static NOTHING: Value = Value::Null;

impl Step {
    pub(crate) fn new(template: StepTemplate) -> Self {
        Self {
            metadata: template.metadata.clone(),
            template,
            resolved: Resolved::NotYet,
            jobs: Vec::new(),
            models: BTreeSet::new(),
            activated: None,
            end: None,
            output: Value::Null,
            grown: 0,
            told: None,
        }
    }

    pub(crate) fn template(&self) -> &StepTemplate {
        &self.template
    }

    pub(crate) fn metadata(&self) -> &Map<String, Value> {
        &self.metadata
    }

    /// The input with its references resolved; null before the step has started.
    pub(crate) fn resolved(&self) -> &Value {
        match &self.resolved {
            Resolved::NotYet => &NOTHING,
            Resolved::AsGiven => &self.template.input,
            Resolved::Other(input) => input,
        }
    }

    pub(crate) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    pub(crate) fn models(&self) -> &BTreeSet<String> {
        &self.models
    }

    pub(crate) fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// What it makes or has made, with marks in place of links.
    pub(crate) fn output(&self) -> &Value {
        &self.output
    }

    /// How many items of the list that grows are there.
    pub(crate) fn grown(&self) -> usize {
        self.grown
    }

    pub(crate) fn status(&self, now: Duration) -> Status {
        if let Some(end) = &self.end {
            return end.status;
        }
        // A job that was tried again counts by its last try.
        let last = self.jobs.iter().filter(|job| {
            let job = job.order();
            let mut all = self.jobs.iter().map(Job::order);
            !all.any(|other| other.share == job.share && other.attempt > job.attempt)
        });
        let status = Status::of_parts(last.map(|job| job.status(now)));
        status.min(Status::Processing)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    pub(crate) fn succeeded(&self) -> bool {
        let end = self.end.as_ref();
        end.is_some_and(|end| end.status == Status::Succeeded)
    }

    /// Whether it waits for nothing but other steps.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.is_over() && self.activated.is_none()
    }

    pub(crate) fn started(&self) -> Option<Duration> {
        self.jobs.iter().filter_map(Job::claimed).min()
    }

    /// The estimated share that is done, over all jobs.
    pub(crate) fn progress(&self, now: Duration) -> Option<f64> {
        if self.is_over() || self.jobs.is_empty() {
            return None;
        }
        let done = |job: &Job| match job.end() {
            Some(_) => f64::from(u8::from(job.succeeded())),
            None => job.progress(now).unwrap_or(0.0),
        };
        let sum: f64 = self.jobs.iter().map(done).sum();
        Some(sum / self.jobs.len() as f64)
    }

    /// The step as rules see it.
    pub(crate) fn submission(&self, attempt: u32) -> Submission<'_> {
        let input = match &self.resolved {
            Resolved::NotYet | Resolved::AsGiven => &self.template.input,
            Resolved::Other(input) => input,
        };
        self.template.submission(input, &self.metadata, attempt)
    }

    /// Whether every share of the work has been done by some job.
    pub(crate) fn is_done(&self) -> bool {
        let shares = self.jobs.iter().map(|job| job.order().share);
        let mut shares = 0..=shares.max().unwrap_or(0);
        let done = |share| {
            let mut tries = self.jobs.iter().filter(|job| job.order().share == share);
            tries.any(Job::succeeded)
        };
        shares.all(done)
    }

    /// Whether callbacks were not told yet how it stands.
    pub(crate) fn is_news(&self, now: Duration) -> bool {
        self.told != Some(self.status(now))
    }

    pub(super) fn mark_told(&mut self, now: Duration) {
        self.told = Some(self.status(now));
        self.jobs.iter_mut().for_each(|job| job.mark_told(now));
    }

    pub(super) fn set_metadata(&mut self, metadata: Map<String, Value>) {
        self.metadata = metadata;
    }

    /// Starts it, since all that it waited for is there.
    pub(super) fn activate(&mut self, now: Duration) {
        self.activated = Some(now);
    }

    /// Gives it its input with references resolved.
    pub(super) fn resolve(&mut self, input: Value) {
        self.resolved = if input == self.template.input {
            Resolved::AsGiven
        } else {
            Resolved::Other(input)
        };
    }

    /// Lets it wait for models.
    pub(super) fn await_models(&mut self, models: BTreeSet<String>) {
        self.models = models;
    }

    pub(super) fn add_job(&mut self, job: Job) {
        self.jobs.push(job);
    }

    /// A job that is about to change.
    pub(super) fn edit_job(&mut self, place: usize) -> &mut Job {
        &mut self.jobs[place]
    }

    /// Notes what it is going to make.
    pub(super) fn plan(&mut self, output: Value) {
        self.output = output;
    }

    /// Adds the next item of its list that grows, and returns it; nothing where there is none, or where
    /// the step was stopped.
    pub(super) fn grow(&mut self) -> Option<&Value> {
        if self.is_over() && !self.succeeded() {
            return None;
        }
        let list = self.template.kind().grows.as_deref()?;
        let item = self.output.get(list)?.get(self.grown)?;
        self.grown += 1;
        Some(item)
    }

    /// Notes why what its jobs made is withheld.
    pub(super) fn block(&mut self, reason: Option<&String>) {
        self.jobs.iter_mut().for_each(|job| job.block(reason));
    }

    /// Ends it, and returns the numbers of the jobs that are stopped by that.
    pub(super) fn close(&mut self, end: End) -> Vec<usize> {
        let mut of_jobs = end.clone();
        if end.status == Status::Failed {
            of_jobs.status = Status::Canceled;
        }
        let stopped = |job: &mut Job| job.stop(of_jobs.clone()).then_some(job.order().number);
        let stopped = self.jobs.iter_mut().filter_map(stopped).collect();
        self.end = Some(end);
        stopped
    }
}
