//! How Serika shows what it knows.

use serde_json::{Value, json};

use super::state::{Image, MODELS, State};
use crate::core::works::{Stage, Work};

/// The id of a job.
pub(crate) fn id(number: usize) -> String {
    format!("job-{number:05}serika")
}

/// The number of a job.
pub(crate) fn number(id: &str) -> Option<usize> {
    id.strip_prefix("job-")?
        .strip_suffix("serika")?
        .parse()
        .ok()
}

/// A job; `files` is what links begin with.
pub(crate) fn job(state: &State, number: usize, work: &Work<Image>, files: &str) -> Value {
    let mut shown = entry(state, number, work);
    let (width, height) = work.about.size;
    match &work.stage {
        Stage::Done => {
            shown["result"] = json!({
                "url": format!("{files}/{}.png", id(number)),
                "width": width,
                "height": height,
                "seed": work.about.seed,
            });
        }
        Stage::Failed(why) => {
            shown["error"] = json!({ "message": why, "type": "generation_error" });
        }
        Stage::Queued | Stage::Running => {}
    }
    shown
}

/// A job in short.
pub(crate) fn entry(state: &State, number: usize, work: &Work<Image>) -> Value {
    let status = match work.stage {
        Stage::Queued => "QUEUED",
        // A word that no contract has, where a prompt asks for it.
        Stage::Running if work.about.prompt.contains("novel status") => "DREAMING",
        Stage::Running => "PROCESSING",
        Stage::Done => "COMPLETED",
        Stage::Failed(_) => "FAILED",
    };
    json!({
        "id": id(number),
        "status": status,
        "created_at": state.setup.date(work.submitted).timestamp(),
        "model": work.about.model,
    })
}

/// The models.
pub(crate) fn models() -> Value {
    let models = MODELS.map(|id| json!({ "id": id, "object": "model", "owned_by": "serika" }));
    json!({ "object": "list", "data": models })
}

/// A character.
pub(crate) fn character(id: &str) -> Option<Value> {
    (id == "keeper").then(|| json!({ "id": id, "name": "The keeper" }))
}

/// What the model says to a conversation.
pub(crate) fn answer(body: &Value) -> String {
    let said = body
        .pointer("/messages")
        .and_then(Value::as_array)
        .and_then(|all| all.last());
    let said = said
        .and_then(|said| said.get("content"))
        .and_then(Value::as_str);
    format!("You said: {}", said.unwrap_or("nothing"))
}
