//! PhotoGPT on the sockets, under `/photogpt/api`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::DateTime;
use serde_json::{Value, json};

use crate::core::film::MP4;
use crate::core::paint::paint;
use crate::core::works::Stage;
use crate::photogpt::view;
use crate::server::body::read_value;
use crate::server::gate::admits;
use crate::server::query::{self, Pairs};
use crate::server::shared::{Core, Shared};

mod records;

/// Where the service is.
pub(crate) const BASE: &str = "/photogpt/api";
/// Bytes of a request with a picture, at most.
const LARGEST: usize = 20_000_000;
/// Jobs on a page.
const PAGE: usize = 20;

/// Its routes.
pub(super) fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let private = Router::new()
        .route(
            "/ping",
            get(async || Json(json!({ "message": "pong!", "status": "OK" }))),
        )
        .route("/presets", get(async || ok(json!(["portrait", "studio"]))))
        .route("/images/generation", post(image))
        .route("/images/upscaling", post(image))
        .route("/videos/generation", post(video))
        .route("/jobs", get(list))
        .route("/jobs/{id}", get(job))
        .route("/models", get(models).post(make))
        .route("/models/{id}", get(model).delete(delete))
        .route("/models/{id}/train", get(train))
        .merge(records::routes())
        .layer(DefaultBodyLimit::max(LARGEST + 100_000))
        .layer(from_fn_with_state(Arc::clone(shared), authorise));
    let public = Router::new().route("/files/{name}", get(file));
    Router::new().nest(BASE, private.merge(public))
}

async fn authorise(State(shared): Core, request: Request, next: Next) -> Response {
    let version = request.headers().get("api-version");
    if version.is_none_or(|version| version != "1") {
        return refuse((400, "the header API-Version: 1 is missing".to_owned()));
    }
    match admits(&shared, request.headers()) {
        true => next.run(request).await,
        false => refuse((401, "the key is missing or wrong".to_owned())),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "results are made where they are sent"
)]
fn ok(result: Value) -> Response {
    Json(json!({ "status": "OK", "result": result })).into_response()
}

/// A refusal, in the service's envelope. A status of 200 is one that only the envelope tells of.
fn refuse((status, message): (u16, String)) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({ "status": "NOK", "message": message, "result": null });
    (status, Json(body)).into_response()
}

fn files(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    format!("http://{}{BASE}/files", host.unwrap_or("127.0.0.1"))
}

async fn submit(shared: &Shared, headers: &HeaderMap, body: Body, is_video: bool) -> Response {
    let Ok(body) = read_value(headers, body).await else {
        return refuse((400, "the body is no JSON".to_owned()));
    };
    // The envelope alone tells of this one.
    if body.get("modelID").and_then(Value::as_str) == Some("retired") {
        return refuse((200, "the model is retired".to_owned()));
    }
    let now = shared.clock.now();
    let submitted = shared.photogpt().submit(&body, is_video, now);
    shared.announce();
    match submitted {
        Ok(number) => ok(json!({ "jobId": view::id(number), "status": "queued" })),
        Err(refusal) => refuse(refusal),
    }
}

async fn image(State(shared): Core, headers: HeaderMap, body: Body) -> Response {
    submit(&shared, &headers, body, false).await
}

async fn video(State(shared): Core, headers: HeaderMap, body: Body) -> Response {
    submit(&shared, &headers, body, true).await
}

async fn job(State(shared): Core, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let state = shared.photogpt();
    let found = view::number(&id).and_then(|number| Some((number, state.works.get(number)?)));
    match found {
        Some((number, work)) => ok(view::job(&state, number, work, &files(&headers))),
        None => refuse((404, "there is no such job".to_owned())),
    }
}

async fn list(State(shared): Core, Query(query): Pairs) -> Response {
    let state = shared.photogpt();
    let date = |name: &str| {
        let text = query::value(&query, name)?;
        let date = DateTime::parse_from_rfc3339(text).ok()?;
        Some(state.setup.instant(date.to_utc()))
    };
    let (start, end) = (date("start"), date("end"));
    let first = query::value(&query, "pageToken").and_then(|token| token.parse().ok());
    let fits = |at: std::time::Duration| {
        start.is_none_or(|start| start <= at) && end.is_none_or(|end| at <= end)
    };
    let mut jobs = state
        .works
        .all()
        .rev()
        .filter(|(_, work)| fits(work.submitted));
    let first: usize = first.unwrap_or(0);
    let page: Vec<Value> = jobs
        .by_ref()
        .skip(first)
        .take(PAGE)
        .map(|(number, work)| view::entry(&state, number, work))
        .collect();
    let next = jobs.next().map(|_| (first + PAGE).to_string());
    ok(json!({ "jobs": page, "nextPageToken": next }))
}

async fn models(State(shared): Core) -> Response {
    let (state, now) = (shared.photogpt(), shared.clock.now());
    let models: Vec<Value> = (0..state.models.len())
        .map(|number| view::model(&state, number, now))
        .collect();
    ok(models.into())
}

async fn make(State(shared): Core, headers: HeaderMap, body: Body) -> Response {
    let Ok(body) = read_value(&headers, body).await else {
        return refuse((400, "the body is no JSON".to_owned()));
    };
    for name in ["name", "age", "gender", "ethnicity", "eyeColor"] {
        if body.get(name).is_none_or(Value::is_null) {
            return refuse((400, format!("`{name}` is required")));
        }
    }
    let now = shared.clock.now();
    let mut state = shared.photogpt();
    let number = state.make(now);
    ok(view::model(&state, number, now))
}

/// Does something with a model.
fn with(
    shared: &Shared,
    id: &str,
    act: impl FnOnce(&mut crate::photogpt::state::State, usize) -> Response,
) -> Response {
    let mut state = shared.photogpt();
    match state.find(id) {
        Some(number) => act(&mut state, number),
        None => refuse((404, "there is no such model".to_owned())),
    }
}

async fn model(State(shared): Core, Path(id): Path<String>) -> Response {
    let now = shared.clock.now();
    with(&shared, &id, |state, number| {
        ok(view::model(state, number, now))
    })
}

async fn delete(State(shared): Core, Path(id): Path<String>) -> Response {
    with(&shared, &id, |state, number| {
        state.models[number].is_deleted = true;
        ok(json!("deleted"))
    })
}

async fn train(State(shared): Core, Path(id): Path<String>) -> Response {
    let now = shared.clock.now();
    let reply = with(&shared, &id, |state, number| {
        match state.train(number, now) {
            Ok(()) => ok(json!("The training has begun.")),
            Err(refusal) => refuse(refusal),
        }
    });
    shared.announce();
    reply
}

/// A picture, a playlist or a film.
async fn file(State(shared): Core, Path(name): Path<String>) -> Response {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    let prompt = {
        let state = shared.photogpt();
        let number = stem.rsplit_once('-').and_then(|(job, _)| view::number(job));
        let work = number.and_then(|number| state.works.get(number));
        work.filter(|work| work.stage == Stage::Done)
            .map(|work| work.about.prompt.clone())
    };
    let (media, bytes) = match (ending, prompt) {
        ("png", Some(prompt)) => ("image/png", paint(&prompt, 7, 64, 64).unwrap_or_default()),
        ("m3u8", Some(_)) => (
            "application/vnd.apple.mpegurl",
            b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:4,\n0.ts\n#EXT-X-ENDLIST\n".to_vec(),
        ),
        ("mp4", _) => ("video/mp4", MP4.to_vec()),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, media)], bytes).into_response()
}
