//! Serika on the sockets, under `/serika/v1`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::body::read_value;
use super::gate::admits;
use super::shared::{Core, Shared};
use crate::core::paint::paint;
use crate::core::works::Stage;
use crate::serika::view;

/// Where the service is.
pub(crate) const BASE: &str = "/serika/v1";

/// Its routes.
pub(super) fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let private = Router::new()
        .route("/jobs/images", post(submit))
        .route("/jobs/image", post(submit))
        .route("/jobs", get(list))
        .route("/jobs/{id}", get(job))
        .route("/images/generations", post(images))
        .route("/chat/completions", post(chat))
        .route("/models", get(async || Json(view::models())))
        .route(
            "/characters",
            get(async || Json(json!([view::character("keeper")]))),
        )
        .route("/characters/{id}", get(character))
        .layer(from_fn_with_state(Arc::clone(shared), authorise));
    let public = Router::new().route("/files/{name}", get(file));
    Router::new().nest(BASE, private.merge(public))
}

async fn authorise(State(shared): Core, request: Request, next: Next) -> Response {
    match admits(&shared, request.headers()) {
        true => next.run(request).await,
        false => refuse(StatusCode::UNAUTHORIZED, "the key is missing or wrong"),
    }
}

fn refuse(status: StatusCode, message: &str) -> Response {
    let error = json!({ "error": { "message": message, "type": "invalid_request_error" } });
    (status, Json(error)).into_response()
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Value, Response> {
    let read = read_value(headers, body).await;
    read.map_err(|_| refuse(StatusCode::BAD_REQUEST, "the body is no JSON"))
}

fn files(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    format!("http://{}{BASE}/files", host.unwrap_or("127.0.0.1"))
}

async fn submit(
    State(shared): Core,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Response> {
    let body = read(&headers, body).await?;
    let now = shared.clock.now();
    let mut state = shared.serika();
    let number = state.submit(&body, now);
    let number = number.map_err(|why| refuse(StatusCode::BAD_REQUEST, &why))?;
    let work = state.works.get(number);
    let shown = work.map(|work| view::entry(&state, number, work));
    drop(state);
    shared.announce();
    Ok(Json(shown.unwrap_or_default()))
}

async fn list(State(shared): Core) -> Json<Value> {
    let state = shared.serika();
    let jobs = state.works.all().rev();
    let jobs: Vec<Value> = jobs
        .map(|(number, work)| view::entry(&state, number, work))
        .collect();
    Json(json!({ "jobs": jobs }))
}

async fn job(
    State(shared): Core,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    let state = shared.serika();
    let found = view::number(&id).and_then(|number| Some((number, state.works.get(number)?)));
    let Some((number, work)) = found else {
        return Err(refuse(StatusCode::NOT_FOUND, "there is no such job"));
    };
    Ok(Json(view::job(&state, number, work, &files(&headers))))
}

async fn images(headers: HeaderMap, body: Body) -> Result<Json<Value>, Response> {
    let body = read(&headers, body).await?;
    let Some(prompt) = body.get("prompt").and_then(Value::as_str) else {
        return Err(refuse(StatusCode::BAD_REQUEST, "`prompt` is required"));
    };
    let count = body.get("n").and_then(Value::as_u64).unwrap_or(1).min(10);
    let data: Vec<Value> = (0..count)
        .map(|index| json!({ "url": format!("{}/now-{index}.png", files(&headers)), "revised_prompt": prompt }))
        .collect();
    Ok(Json(json!({ "created": 1_767_225_600, "data": data })))
}

async fn chat(headers: HeaderMap, body: Body) -> Result<Response, Response> {
    let body = read(&headers, body).await?;
    let model = body.get("model").and_then(Value::as_str);
    let messages = body.get("messages").and_then(Value::as_array);
    let (Some(model), Some(_)) = (model, messages.filter(|said| !said.is_empty())) else {
        let what = "`model` and `messages` are required";
        return Err(refuse(StatusCode::BAD_REQUEST, what));
    };
    let answer = view::answer(&body);
    if body.get("stream") != Some(&Value::Bool(true)) {
        let choice = json!({ "index": 0, "message": { "role": "assistant", "content": answer }, "finish_reason": "stop" });
        let usage = json!({ "prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8 });
        let whole = json!({ "id": "chat-1", "object": "chat.completion", "model": model, "choices": [choice], "usage": usage });
        return Ok(Json(whole).into_response());
    }
    let mut events = String::new();
    for word in answer.split_inclusive(' ') {
        let choice = json!({ "index": 0, "delta": { "content": word }, "finish_reason": null });
        let piece =
            json!({ "id": "chat-1", "object": "chat.completion.chunk", "choices": [choice] });
        events += &format!("data: {piece}\n\n");
    }
    events += "data: [DONE]\n\n";
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], events).into_response())
}

async fn character(Path(id): Path<String>) -> Result<Json<Value>, Response> {
    let found = view::character(&id).map(Json);
    found.ok_or_else(|| refuse(StatusCode::NOT_FOUND, "there is no such character"))
}

/// A picture of a job that is done.
async fn file(State(shared): Core, Path(name): Path<String>) -> Response {
    let image = {
        let state = shared.serika();
        let number = name.strip_suffix(".png").and_then(view::number);
        let work = number.and_then(|number| state.works.get(number));
        work.filter(|work| work.stage == Stage::Done)
            .map(|work| work.about.clone())
    };
    let painted =
        image.and_then(|image| paint(&image.prompt, image.seed, image.size.0, image.size.1).ok());
    match painted {
        Some(png) => ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
