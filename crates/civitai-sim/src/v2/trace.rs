//! What counts as a change of a workflow, for requests that wait for one.

use std::time::Duration;

use super::arrival::arrivals;
use super::job::Job;
use super::state::State;
use super::status::Status;
use super::step::Step;
use super::template::Priority;
use super::workflow::Workflow;

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

/// Where a workflow stands now.
pub(crate) fn trace(state: &State, workflow: &Workflow) -> Trace {
    Trace {
        status: workflow.status(state.now),
        steps: workflow
            .steps()
            .iter()
            .map(|s| step_trace(state, s))
            .collect(),
    }
}

/// The next instant at which a workflow may stand elsewhere by itself.
pub(crate) fn next_trace(state: &State, workflow: &Workflow) -> Option<Duration> {
    let jobs = workflow.steps().iter().flat_map(Step::jobs);
    let quarters = jobs.flat_map(quarters).filter(|at| *at > state.now);
    let mark = state.models.next_mark(state.now);
    quarters.chain(mark).chain(state.next_change()).min()
}

fn step_trace(state: &State, step: &Step) -> StepTrace {
    let jobs = || step.jobs().iter();
    let places = jobs().filter_map(|job| state.line.place(job.order().number));
    let models = arrivals(state, step).into_iter().map(|one| ModelTrace {
        tenths: state.models.tenths(&one.air, state.now),
        air: one.air,
        lane: one.lane,
        position: one.position,
    });
    StepTrace {
        status: step.status(state.now),
        quarters: jobs()
            .flat_map(quarters)
            .filter(|at| *at <= state.now)
            .count(),
        succeeded: jobs().filter(|job| job.succeeded()).count(),
        grown: step.grown(),
        preceding: places.map(|place| place.preceding_jobs).min(),
        models: models.collect(),
    }
}

/// The instants at which a job has done another quarter of its work.
fn quarters(job: &Job) -> impl Iterator<Item = Duration> {
    let running = job.claimed().filter(|_| job.end().is_none());
    let work = job.order().work;
    running
        .into_iter()
        .flat_map(move |claimed| (1..=QUARTERS).map(move |part| claimed + work * part / QUARTERS))
}
