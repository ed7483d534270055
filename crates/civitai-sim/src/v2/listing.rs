//! The list of workflows: filters and pages.

use chrono::{DateTime, Utc};

use crate::core::problem::Problem;

use super::state::State;
use super::status::Status;
use super::workflow::Workflow;

/// What a caller wants to see of the list.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) cursor: Option<String>,
    pub(crate) take: usize,
    pub(crate) tags: Vec<String>,
    pub(crate) excluded_tags: Vec<String>,
    pub(crate) query: Option<String>,
    pub(crate) ascending: bool,
    pub(crate) from: Option<DateTime<Utc>>,
    pub(crate) to: Option<DateTime<Utc>>,
    pub(crate) exclude_failed: bool,
}

/// One page of workflows by number, and the cursor of the page that follows.
///
/// # Errors
///
/// Fails for a cursor that was not given out.
pub(crate) fn page(
    state: &State,
    filter: &Filter,
) -> Result<(Vec<usize>, Option<String>), Problem> {
    let after = filter.cursor.as_deref().map(|cursor| {
        let number = usize::from_str_radix(cursor, 36).ok();
        number
            .filter(|number| *number < state.store.all().len())
            .ok_or_else(|| Problem::field("cursor", "Is not one that was given out."))
    });
    let after = after.transpose()?;
    let is_behind = |number: usize| match after {
        Some(after) if filter.ascending => number > after,
        Some(after) => number < after,
        None => true,
    };
    let wanted = state
        .store
        .kept(state.now)
        .filter(|(number, workflow)| is_behind(*number) && fits(state, workflow, filter))
        .map(|(number, _)| number);
    let more_than_a_page = filter.take.saturating_add(1);
    let mut page: Vec<usize> = if filter.ascending {
        wanted.take(more_than_a_page).collect()
    } else {
        wanted.rev().take(more_than_a_page).collect()
    };
    let more = page.len() > filter.take;
    page.truncate(filter.take);
    let next = page.last().filter(|_| more).map(|last| base36(*last));
    Ok((page, next))
}

fn fits(state: &State, workflow: &Workflow, filter: &Filter) -> bool {
    let template = &workflow.template();
    let made = state.date(workflow.order().created);
    let lost = [Status::Failed, Status::Expired, Status::Canceled];
    let fits_text = |query: &String| {
        let text = serde_json::Value::Object(template.metadata.clone()).to_string();
        text.to_lowercase().contains(&query.to_lowercase())
    };
    filter.tags.iter().all(|tag| template.tags.contains(tag))
        && !filter
            .excluded_tags
            .iter()
            .any(|tag| template.tags.contains(tag))
        && filter.query.as_ref().is_none_or(fits_text)
        && filter.from.is_none_or(|from| made >= from)
        && filter.to.is_none_or(|to| made < to)
        && !(filter.exclude_failed && lost.contains(&workflow.status(state.now)))
}

/// A cursor that nobody takes for a page number.
fn base36(mut number: usize) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).unwrap_or(0);
        digits.extend(char::from_digit(digit, 36));
        number /= 36;
        if number == 0 && digits.len() >= 6 {
            return digits.into_iter().rev().collect();
        }
    }
}
