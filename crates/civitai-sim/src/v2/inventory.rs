//! The list of resources: those that are loaded, and those that are being loaded.

use serde_json::{Value, json};

use crate::problem::Problem;

use super::shelf::Arrival;
use super::state::Orchestrator;
use super::view::put;

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

impl Orchestrator {
    /// One page of resources by their AIR, and the cursor of the page that follows.
    ///
    /// # Errors
    ///
    /// Fails for a cursor that is none.
    pub(crate) fn resources(&self, wanted: &Wanted) -> Result<Value, Problem> {
        let cursor = wanted.cursor.as_deref();
        if cursor.is_some_and(|cursor| !crate::air::is_air(cursor)) {
            return Err(Problem::field("cursor", "Is not one that was given out."));
        }
        let airs: Vec<&String> = match wanted.part {
            Part::Loaded => self.shelf.held().map(|(air, _)| air).collect(),
            Part::Queue => self.shelf.awaited().collect(),
        };
        let is_behind = |air: &str| cursor.is_none_or(|cursor| air > cursor);
        let mut found = airs
            .into_iter()
            .filter(|air| is_behind(air) && fits(air, wanted) && self.fits_size(air, wanted));
        let page: Vec<&String> = found.by_ref().take(wanted.take).collect();
        let more = found.next().is_some();
        let next = page.last().filter(|_| more);
        let items = page.iter().filter_map(|air| self.resource(air).ok());
        Ok(json!({ "next": next, "items": items.collect::<Vec<_>>() }))
    }

    /// Where a resource is, for callers that want to use it.
    pub(super) fn availability(&self, air: &str) -> Value {
        if self.settings.uncovered.contains(air) {
            return json!({"status": "unavailable"});
        }
        let workers = self.queue.workers();
        let shape = self.settings.v2.shape;
        match self.shelf.arrival(air, self.now) {
            Some(arrival) if shape.is_new() => self.arrival_view(&arrival),
            Some(_) => json!({"status": "unavailable"}),
            None if self.shelf.is_idle(air) => json!({"status": "unavailable"}),
            None => json!({"status": "available", "workers": workers}),
        }
    }

    fn arrival_view(&self, arrival: &Arrival) -> Value {
        let seconds = |time: std::time::Duration| time.as_secs_f64().ceil() as u64;
        let mut view = json!({
            "lane": arrival.lane.as_str(),
            "etaSeconds": seconds(arrival.eta),
        });
        put(&mut view, "rateLimitBytesPerSecond", arrival.ceiling());
        match arrival.progress {
            Some(progress) => {
                view["status"] = "loading".into();
                view["progress"] = progress.into();
                view["workers"] = 0.into();
                view["bytesPerSecond"] = arrival.rate.into();
                let started = arrival.started.map(|at| self.date(at).into());
                put(&mut view, "startedAt", started);
                view["lastProgressAt"] = self.date(self.now).into();
            }
            None => {
                view["status"] = "queued".into();
                view["queuePosition"] = arrival.position.into();
                let boosted = arrival.boosted_eta.map(|eta| seconds(eta).into());
                put(&mut view, "boostedEtaSeconds", boosted);
            }
        }
        view
    }

    fn fits_size(&self, air: &str, wanted: &Wanted) -> bool {
        if wanted.at_least.is_none() && wanted.at_most.is_none() {
            return true;
        }
        let size = self.size_of(air);
        wanted.at_least.is_none_or(|least| size >= least)
            && wanted.at_most.is_none_or(|most| size <= most)
    }
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
