//! The operations on workflows, their tags and steps.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::http::{HOLD, Pairs, Shared, flag, value};
use crate::problem::Problem;

use super::super::listing::Filter;
use super::super::media::{self, Archive};
use super::super::shape::UntilChange;
use super::super::submission;
use super::{Core, read_value};

/// Workflows on a page where the caller does not say.
const PAGE: usize = 100;

pub(super) async fn submit(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (wait, hide) = (seconds(&query)?, hides(&query, false)?);
    let body = read_value(&headers, body).await?;
    let template = {
        let settings = &shared.orchestrator().settings.v2;
        let mut template = submission::read(&body, settings.takes_unlisted)?;
        template.download_priority = template
            .download_priority
            .filter(|_| settings.shape.is_new());
        template
    };
    if flag(&query, "whatif", false)? {
        let chained = template.steps.iter().any(|step| !step.needs.is_empty());
        let mut orchestrator = shared.orchestrator();
        if chained && orchestrator.settings.v2.refuses_chained_previews {
            return Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        }
        let workflow = orchestrator.preview(template)?;
        let workflow = orchestrator.workflow(workflow);
        return Ok(Json(orchestrator.view(workflow, hide)).into_response());
    }
    if template.ephemeral && template.callbacks.is_empty() && wait.is_none() {
        let message = "An ephemeral workflow needs a callback or a wait.";
        return Err(Problem::field("ephemeral", message));
    }
    let workflow = {
        let mut orchestrator = shared.orchestrator();
        if let Some(reason) = &orchestrator.settings.v2.forbidden {
            // The one refusal that is a bare text.
            return Ok((StatusCode::FORBIDDEN, Json(reason.clone())).into_response());
        }
        orchestrator.submit(template, false)?
    };
    shared.announce();
    let until = wait.map(Until::Ended);
    Ok(reply(&shared, workflow, until, hide).await)
}

pub(super) async fn read(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
) -> Result<Response, Problem> {
    let (wait, hide) = (seconds(&query)?, hides(&query, false)?);
    let workflow = {
        let orchestrator = shared.orchestrator();
        if orchestrator.settings.v2.refuses_wait && value(&query, "wait").is_some() {
            return Err(Problem::field("wait", "Must be true or false."));
        }
        orchestrator.find(&id)?
    };
    let until = until(&shared, &query, wait)?;
    Ok(reply(&shared, workflow, until, hide).await)
}

/// What a request waits for, and how long at most.
enum Until {
    Ended(Duration),
    Changed(Duration),
}

/// Reads what a request waits for, as far as the service knows the parameter.
fn until(
    shared: &Shared,
    query: &[(String, String)],
    wait: Option<Duration>,
) -> Result<Option<Until>, Problem> {
    let answer = shared.orchestrator().settings.v2.until_change();
    let asked = value(query, "until").map(str::to_ascii_lowercase);
    let changed = match (answer, asked.as_deref()) {
        (UntilChange::Ignored, _) | (_, None) => false,
        (UntilChange::Refused, Some(_)) => {
            return Err(Problem::field(
                "until",
                "Is no parameter of this operation.",
            ));
        }
        (UntilChange::Served, Some("completion")) => false,
        (UntilChange::Served, Some("change")) => true,
        (UntilChange::Served, Some(_)) => {
            return Err(Problem::field("until", "Must be `completion` or `change`."));
        }
    };
    Ok(wait.map(if changed {
        Until::Changed
    } else {
        Until::Ended
    }))
}

