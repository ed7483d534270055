//! Steps at work: they start when what they refer to is there, run as jobs, and end.

use std::time::Duration;

use serde_json::Value;

use super::merge::merge;
use super::reference::{self, ARGUMENTS};
use super::state::{Due, Orchestrator};
use super::status::Status;
use super::workflow::End;

impl Orchestrator {
    /// Starts every step that waits for nothing more.
    pub(super) fn activate(&mut self, workflow: usize) {
        let steps = &self.workflows[workflow].steps;
        let ready = |index: &usize| {
            let step = &steps[*index];
            let mut needs = step.template.needs.iter();
            !step.is_over()
                && step.activated.is_none()
                && needs.all(|need| steps[*need].succeeded())
        };
        let ready: Vec<usize> = (0..steps.len()).filter(ready).collect();
        for step in ready {
            self.activate_step(workflow, step);
        }
    }

    fn activate_step(&mut self, workflow: usize, index: usize) {
        let resolved = self.resolved_input(workflow, index);
        let step = &mut self.workflows[workflow].steps[index];
        step.activated = Some(self.now);
        step.resolved = match resolved {
            Ok(input) => input,
            Err(reason) => return self.end_step(workflow, index, Status::Failed, Some(reason)),
        };
        let (kind, timeout) = (step.template.kind, step.template.timeout);
        let units = kind.units(&step.resolved);
        let shares = if kind.fan_out { units } else { 1 };
        if let Some(timeout) = timeout {
            let due = Due::Timeout {
                workflow,
                step: index,
            };
            self.agenda.insert((self.now + timeout, due));
        }
        let models = self.ask_for_models(workflow, index);
        let is_ready = models.is_empty();
        self.workflows[workflow].steps[index].models = models;
        for share in 0..shares {
            self.add_job(workflow, index, usize::try_from(share).unwrap_or(0), 0);
        }
        if is_ready {
            self.plan_step(workflow, index);
        }
        self.touched.insert(workflow);
    }

    /// Plans what a step makes, once it is known which jobs make it.
    pub(super) fn plan_step(&mut self, workflow: usize, index: usize) {
        let (output, blobs) = self.plan(workflow, &self.workflows[workflow].steps[index]);
        self.workflows[workflow].steps[index].output = output;
        let blobs = blobs.into_iter().map(|blob| (blob.id.clone(), blob));
        self.blobs.extend(blobs);
    }

    fn resolved_input(&self, workflow: usize, index: usize) -> Result<Value, String> {
        let whole = &self.workflows[workflow];
        let template = &whole.steps[index].template;
        if template.kind.verbatim {
            return Ok(template.input.clone());
        }
        let names: Vec<&str> = whole
            .steps
            .iter()
            .map(|s| s.template.name.as_str())
            .collect();
        let source = |source: &str| {
            if source == ARGUMENTS {
                return Some(Value::Object(whole.template.arguments.clone()));
            }
            let named = names.iter().position(|name| *name == source);
            let place = named.or_else(|| source.strip_prefix('$')?.parse().ok())?;
            let step = whole.steps.get(place)?;
            Some(self.step_view(whole, step, false))
        };
        if template.kind.merges {
            return merge(&template.input, &source);
        }
        reference::resolve(&template.input, &source)
    }

    pub(super) fn start_job(&mut self, number: usize, at: Duration) {
        let (workflow, index, place) = self.jobs[number];
        let step = &mut self.workflows[workflow].steps[index];
        step.jobs[place].claimed = Some(at);
        let work = step.jobs[place].work;
        if step.template.kind.grows.is_some() {
            let units = step.template.kind.units(&step.resolved);
            for unit in 1..=units {
                let due = Due::Grow {
                    workflow,
                    step: index,
                };
                self.agenda.insert((at + work * unit / units, due));
            }
        }
        self.touched.insert(workflow);
    }

    pub(super) fn end_job(&mut self, number: usize) {
        let (workflow, index, place) = self.jobs[number];
        self.touched.insert(workflow);
        let now = self.now;
        let step = &mut self.workflows[workflow].steps[index];
        let job = &mut step.jobs[place];
        let (share, attempt, doom) = (job.share, job.attempt, job.doom.clone());
        job.end = Some(End {
            status: if doom.is_some() {
                Status::Failed
            } else {
                Status::Succeeded
            },
            at: now,
            reason: doom.clone(),
            blocked: None,
        });
        match doom {
            Some(_) if attempt < step.template.retries => {
                self.add_job(workflow, index, share, attempt + 1);
            }
            Some(reason) => self.end_step(workflow, index, Status::Failed, Some(reason)),
            None => {
                let shares = step.jobs.iter().map(|job| job.share).max().unwrap_or(0);
                let done = |share| step.jobs.iter().any(|j| j.share == share && j.succeeded());
                if (0..=shares).all(done) {
                    self.succeed(workflow, index);
                }
            }
        }
    }

    /// Ends a step, whatever its jobs are at; what refers to it is canceled unless it succeeded.
    pub(super) fn end_step(
        &mut self,
        workflow: usize,
        index: usize,
        status: Status,
        reason: Option<String>,
    ) {
        let now = self.now;
        let step = &mut self.workflows[workflow].steps[index];
        if step.is_over() {
            return;
        }
        let end = |status, reason| End {
            status,
            at: now,
            reason,
            blocked: None,
        };
        for job in step.jobs.iter_mut().filter(|job| job.end.is_none()) {
            let status = if status == Status::Failed {
                Status::Canceled
            } else {
                status
            };
            job.end = Some(end(status, reason.clone()));
            self.queue.remove(job.number);
        }
        step.end = Some(end(status, reason));
        self.touched.insert(workflow);
        if status == Status::Succeeded {
            self.activate(workflow);
        } else {
            let steps = &self.workflows[workflow].steps;
            let name = steps[index].template.name.clone();
            let waiting =
                (0..steps.len()).filter(|step| steps[*step].template.needs.contains(&index));
            for waiting in waiting.collect::<Vec<_>>() {
                let reason = format!("The step `{name}` did not succeed.");
                self.end_step(workflow, waiting, Status::Canceled, Some(reason));
            }
        }
        self.finish(workflow);
    }

    /// Does what is due.
    pub(super) fn happen(&mut self, due: Due) {
        match due {
            Due::Look { workflow } => {
                self.touched.insert(workflow);
            }
            Due::Timeout { workflow, step } => {
                let reason = Some("timeout".to_owned());
                self.end_step(workflow, step, Status::Expired, reason);
            }
            Due::Grow { workflow, step } => self.grow(workflow, step),
        }
    }
}
