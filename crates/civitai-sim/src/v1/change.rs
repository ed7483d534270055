//! What callers may change: cancelling jobs, and marking results as bad.

use super::job::Taint;
use super::state::State;

/// Takes jobs back and refunds what they have not delivered.
///
/// Without `force`, a job that a worker has is left to run. Finished jobs stay as they are.
pub(crate) fn cancel(state: &mut State, batch: &[usize], force: bool) {
    for &number in batch {
        let job = state.store.job(number);
        if !job.is_scheduled() || (job.run().is_some() && !force) {
            continue;
        }
        let back = job.undelivered(state.now);
        state.store.edit(number).delete(state.now);
        state.wallet.refund(back);
        state.queue.remove(number);
    }
}

pub(crate) fn taint(state: &mut State, batch: &[usize], taint: &Taint) {
    for &job in batch {
        state.store.edit(job).taint(taint.clone());
    }
}
