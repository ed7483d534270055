//! The records of PhotoGPT: pictures that were uploaded, videos that were made, and their downloads.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::{LARGEST, files, ok, refuse};
use crate::photogpt::state::{self, Refusal};
use crate::photogpt::view;
use crate::server::query::{self, Pairs};
use crate::server::shared::{Core, Shared};

/// The routes of records.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/images/upload", post(upload))
        .route("/images/{id}", get(picture).delete(delete_picture))
        .route("/models/{id}/images", get(pictures))
        .route("/videos", get(videos))
        .route("/videos/{id}", get(video).delete(delete_video))
        .route("/videos/{id}/create-download", get(create_download))
        .route("/videos/{id}/download", get(download))
}

async fn upload(State(shared): Core, headers: HeaderMap, mut parts: Multipart) -> Response {
    let (mut file, mut data) = (None, Value::Null);
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.name().unwrap_or_default().to_owned();
        let Ok(bytes) = part.bytes().await else { break };
        match name.as_str() {
            "file" => file = Some(bytes),
            "data" => data = serde_json::from_slice(&bytes).unwrap_or_default(),
            _ => {}
        }
    }
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    let (model, kind) = (text("modelID"), text("type"));
    if file.is_none_or(|file| file.is_empty() || file.len() > LARGEST) {
        return refuse((400, "`file` is missing, empty or too large".to_owned()));
    }
    if !["modelInput", "auxiliaryType"].contains(&kind) {
        return refuse((400, "`type` must be modelInput or auxiliaryType".to_owned()));
    }
    let mut state = shared.photogpt();
    match state.upload(model, kind) {
        Ok(number) => ok(view::picture(
            number,
            &state.pictures[number],
            &files(&headers),
        )),
        Err(refusal) => refuse(refusal),
    }
}

fn find_picture(state: &state::State, id: &str) -> Result<usize, Refusal> {
    let number = view::picture_number(id);
    let number = number.filter(|number| {
        state
            .pictures
            .get(*number)
            .is_some_and(|one| !one.is_deleted)
    });
    number.ok_or_else(|| (404, "there is no such picture".to_owned()))
}

async fn picture(State(shared): Core, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let state = shared.photogpt();
    match find_picture(&state, &id) {
        Ok(number) => ok(view::picture(
            number,
            &state.pictures[number],
            &files(&headers),
        )),
        Err(refusal) => refuse(refusal),
    }
}

async fn delete_picture(State(shared): Core, Path(id): Path<String>) -> Response {
    let mut state = shared.photogpt();
    match find_picture(&state, &id) {
        Ok(number) => {
            state.pictures[number].is_deleted = true;
            ok(json!("deleted"))
        }
        Err(refusal) => refuse(refusal),
    }
}

/// The pictures of a model, by type and in pages.
async fn pictures(
    State(shared): Core,
    Path(id): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
) -> Response {
    let state = shared.photogpt();
    if state.find(&id).is_none() {
        return refuse((404, "there is no such model".to_owned()));
    }
    let number =
        |name: &str| query::value(&query, name).and_then(|text| text.parse::<usize>().ok());
    let (page, size) = (
        number("pageNum").unwrap_or(1),
        number("pageSize").unwrap_or(PAGE),
    );
    let kind = match query::value(&query, "imageType") {
        Some("input") => Some("modelInput"),
        Some("all") | None => None,
        Some(other) => Some(other),
    };
    let all = state.pictures.iter().enumerate();
    let shown = all.filter(|(_, one)| {
        one.model == id && !one.is_deleted && kind.is_none_or(|kind| one.kind == kind)
    });
    let files = files(&headers);
    let shown = shown
        .skip(page.saturating_sub(1).saturating_mul(size))
        .take(size)
        .map(|(number, one)| view::picture(number, one, &files));
    ok(shown.collect())
}

/// The ids of the videos that are there.
fn made(state: &state::State) -> Vec<String> {
    let works = state.works.all().filter(|(_, work)| work.about.is_video);
    let ids = works.flat_map(|(number, work)| view::outputs(number, work));
    ids.filter(|id| !state.deleted.contains(id)).collect()
}

async fn videos(State(shared): Core, headers: HeaderMap) -> Response {
    let files = files(&headers);
    let ids = made(&shared.photogpt());
    ok(ids.iter().map(|id| view::video(id, &files)).collect())
}

async fn video(State(shared): Core, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match made(&shared.photogpt()).contains(&id) {
        true => ok(view::video(&id, &files(&headers))),
        false => refuse((404, "there is no such video".to_owned())),
    }
}

async fn delete_video(State(shared): Core, Path(id): Path<String>) -> Response {
    let mut state = shared.photogpt();
    if !made(&state).contains(&id) {
        return refuse((404, "there is no such video".to_owned()));
    }
    state.deleted.insert(id);
    ok(json!("deleted"))
}

async fn create_download(
    State(shared): Core,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let now = shared.clock.now();
    let mut state = shared.photogpt();
    let asked = *state.downloads.entry(id.clone()).or_insert(now);
    drop(state);
    shared.announce();
    ok(view::download(&id, asked, now, &files(&headers)))
}

async fn download(State(shared): Core, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let now = shared.clock.now();
    match shared.photogpt().downloads.get(&id) {
        Some(asked) => ok(view::download(&id, *asked, now, &files(&headers))),
        None => refuse((404, "no file of this video was asked for".to_owned())),
    }
}

/// Pictures on a page.
const PAGE: usize = 20;
