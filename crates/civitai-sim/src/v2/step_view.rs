//! Steps and jobs as replies show them, in the shape that the service has.

use serde_json::{Value, json};

use crate::time::clock_text;

use super::state::Orchestrator;
use super::status::Status;
use super::view::put;
use super::workflow::{Job, Step, Workflow};

impl Orchestrator {
    pub(crate) fn step_view(&self, workflow: &Workflow, step: &Step, hide: bool) -> Value {
        let mut view = json!({
            "$type": step.template.step_type,
            "name": step.template.name,
            "priority": step.template.priority.as_str(),
            "retries": step.template.retries,
            "status": step.status(self.now).as_str(),
            "metadata": self.shown_metadata(step),
            "input": step.template.input,
        });
        let timeout = step.template.timeout;
        put(
            &mut view,
            "timeout",
            timeout.map(|timeout| clock_text(timeout).into()),
        );
        let started = step.started().map(|at| self.date(at).into());
        put(&mut view, "startedAt", started);
        let end = step.end.as_ref().map(|end| self.date(end.at).into());
        put(&mut view, "completedAt", end);
        let progress = self.shown_progress(step).map(Value::from);
        put(&mut view, "estimatedProgressRate", progress);
        put(&mut view, "output", self.shown_output(workflow, step, hide));
        let shape = self.settings.v2.shape;
        if shape.is_old() {
            let jobs = step.jobs.iter().map(|job| self.job_view(job));
            view["jobs"] = jobs.collect();
        }
        if shape.is_new() {
            put(&mut view, "queuePosition", self.step_place(step));
            put(&mut view, "preparation", self.preparation(step));
            put(&mut view, "warnings", self.warnings(&step.template.input));
        }
        view
    }

    /// The share that is done: of the models while it waits for some, then of the work.
    pub(super) fn shown_progress(&self, step: &Step) -> Option<f64> {
        self.prepared(step).or_else(|| step.progress(self.now))
    }

    /// What the caller gave, and why the step failed.
    pub(super) fn shown_metadata(&self, step: &Step) -> Value {
        let mut metadata = step.metadata.clone();
        if let Some(errors) = self.errors(step) {
            metadata.entry("errors").or_insert(errors);
        }
        metadata.into()
    }

    /// Why a step failed, where the service tells it beside jobs.
    pub(super) fn errors(&self, step: &Step) -> Option<Value> {
        let end = step.end.as_ref()?;
        let failed = [Status::Failed, Status::Expired].contains(&end.status);
        let reason = end.reason.as_ref().filter(|_| failed)?;
        self.settings.v2.shape.is_new().then(|| json!([reason]))
    }

    /// The place of the first job of a step that has not started.
    fn step_place(&self, step: &Step) -> Option<Value> {
        if step.is_over() || step.started().is_some() {
            return None;
        }
        let places = || {
            let jobs = step.jobs.iter();
            jobs.filter_map(|job| Some((self.queue.place(job.number)?, job.work)))
        };
        let first = places().map(|(place, _)| place).min_by_key(|place| {
            let (jobs, start) = (place.preceding_jobs, place.start);
            (jobs, start)
        })?;
        let ends = places().map(|(place, work)| place.start + work);
        Some(json!({
            "support": "available",
            "precedingJobs": first.preceding_jobs,
            "estimatedStartAt": self.date(first.start),
            "estimatedCompleteAt": self.date(ends.max().unwrap_or(first.start)),
        }))
    }

    fn job_view(&self, job: &Job) -> Value {
        let mut view = json!({
            "id": job.id,
            "status": job.status(self.now).as_str(),
            "cost": job.work.as_secs_f64(),
        });
        let started = job.claimed.map(|at| self.date(at).into());
        put(&mut view, "startedAt", started);
        let progress = job.progress(self.now).map(Value::from);
        put(&mut view, "estimatedProgressRate", progress);
        if let Some(place) = self.queue.place(job.number) {
            view["queuePosition"] = json!({
                "support": "available",
                "precedingJobs": place.preceding_jobs,
                "startAt": self.date(place.start),
                "completeAt": self.date(place.start + job.work),
            });
        }
        if let Some(end) = &job.end {
            view["completedAt"] = self.date(end.at).into();
            put(&mut view, "reason", end.reason.clone().map(Value::from));
            let blocked = end.blocked.clone().map(Value::from);
            put(&mut view, "blockedReason", blocked);
        }
        view
    }
}
