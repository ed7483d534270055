//! How PhotoGPT shows what it knows.

use std::time::Duration;

use serde_json::{Value, json};

use super::state::{DOWNLOAD, Picture, State, Wish, model_id};
use crate::core::works::{Stage, Work};

/// What the ids of pictures begin with.
const PICTURE: &str = "picture-";

/// The id of a job.
pub(crate) fn id(number: usize) -> String {
    format!("pg-{number}")
}

/// The number of a job.
pub(crate) fn number(id: &str) -> Option<usize> {
    id.strip_prefix("pg-")?.parse().ok()
}

/// A job; `files` is what links begin with.
pub(crate) fn job(state: &State, number: usize, work: &Work<Wish>, files: &str) -> Value {
    let id = id(number);
    let mut shown = json!({
        "jobId": id,
        "status": status(work),
        "modelId": work.about.model,
        "createdAt": date(state, work.submitted),
    });
    match &work.stage {
        Stage::Done => {
            let kind = if work.about.is_video {
                "videos"
            } else {
                "images"
            };
            let made = outputs(number, work).map(|id| match work.about.is_video {
                true => video(&id, files),
                false => json!({ "id": id, "url": format!("{files}/{id}.png") }),
            });
            shown[kind] = made.collect();
        }
        Stage::Failed(why) => shown["error"] = json!(why),
        Stage::Queued | Stage::Running => {}
    }
    shown
}

/// The ids of what a job has made.
pub(crate) fn outputs(number: usize, work: &Work<Wish>) -> impl Iterator<Item = String> {
    let made = if work.stage == Stage::Done {
        work.about.count
    } else {
        0
    };
    (0..made).map(move |index| format!("{}-{index}", id(number)))
}

/// A job in short.
pub(crate) fn entry(state: &State, number: usize, work: &Work<Wish>) -> Value {
    let why = match &work.stage {
        Stage::Failed(why) => Some(why),
        _ => None,
    };
    json!({
        "jobId": id(number),
        "status": status(work),
        "credits": 1,
        "errorMessage": why,
        "createdAt": date(state, work.submitted),
        "updatedAt": date(state, work.changed),
    })
}

/// A model.
pub(crate) fn model(state: &State, number: usize, now: Duration) -> Value {
    let model = &state.models[number];
    json!({
        "id": model_id(number),
        "status": state.status(model, now),
        "modelType": "person",
        "createdAt": date(state, model.created),
        "updatedAt": date(state, model.training.unwrap_or(model.created)),
    })
}

/// A picture that was uploaded.
pub(crate) fn picture(number: usize, picture: &Picture, files: &str) -> Value {
    let id = picture_id(number);
    json!({
        "id": id,
        "url": format!("{files}/{id}.png"),
        "modelID": picture.model,
        "type": picture.kind,
    })
}

/// The id of a picture that was uploaded.
fn picture_id(number: usize) -> String {
    format!("{PICTURE}{number}")
}

/// The number of a picture that was uploaded.
pub(crate) fn picture_number(id: &str) -> Option<usize> {
    id.strip_prefix(PICTURE)?.parse().ok()
}

/// A video that was made.
pub(crate) fn video(id: &str, files: &str) -> Value {
    json!({ "id": id, "url": format!("{files}/{id}.m3u8") })
}

/// The file of a video that was asked for at `asked`.
pub(crate) fn download(video: &str, asked: Duration, now: Duration, files: &str) -> Value {
    let share = now.saturating_sub(asked).as_secs_f64() / DOWNLOAD.as_secs_f64();
    if share < 1.0 {
        return json!({ "percentComplete": (share * 100.0).floor(), "status": "processing" });
    }
    json!({ "percentComplete": 100, "status": "ready", "url": format!("{files}/{video}.mp4") })
}

fn status(work: &Work<Wish>) -> &'static str {
    match work.stage {
        Stage::Queued => "queued",
        // A word that no contract has, where a prompt asks for it.
        Stage::Running if work.about.prompt.contains("novel status") => "dreaming",
        Stage::Running => "running",
        // The case of words is not to be relied on.
        Stage::Done if work.about.prompt.contains("in capitals") => "SUCCESS",
        Stage::Done => "success",
        Stage::Failed(_) => "failed",
    }
}

fn date(state: &State, at: Duration) -> String {
    state
        .setup
        .date(at)
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
