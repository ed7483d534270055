//! The catalogue of services: one for each step type, with figures of its workflows.

use std::time::Duration;

use civitai_api::v2::types::ServiceStatus;
use serde_json::{Value, json};

use crate::core::problem::Problem;

use super::kind::{self, Kind};
use super::state::State;
use super::status::Status;
use super::workflow::Workflow;

/// Lengths of time that figures can be had for.
const WINDOWS: [(&str, u64); 3] = [("1h", 3_600), ("24h", 86_400), ("7d", 604_800)];
/// Lengths of the intervals of a history.
const INTERVALS: [(&str, u64); 3] = [("5m", 300), ("1h", 3_600), ("1d", 86_400)];
/// A history has no more intervals.
const BUCKETS_AT_MOST: u32 = 24;

/// What a caller wants to see of the catalogue.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) category: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) query: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) window: Option<String>,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

/// One page of the catalogue.
pub(crate) fn services(state: &State, wanted: &Wanted) -> Result<Value, Problem> {
    let window = length(&WINDOWS, wanted.window.as_deref(), "window")?;
    let status = wanted.status.clone().map(ServiceStatus::from);
    if let Some(ServiceStatus::Unlisted(status)) = status {
        let listed = ServiceStatus::LISTED.iter().map(ServiceStatus::as_str);
        let listed: Vec<_> = listed.collect();
        let message = format!(
            "Must be one of {}; it is {}.",
            listed.join(", "),
            status.as_str()
        );
        return Err(Problem::field("status", message));
    }
    let fits = |name: &str, kind: &Kind| {
        let id = id(name, kind);
        let is =
            |part: &Option<String>, whole: &str| part.as_ref().is_none_or(|part| part == whole);
        is(&wanted.category, &kind.service)
            && is(&wanted.status, "available")
            && wanted
                .prefix
                .as_ref()
                .is_none_or(|prefix| id.starts_with(prefix))
            && wanted.query.as_ref().is_none_or(|query| id.contains(query))
            && wanted.tags.iter().all(|tag| *tag == kind.service)
    };
    let found: Vec<_> = kinds(state)
        .filter(|(name, kind)| fits(name, kind))
        .collect();
    let page = found.iter().skip(wanted.offset).take(wanted.limit);
    let items: Vec<Value> = page
        .map(|(name, kind)| service_view(state, name, kind, window))
        .collect();
    Ok(json!({
        "items": items, "totalCount": found.len(),
        "limit": wanted.limit, "offset": wanted.offset,
    }))
}

/// One service with its history.
pub(crate) fn service(
    state: &State,
    wanted: &str,
    window: Option<&str>,
    interval: Option<&str>,
) -> Result<Value, Problem> {
    let window = length(&WINDOWS, window, "window")?;
    let (interval, seconds) = length(&INTERVALS, interval, "interval")?;
    let found = kinds(state).find(|(name, kind)| id(name, kind) == wanted);
    let (name, kind) = found.ok_or_else(|| Problem::no_such("service"))?;
    let each = Duration::from_secs(seconds);
    let buckets: Vec<Value> = (0..BUCKETS_AT_MOST)
        .map_while(|bucket| state.now.checked_sub(each * bucket))
        .map(|end| {
            let begin = end.saturating_sub(each);
            let mut figures = figures(state, name, begin, end);
            figures["at"] = state.date_text(begin).into();
            figures
        })
        .collect();
    let mut view = service_view(state, name, kind, window);
    view["history"] = json!({"interval": interval, "buckets": buckets});
    Ok(view)
}

/// The step types that the service knows.
fn kinds(state: &State) -> impl Iterator<Item = (&'static String, &'static Kind)> {
    let known = |(_, kind): &(&String, &Kind)| state.settings.knows(kind);
    kind::all().iter().filter(known)
}

fn service_view(state: &State, name: &str, kind: &Kind, window: (&str, u64)) -> Value {
    let begin = state.now.saturating_sub(Duration::from_secs(window.1));
    let mut metrics = figures(state, name, begin, state.now);
    metrics["window"] = window.0.into();
    metrics["asOf"] = state.date_text(state.now).into();
    let recipe = format!("/v2/consumer/recipes/{name}");
    json!({
        "id": id(name, kind),
        "category": kind.service,
        "parameters": {"step": name},
        "step": name,
        "submit": recipe,
        "estimate": format!("{recipe}?whatif=true"),
        "name": name,
        "tags": [kind.service],
        "status": "available",
        "metrics": metrics,
    })
}

/// How the steps of a type did that ended in a period.
fn figures(state: &State, name: &str, begin: Duration, end: Duration) -> Value {
    let steps = state.store.all().iter().flat_map(Workflow::steps);
    let ends = steps
        .filter(|step| step.template().step_type == name)
        .filter_map(|step| step.end())
        .filter(|ended| begin <= ended.at && ended.at <= end);
    let (mut requests, mut canceled, mut succeeded) = (0_u32, 0_u32, 0_u32);
    for ended in ends {
        requests += 1;
        canceled += u32::from(ended.status == Status::Canceled);
        succeeded += u32::from(ended.status == Status::Succeeded);
    }
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    let counted = requests - canceled;
    json!({
        "requests": requests,
        "successRate": (counted > 0).then(|| share(succeeded, counted)),
        "canceledRate": share(canceled, requests),
        "userErrorRate": 0.0,
    })
}

fn id(name: &str, kind: &Kind) -> String {
    format!("{}/{name}", kind.service)
}

fn length(
    lengths: &[(&'static str, u64)],
    asked: Option<&str>,
    member: &str,
) -> Result<(&'static str, u64), Problem> {
    let usual = lengths[1];
    let Some(asked) = asked else { return Ok(usual) };
    let found = lengths.iter().find(|(name, _)| *name == asked);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = lengths.iter().map(|(name, _)| *name).collect();
        Problem::field(member, format!("Must be one of: {}.", names.join(", ")))
    })
}
