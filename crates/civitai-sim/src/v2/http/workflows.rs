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
use super::super::template;
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
    let template = template::read(&read_value(&headers, body).await?)?;
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
    Ok(reply(&shared, workflow, wait, hide).await)
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
    Ok(reply(&shared, workflow, wait, hide).await)
}

/// 200 once the workflow has ended, 202 where it has not within the time to wait.
async fn reply(shared: &Shared, number: usize, wait: Option<Duration>, hide: bool) -> Response {
    if let Some(wait) = wait {
        shared
            .hold_while(wait, || {
                let orchestrator = shared.orchestrator();
                let workflow = orchestrator.workflow(number);
                let runs = !workflow.is_over() && workflow.id.is_some();
                runs.then(|| orchestrator.next_change().unwrap_or(Duration::MAX))
            })
            .await;
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
    let tags = query.iter().filter(|(name, _)| name == "tags");
    let filter = Filter {
        cursor: text(&query, "cursor"),
        take: number(&query, "take")?.unwrap_or(PAGE),
        tags: tags.map(|(_, tag)| tag.clone()).collect(),
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
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let change = read_value(&headers, body).await?;
    let mut orchestrator = shared.orchestrator();
    let workflow = orchestrator.find(&id)?;
    orchestrator.update(workflow, &change)?;
    drop(orchestrator);
    shared.announce();
    Ok(StatusCode::NO_CONTENT)
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
