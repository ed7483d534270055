//! The operations on workflows, their tags and steps.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::core::problem::Problem;
use crate::server::body::read_value;
use crate::server::query::{Pairs, date, flag, number, text, texts, value};
use crate::server::shared::Core;
use crate::v2::listing::{Filter, page};
use crate::v2::media::{self, Archive};
use crate::v2::submit::{preview, submit as accept};
use crate::v2::view::view;
use crate::v2::{change, submission};

use super::hold::{Until, hold, seconds};

/// Workflows on a page where the caller does not say.
const PAGE: usize = 100;

pub(in crate::server) async fn submit(
    State(shared): Core,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (wait, hide) = (seconds(&query)?, hides(&query, false)?);
    let body = read_value(&headers, body).await?;
    // A long submission takes a while to read, in which others go on.
    let settings = shared.v2().shared_settings();
    let template = submission::read(&body, &settings)?;
    if flag(&query, "whatif", false)? {
        let chained = template.steps.iter().any(|step| !step.needs.is_empty());
        let mut state = shared.v2();
        if chained && state.settings().refuses_chained_previews {
            return Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        }
        let workflow = preview(&mut state, template)?;
        let workflow = state.store().workflow(workflow);
        return Ok(Json(view(&state, workflow, hide)).into_response());
    }
    if template.ephemeral && template.callbacks.is_empty() && wait.is_none() {
        let message = "An ephemeral workflow needs a callback or a wait.";
        return Err(Problem::field("ephemeral", message));
    }
    let workflow = {
        let mut state = shared.v2();
        if let Some(reason) = &state.settings().forbidden {
            // The one refusal that is a bare text.
            return Ok((StatusCode::FORBIDDEN, Json(reason.clone())).into_response());
        }
        accept(&mut state, template, false)?
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
        let state = shared.v2();
        if state.settings().refuses_wait && value(&query, "wait").is_some() {
            return Err(Problem::field("wait", "Must be true or false."));
        }
        state.store().find(&id, state.now())?
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
    let knows_exclusion = shared.v2().settings().shape.is_new();
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
        from: time(&query, "fromDate")?,
        to: time(&query, "toDate")?,
        exclude_failed: flag(&query, "excludeFailed", false)?,
    };
    let state = shared.v2();
    let (found, next) = page(&state, &filter)?;
    let items = found
        .into_iter()
        .map(|number| state.store().workflow(number));
    let items: Vec<Value> = items.map(|one| view(&state, one, hide)).collect();
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
    let mut state = shared.v2();
    let shape = state.settings().shape;
    let workflow = state.store().find(&id, state.now())?;
    if shape.is_new() && flag(&query, "whatif", false)? {
        let shown = change::price_of_update(&state, workflow, &change)?;
        return Ok(Json(shown).into_response());
    }
    change::update(&mut state, workflow, &change)?;
    let shown = (!shape.is_old()).then(|| {
        let workflow = state.store().workflow(workflow);
        view(&state, workflow, false)
    });
    drop(state);
    shared.announce();
    // The description of September knows no reply without a body.
    Ok(match shown {
        Some(shown) => Json(shown).into_response(),
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
    let mut state = shared.v2();
    let workflow = state.store().find(&id, state.now())?;
    change::patch(&mut state, workflow, &changes)?;
    drop(state);
    shared.announce();
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn delete(
    State(shared): Core,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut state = shared.v2();
    let workflow = state.store().find(&id, state.now())?;
    change::delete(&mut state, workflow);
    drop(state);
    shared.announce();
    Ok(StatusCode::NO_CONTENT)
}

fn hides(query: &[(String, String)], usual: bool) -> Result<bool, Problem> {
    flag(query, "hideMatureContent", usual)
}

fn time(query: &[(String, String)], name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    let text = text(query, name);
    text.map(|text| date(&text, name)).transpose()
}
