//! The operations on workflows, their tags and steps.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::http::{Pairs, flag, value};
use crate::problem::Problem;

use super::super::listing::Filter;
use super::super::media::{self, Archive};
use super::super::submission;
use super::hold::{Until, hold, seconds};
use super::query::{date, hides, number, text, texts};
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
        let orchestrator = shared.orchestrator();
        submission::read(&body, &orchestrator.settings.v2)?
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
    Ok(hold(&shared, workflow, until, hide).await)
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
    let until = Until::read(&shared, &query, wait)?;
    Ok(hold(&shared, workflow, until, hide).await)
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
