//! Jobs on their way to a worker: made when their step starts, in line once their models are there.

use crate::core::queue::Ticket;
use crate::core::rule::Rule;

use super::arrival::arrivals;
use super::dispatch::{Dispatch, Fetch};
use super::job::{Job, Order};
use super::line::JobRef;
use super::mention::mentioned;
use super::plan::plan;
use super::state::{Due, State};
use super::step::Step;

/// Makes a job for one share of a step.
pub(super) fn add_job(
    state: &mut State,
    workflow: usize,
    index: usize,
    share: usize,
    attempt: u32,
) {
    let step = state.store.step(workflow, index);
    let failure = failure(state, step, attempt);
    let work = state.setup.work_delay.saturating_mul(tasks(step));
    let awaits = !arrivals(state, step).is_empty();
    let number = state.line.register(JobRef {
        workflow,
        step: index,
        place: step.jobs().len(),
        priority: step.template().priority,
    });
    let unique = u64::try_from(number).unwrap_or(u64::MAX);
    let order = Order {
        number,
        id: state.setup.seed.guid("v2 job", unique),
        share,
        attempt,
        failure,
        work,
    };
    let dispatch = Dispatch {
        created: state.now,
        delay: state.setup.queue_delay,
        reassignments: state.settings.reassignments,
        models: Fetch::Awaited,
    };
    let step = state.store.edit_step(workflow, index);
    step.add_job(Job::new(order, dispatch));
    if !awaits {
        line_up(state, number, Fetch::Near);
    }
}

/// Puts the jobs of a step in line that have waited for its models.
pub(super) fn line_up_all(state: &mut State, workflow: usize, index: usize) {
    let jobs = state.store.step(workflow, index).jobs().iter();
    let waiting = jobs.filter(|job| job.dispatch().models == Fetch::Awaited);
    let waiting: Vec<usize> = waiting.map(|job| job.order().number).collect();
    if waiting.is_empty() {
        return;
    }
    for job in waiting {
        line_up(state, job, Fetch::Loaded);
    }
    plan_step(state, workflow, index);
}

/// Plans what a step makes, once it is known which jobs make it.
pub(super) fn plan_step(state: &mut State, workflow: usize, index: usize) {
    let (output, blobs) = plan(state, workflow, state.store.step(workflow, index));
    state.store.edit_step(workflow, index).plan(output);
    state.blobs.plan(blobs);
}

/// Lets a job walk towards a worker.
fn line_up(state: &mut State, number: usize, models: Fetch) {
    let JobRef {
        workflow,
        step,
        place,
        ..
    } = state.line.job(number);
    let step = state.store.edit_step(workflow, step);
    let cost = u64::from(tasks(step));
    let job = step.edit_job(place);
    job.dispatch_from(state.now, models);
    for turn in job.dispatch().turns() {
        state.agenda.add(turn, Due::Turn { workflow });
    }
    state.line.push(Ticket {
        job: number,
        ready: state.now + job.dispatch().delay,
        work: job.occupation(),
        cost,
    });
}

/// Why a job is going to fail: as a rule says, or since no worker has what it needs.
fn failure(state: &State, step: &Step, attempt: u32) -> Option<String> {
    let rule = Rule::first(&state.setup.failures, &step.submission(attempt));
    rule.or_else(|| {
        let is_uncovered = |air: &str| state.setup.uncovered.contains(air);
        let unserved = mentioned(step.resolved(), &is_uncovered);
        (!unserved.is_empty()).then(|| "no_provider_available".to_owned())
    })
}

/// How many units of work one job of a step does.
fn tasks(step: &Step) -> u32 {
    let kind = step.template().kind();
    if kind.fan_out {
        1
    } else {
        kind.units(step.resolved())
    }
}
