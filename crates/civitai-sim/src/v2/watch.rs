//! What counts as a change of a workflow, for requests that wait for one.

use std::time::Duration;

use super::state::Orchestrator;
use super::status::Status;
use super::template::Priority;
use super::workflow::{Job, Step, Workflow};

/// Parts of its work after which the progress of a job counts as a change.
const QUARTERS: u32 = 4;

/// All of a workflow that counts as a change where it is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    status: Status,
    steps: Vec<StepTrace>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct StepTrace {
    status: Status,
    quarters: usize,
    succeeded: usize,
    grown: usize,
    /// How many are before the first of its jobs.
    preceding: Option<usize>,
    models: Vec<ModelTrace>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct ModelTrace {
    air: String,
    lane: Priority,
    position: usize,
    tenths: usize,
}

impl Orchestrator {
    /// Where a workflow stands now.
    pub(crate) fn trace(&self, workflow: &Workflow) -> Trace {
        Trace {
            status: workflow.status(self.now),
            steps: workflow.steps.iter().map(|s| self.step_trace(s)).collect(),
        }
    }

    /// The next instant at which a workflow may stand elsewhere by itself.
    pub(crate) fn next_trace(&self, workflow: &Workflow) -> Option<Duration> {
        let jobs = workflow.steps.iter().flat_map(|step| &step.jobs);
        let quarters = jobs.flat_map(quarters).filter(|at| *at > self.now);
        let mark = self.shelf.next_mark(self.now);
        quarters.chain(mark).chain(self.next_change()).min()
    }

    fn step_trace(&self, step: &Step) -> StepTrace {
        let jobs = || step.jobs.iter();
        let places = jobs().filter_map(|job| self.queue.place(job.number));
        let models = self.arrivals(step).into_iter().map(|one| ModelTrace {
            tenths: self.shelf.tenths(&one.air, self.now),
            air: one.air,
            lane: one.lane,
            position: one.position,
        });
        StepTrace {
            status: step.status(self.now),
            quarters: jobs()
                .flat_map(quarters)
                .filter(|at| *at <= self.now)
                .count(),
            succeeded: jobs().filter(|job| job.succeeded()).count(),
            grown: step.grown,
            preceding: places.map(|place| place.preceding_jobs).min(),
            models: models.collect(),
        }
    }
}

/// The instants at which a job has done another quarter of its work.
fn quarters(job: &Job) -> impl Iterator<Item = Duration> {
    let running = job.claimed.filter(|_| job.end.is_none());
    let work = job.work;
    running
        .into_iter()
        .flat_map(move |claimed| (1..=QUARTERS).map(move |part| claimed + work * part / QUARTERS))
}
