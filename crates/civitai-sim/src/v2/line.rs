//! The line of jobs before the workers, urgent ones first.

use std::time::Duration;

use crate::core::queue::{Place, Queue, Ticket};

use super::template::Priority;

/// The line, and where each job that it knows belongs.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Line {
    queue: Queue,
    /// By the number of the job.
    jobs: Vec<JobRef>,
}

/// Where a job belongs.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct JobRef {
    pub(crate) workflow: usize,
    /// The place of its step in the workflow.
    pub(crate) step: usize,
    /// Its place in the step.
    pub(crate) place: usize,
    pub(crate) priority: Priority,
}

impl Line {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            queue: Queue::new(workers),
            jobs: Vec::new(),
        }
    }

    /// Gives a job its number; it is not in line yet.
    pub(super) fn register(&mut self, job: JobRef) -> usize {
        self.jobs.push(job);
        self.jobs.len() - 1
    }

    pub(crate) fn job(&self, number: usize) -> JobRef {
        self.jobs[number]
    }

    /// Lets a job in, behind those that are as urgent.
    pub(super) fn push(&mut self, ticket: Ticket) {
        let priority = self.jobs[ticket.job].priority;
        let is_behind = |other: usize| self.jobs[other].priority > priority;
        self.queue.push_before(ticket, is_behind);
    }

    /// Takes a job out of the line or off its worker.
    pub(super) fn remove(&mut self, number: usize) {
        self.queue.remove(number);
    }

    /// Frees a worker whose job is over at `now`, and tells which job that was.
    pub(super) fn finish(&mut self, now: Duration) -> Option<JobRef> {
        self.queue.finish(now).map(|job| self.jobs[job])
    }

    /// Gives the first job in line to an idle worker, if there are both.
    pub(super) fn claim(&mut self, now: Duration) -> Option<JobRef> {
        self.queue.claim(now).map(|(job, _)| self.jobs[job])
    }

    /// The next instant at which a worker ends or takes a job.
    pub(crate) fn next_change(&self) -> Option<Duration> {
        self.queue.next_change()
    }

    /// What a job in line can expect; nothing for a job that is not in line.
    pub(crate) fn place(&self, number: usize) -> Option<Place> {
        self.queue.place(number)
    }

    /// How many jobs are in line, and how many workers have one.
    pub(crate) fn load(&self) -> (usize, usize) {
        (self.queue.waiting(), self.queue.running())
    }

    pub(crate) fn workers(&self) -> usize {
        self.queue.workers()
    }
}
