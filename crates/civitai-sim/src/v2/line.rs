//! Jobs on their way to a worker: made when their step starts, in line once their models are there.

use crate::queue::Ticket;

use super::mention::mentioned;
use super::output::submission;
use super::path::{Models, Path};
use super::state::{Due, Orchestrator};
use super::workflow::Job;

impl Orchestrator {
    /// Makes a job for one share of a step.
    pub(super) fn add_job(&mut self, workflow: usize, index: usize, share: usize, attempt: u32) {
        let number = self.jobs.len();
        let step = &self.workflows[workflow].steps[index];
        let rule = self.settings.failure_of(&submission(step, attempt));
        let doom = rule.or_else(|| {
            let is_uncovered = |air: &str| self.settings.uncovered.contains(air);
            let unserved = mentioned(&step.resolved, &is_uncovered);
            (!unserved.is_empty()).then(|| "no_provider_available".to_owned())
        });
        let units = step.template.kind.units(&step.resolved);
        let tasks = if step.template.kind.fan_out { 1 } else { units };
        let work = self.settings.work_delay.saturating_mul(tasks);
        let awaits = !self.arrivals(step).is_empty();
        let path = Path {
            created: self.now,
            delay: self.settings.queue_delay,
            reassignments: self.settings.v2.reassignments,
            models: Models::Awaited,
        };
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
        if !awaits {
            self.line_up(number, Models::Near);
        }
    }

    /// Lets a job walk towards a worker.
    fn line_up(&mut self, number: usize, models: Models) {
        let (workflow, index, place) = self.jobs[number];
        let step = &mut self.workflows[workflow].steps[index];
        let priority = step.template.priority;
        let tasks = if step.template.kind.fan_out {
            1
        } else {
            step.template.kind.units(&step.resolved)
        };
        let job = &mut step.jobs[place];
        job.path.created = self.now;
        job.path.models = models;
        for turn in job.path.turns() {
            self.agenda.insert((turn, Due::Look { workflow }));
        }
        let ticket = Ticket {
            job: number,
            ready: self.now + job.path.delay,
            // A job that fails stops halfway.
            work: if job.doom.is_some() {
                job.work / 2
            } else {
                job.work
            },
            cost: u64::from(tasks),
        };
        let (jobs, workflows) = (&self.jobs, &self.workflows);
        let behind = |other: usize| {
            let (workflow, step, _) = jobs[other];
            workflows[workflow].steps[step].template.priority > priority
        };
        self.queue.push_before(ticket, behind);
    }

    /// Puts the jobs of a step in line that have waited for its models.
    pub(super) fn line_up_all(&mut self, workflow: usize, index: usize) {
        let jobs = self.workflows[workflow].steps[index].jobs.iter();
        let waiting = jobs.filter(|job| job.path.models == Models::Awaited);
        let waiting: Vec<usize> = waiting.map(|job| job.number).collect();
        if waiting.is_empty() {
            return;
        }
        for job in waiting {
            self.line_up(job, Models::Loaded);
        }
        self.plan_step(workflow, index);
    }
}