/// 200 once the workflow has ended, 202 where it has not within the time to wait.
async fn reply(shared: &Shared, number: usize, until: Option<Until>, hide: bool) -> Response {
    match until {
        Some(Until::Ended(wait)) => {
            let held = shared.hold_while(wait, || {
                let orchestrator = shared.orchestrator();
                let workflow = orchestrator.workflow(number);
                let runs = !workflow.is_over() && workflow.id.is_some();
                runs.then(|| orchestrator.next_change().unwrap_or(Duration::MAX))
            });
            held.await;
        }
        Some(Until::Changed(wait)) => {
            let before = {
                let orchestrator = shared.orchestrator();
                orchestrator.trace(orchestrator.workflow(number))
            };
            let held = shared.hold_while(wait, || {
                let orchestrator = shared.orchestrator();
                let workflow = orchestrator.workflow(number);
                let stays = !workflow.is_over()
                    && workflow.id.is_some()
                    && orchestrator.trace(workflow) == before;
                stays.then(|| orchestrator.next_trace(workflow).unwrap_or(Duration::MAX))
            });
            held.await;
        }
        None => {}
    }
    let orchestrator = shared.orchestrator();
    let workflow = orchestrator.workflow(number);
    let status = if workflow.is_over() || workflow.id.is_none() {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    (status, Json(orchestrator.view(workflow, hide))).into_response()
}

pub(super) async fn list(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hide = hides(&query, true)?;
    let knows_exclusion = shared.orchestrator().settings.v2.shape.is_new();
    let filter = Filter {
        cursor: text(&query, "cursor"),
        take: number(&query, "take")?.unwrap_or(PAGE),
        tags: texts(&query, "tags"),
        excluded_tags: if knows_exclusion {
            texts(&query, "excludeTags")
        } else {
            Vec::new()
        },
        query: text(&query, "query"),
        ascending: flag(&query, "ascending", false)?,
        from: date(&query, "fromDate")?,
        to: date(&query, "toDate")?,
        exclude_failed: flag(&query, "excludeFailed", false)?,
    };
    let orchestrator = shared.orchestrator();
    let (page, next) = orchestrator.list(&filter)?;
    let items = page.into_iter().map(|number| orchestrator.workflow(number));
    let items: Vec<Value> = items.map(|one| orchestrator.view(one, hide)).collect();
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("application/zip")) {
        let files = items.iter().map(|item| {
            let name = item["id"].as_str().unwrap_or_default();
            (format!("{name}.json"), Bytes::from(item.to_string()))
        });
        let files: Vec<_> = files.collect();
        let archive = media::archive(Archive::Zip, &files);
        return Ok(([(header::CONTENT_TYPE, "application/zip")], archive).into_response());
    }
    Ok(Json(json!({ "next": next, "items": items })).into_response())
}

pub(super) async fn update(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let change = read_value(&headers, body).await?;
    let mut orchestrator = shared.orchestrator();
    let shape = orchestrator.settings.v2.shape;
    let workflow = orchestrator.find(&id)?;
    if shape.is_new() && flag(&query, "whatif", false)? {
        let view = orchestrator.price_of_update(workflow, &change)?;
        return Ok(Json(view).into_response());
    }
    orchestrator.update(workflow, &change)?;
    let view = (!shape.is_old()).then(|| {
        let workflow = orchestrator.workflow(workflow);
        orchestrator.view(workflow, false)
    });
    drop(orchestrator);
    shared.announce();
    // The description of September knows no reply without a body.
    Ok(match view {
        Some(view) => Json(view).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

pub(super) async fn patch(
    State(shared): Core,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let changes = read_value(&headers, body).await?;
    let mut orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    orchestrator.patch(workflow, &changes)?;
    drop(orchestrator);
    shared.announce();
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn delete(
    State(shared): Core,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    orchestrator.delete(workflow);
    drop(orchestrator);
    shared.announce();
    Ok(StatusCode::NO_CONTENT)
}

/// How long to hold the reply; the gateway holds none longer than its cut.
fn seconds(query: &[(String, String)]) -> Result<Option<Duration>, Problem> {
    let wait = number(query, "wait")?.unwrap_or(0);
    let wait = Duration::from_secs(u64::try_from(wait).unwrap_or(u64::MAX));
    Ok(Some(wait.min(HOLD)).filter(|wait| !wait.is_zero()))
}

fn hides(query: &[(String, String)], usual: bool) -> Result<bool, Problem> {
    flag(query, "hideMatureContent", usual)
}

pub(super) fn text(query: &[(String, String)], name: &str) -> Option<String> {
    let text = value(query, name).filter(|text| !text.is_empty());
    text.map(ToOwned::to_owned)
}

/// All values of a parameter that may be given more than once.
pub(super) fn texts(query: &[(String, String)], name: &str) -> Vec<String> {
    let given = query.iter().filter(|(other, _)| other == name);
    given.map(|(_, text)| text.clone()).collect()
}

pub(super) fn number(query: &[(String, String)], name: &str) -> Result<Option<usize>, Problem> {
    let Some(text) = text(query, name) else {
        return Ok(None);
    };
    let number = text
        .parse::<u32>()
        .ok()
        .and_then(|n| usize::try_from(n).ok());
    let number = number.ok_or_else(|| Problem::field(name, "Must be a whole number from 0."))?;
    Ok(Some(number))
}

fn date(query: &[(String, String)], name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(text) = text(query, name) else {
        return Ok(None);
    };
    let date = DateTime::parse_from_rfc3339(&text);
    let date = date.map_err(|_| Problem::field(name, "Must be a date and time with an offset."))?;
    Ok(Some(date.to_utc()))
}
