//! The list of resources: those that are loaded, and those that are being loaded.

use serde_json::{Value, json};

use crate::core::problem::Problem;

use super::resource::{resource, size_of};
use super::state::State;

/// Which part of the resources a caller wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What a worker holds.
    Loaded,
    /// What is on its way to one.
    Queue,
}

/// What a caller wants to see of the list.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) part: Part,
    pub(crate) cursor: Option<String>,
    pub(crate) take: usize,
    pub(crate) types: Vec<String>,
    pub(crate) other_types: Vec<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) at_least: Option<u64>,
    pub(crate) at_most: Option<u64>,
}

impl Part {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "loaded" => Some(Self::Loaded),
            "queue" => Some(Self::Queue),
            _ => None,
        }
    }
}

/// One page of resources by their AIR, and the cursor of the page that follows.
///
/// # Errors
///
/// Fails for a cursor that is none.
pub(crate) fn resources(state: &State, wanted: &Wanted) -> Result<Value, Problem> {
    let cursor = wanted.cursor.as_deref();
    if cursor.is_some_and(|cursor| !crate::core::air::is_air(cursor)) {
        return Err(Problem::field("cursor", "Is not one that was given out."));
    }
    let airs: Vec<&String> = match wanted.part {
        Part::Loaded => state.models.held().map(|(air, _)| air).collect(),
        Part::Queue => state.models.awaited().collect(),
    };
    let is_behind = |air: &str| cursor.is_none_or(|cursor| air > cursor);
    let mut found = airs
        .into_iter()
        .filter(|air| is_behind(air) && fits(air, wanted) && fits_size(state, air, wanted));
    let page: Vec<&String> = found.by_ref().take(wanted.take).collect();
    let more = found.next().is_some();
    let next = page.last().filter(|_| more);
    let items = page.iter().filter_map(|air| resource(state, air).ok());
    Ok(json!({ "next": next, "items": items.collect::<Vec<_>>() }))
}

fn fits_size(state: &State, air: &str, wanted: &Wanted) -> bool {
    if wanted.at_least.is_none() && wanted.at_most.is_none() {
        return true;
    }
    let size = size_of(state, air);
    wanted.at_least.is_none_or(|least| size >= least)
        && wanted.at_most.is_none_or(|most| size <= most)
}

/// Whether the type and the source of a resource are among those wanted.
fn fits(air: &str, wanted: &Wanted) -> bool {
    let name = air.split('@').next().unwrap_or(air);
    // From the end: the id, the source, the type.
    let mut parts = name.rsplit(':').skip(1);
    let (source, kind) = (parts.next(), parts.next());
    let is_in = |list: &[String], part: Option<&str>| list.iter().any(|one| Some(&**one) == part);
    (wanted.types.is_empty() || is_in(&wanted.types, kind))
        && !is_in(&wanted.other_types, kind)
        && (wanted.sources.is_empty() || is_in(&wanted.sources, source))
}
