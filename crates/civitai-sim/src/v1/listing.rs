//! The list of jobs: by properties, in pages.

use serde_json::{Map, Value};

use crate::core::problem::Problem;

use super::job::Job;
use super::state::State;

/// One page of the jobs that have all `wanted` properties, by number, and the cursor of the page that
/// follows.
///
/// # Errors
///
/// Fails for a cursor that was not given out.
pub(crate) fn page(
    state: &State,
    cursor: Option<&str>,
    wanted: &Map<String, Value>,
) -> Result<(Vec<usize>, Option<String>), Problem> {
    let from = match cursor {
        None | Some("") => 0,
        Some(cursor) => {
            let after = usize::from_str_radix(cursor, 16).ok();
            let known = after.filter(|after| *after < state.store.jobs().len());
            known.ok_or_else(|| Problem::field("cursor", "Is not one that was given out."))? + 1
        }
    };
    let mut found = matching(state, from, wanted);
    let more = found.len() > state.settings.page_size;
    found.truncate(state.settings.page_size);
    let last = found.last().filter(|_| more);
    let next = last.map(|job| format!("{job:08x}"));
    Ok((found, next))
}

/// The jobs from number `from` on that are listed already and whose properties hold every one of
/// `wanted`.
pub(crate) fn matching(state: &State, from: usize, wanted: &Map<String, Value>) -> Vec<usize> {
    let matches = |job: &Job| {
        let labels = &job.template().properties;
        let mut wanted = wanted.iter();
        job.order().created + state.settings.listing_lag <= state.now
            && wanted.all(|(key, value)| labels.get(key) == Some(value))
    };
    let jobs = state.store.jobs().iter().enumerate().skip(from);
    jobs.filter(|(_, job)| matches(job))
        .map(|(number, _)| number)
        .collect()
}
