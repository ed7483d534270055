//! Steps at work: they start when what they refer to is there, run as jobs, and end.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use crate::queue::Ticket;

use super::output::{files, submission};
use super::reference::{self, ARGUMENTS};
use super::state::{Due, Orchestrator};
use super::status::Status;
use super::workflow::{End, Job, Path};

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
        for share in 0..shares {
            self.add_job(workflow, index, usize::try_from(share).unwrap_or(0), 0);
        }
        let (output, blobs) = self.plan(workflow, &self.workflows[workflow].steps[index]);
        self.workflows[workflow].steps[index].output = output;
        let blobs = blobs.into_iter().map(|blob| (blob.id.clone(), blob));
        self.blobs.extend(blobs);
        self.touched.insert(workflow);
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
        reference::resolve(&template.input, &|source| {
            if source == ARGUMENTS {
                return Some(Value::Object(whole.template.arguments.clone()));
            }
            let named = names.iter().position(|name| *name == source);
            let place = named.or_else(|| source.strip_prefix('$')?.parse().ok())?;
            let step = whole.steps.get(place)?;
            Some(self.step_view(whole, step, false))
        })
    }

    fn add_job(&mut self, workflow: usize, index: usize, share: usize, attempt: u32) {
        let number = self.jobs.len();
        let step = &self.workflows[workflow].steps[index];
        let rule = self.settings.failure_of(&submission(step, attempt));
        let doom = rule.or_else(|| {
            let unserved = mentions(&step.resolved, &self.settings.uncovered);
            unserved.then(|| "no_provider_available".to_owned())
        });
        let units = step.template.kind.units(&step.resolved);
        let tasks = if step.template.kind.fan_out { 1 } else { units };
        let work = self.settings.work_delay.saturating_mul(tasks);
        let priority = step.template.priority;
        let path = Path {
            created: self.now,
            delay: self.settings.queue_delay,
            reassignments: self.settings.v2.reassignments,
        };
        for turn in path.turns() {
            self.agenda.insert((turn, Due::Look { workflow }));
        }
        let (jobs, workflows) = (&self.jobs, &self.workflows);
        let behind = |other: usize| {
            let (workflow, step, _) = jobs[other];
            workflows[workflow].steps[step].template.priority > priority
        };
        let ticket = Ticket {
            job: number,
            ready: self.now + path.delay,
            // A job that fails stops halfway.
            work: if doom.is_some() { work / 2 } else { work },
            cost: u64::from(tasks),
        };
        self.queue.push_before(ticket, behind);
        let id = self
            .settings
            .seed
            .guid("v2 job", u64::try_from(number).unwrap_or(u64::MAX));
        let jobs = &mut self.workflows[workflow].steps[index].jobs;
        self.jobs.push((workflow, index, jobs.len()));
        jobs.push(Job {
            number,
            id,
            share,
            attempt,
            doom,
            path,
            claimed: None,
            work,
            end: None,
            told: None,
        });
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

    fn grow(&mut self, workflow: usize, index: usize) {
        let step = &mut self.workflows[workflow].steps[index];
        let stopped = step.end.as_ref().is_some_and(|_| !step.succeeded());
        let list = step.template.kind.grows.as_deref();
        let Some(item) = list.and_then(|list| step.output.get(list)?.get(step.grown)) else {
            return;
        };
        if stopped {
            return;
        }
        let mut made = Vec::new();
        files(item, &mut made);
        step.grown += 1;
        self.publish(&made);
        self.touched.insert(workflow);
    }

    /// Makes files available.
    pub(super) fn publish(&mut self, files: &[String]) {
        for id in files {
            if let Some(blob) = self.blobs.get_mut(id) {
                blob.made.get_or_insert(self.now);
                blob.kept_until = self.now + super::blob::KEPT;
            }
        }
    }
}

/// Whether a value names one of the resources, as a text or as the name of a member.
fn mentions(value: &Value, airs: &BTreeSet<String>) -> bool {
    match value {
        Value::String(text) => airs.contains(text),
        Value::Array(items) => items.iter().any(|item| mentions(item, airs)),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| airs.contains(name) || mentions(value, airs)),
        _ => false,
    }
}
