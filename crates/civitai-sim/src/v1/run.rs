//! Jobs at work: workers take them, they end, or they expire.

use std::time::Duration;

use super::job::End;
use super::state::State;

/// Lets everything happen that is due by `now`, in order.
pub(crate) fn advance(state: &mut State, now: Duration) {
    while let Some(at) = next_change(state).filter(|at| *at <= now) {
        state.now = state.now.max(at);
        while let Some(job) = state.queue.finish(at) {
            end(state, job);
        }
        while let Some((due, job)) = state.expiries.take_due(at) {
            expire(state, job, due);
        }
        while let Some((job, worker)) = state.queue.claim(at) {
            let work_delay = state.setup.work_delay;
            state.store.edit(job).start(worker, at, work_delay);
        }
    }
    state.now = state.now.max(now);
}

/// The next instant at which a job starts, ends or expires.
pub(crate) fn next_change(state: &State) -> Option<Duration> {
    let expiry = state.expiries.next();
    state.queue.next_change().into_iter().chain(expiry).min()
}

/// Ends a job whose worker is through with it; what failed costs nothing.
fn end(state: &mut State, number: usize) {
    state.uploaded = state.now + state.settings.upload_lag;
    let job = state.store.edit(number);
    if job.finish() == End::Lost {
        let cost = job.order().cost;
        state.wallet.refund(cost);
    }
}

/// Gives up on a job that no worker took in time.
fn expire(state: &mut State, number: usize, at: Duration) {
    let job = state.store.edit(number);
    if job.expire(at) == End::Lost {
        let cost = job.order().cost;
        state.wallet.refund(cost);
        state.queue.remove(number);
    }
}
