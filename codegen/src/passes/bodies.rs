//! Leaves each request one media type, and makes its body required: a generated method has one
//! signature.

use serde_json::{Map, Value, json};

use crate::document::{Document, operation_pointer};
use crate::error::Error;
use crate::notes::Notes;
use crate::pointer::Pointer;

/// The extension that names a JSON media type other than `application/json`.
pub(crate) const CONTENT_TYPE: &str = "x-content-type";

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    doc.each_operation_mut(|path, method, operation| {
        let at = operation_pointer(path, method).child("requestBody");
        let Some(Value::Object(body)) = operation.get_mut("requestBody") else { return };
        let content = match body.remove("content") {
            Some(Value::Object(content)) if !content.is_empty() => content,
            _ => {
                notes.push("bodies", at, "a body without content is not carried over");
                if let Value::Object(operation) = operation {
                    operation.remove("requestBody");
                }
                return;
            }
        };
        if body.get("required") != Some(&json!(true)) {
            notes.push("bodies", at.clone(), "the body is required, though the contract leaves that open");
            body.insert("required".to_owned(), json!(true));
        }
        let (media, value) = chosen(&at, content, notes);
        let other_json = media != "application/json" && is_json(&media);
        let media = if other_json { "application/json".to_owned() } else { media.clone() };
        body.insert("content".to_owned(), json!({ media: value.1 }));
        if other_json && let Value::Object(operation) = operation {
            operation.insert(CONTENT_TYPE.to_owned(), value.0.into());
        }
    });
    Ok(())
}

/// Picks JSON where there is some, then what the backend can send.
fn chosen(at: &Pointer, content: Map<String, Value>, notes: &mut Notes) -> (String, (String, Value)) {
    let rank = |media: &str| match media {
        "application/json" => 0,
        media if is_json(media) && !media.contains('*') => 1,
        "application/x-www-form-urlencoded" => 2,
        "application/octet-stream" => 3,
        media if media.starts_with("text/plain") => 4,
        _ => 5,
    };
    let mut all: Vec<(String, Value)> = content.into_iter().collect();
    all.sort_by_key(|(media, _)| rank(media));
    let left: Vec<String> = all.iter().skip(1).map(|(media, _)| format!("`{media}`")).collect();
    let (media, mut value) = all.swap_remove(0);
    if !left.is_empty() {
        notes.push("bodies", at.clone(), format!("sent as `{media}`; also declared: {}", left.join(", ")));
    }
    if rank(&media) == 5 {
        notes.push("bodies", at.clone(), format!("`{media}` is sent as raw bytes"));
        value = json!({ "schema": { "type": "string", "format": "binary" } });
        return ("application/octet-stream".to_owned(), (media, value));
    }
    if rank(&media) == 3 {
        value = json!({ "schema": { "type": "string", "format": "binary" } });
    }
    if rank(&media) == 4 {
        value = json!({ "schema": { "type": "string" } });
        return ("text/plain".to_owned(), (media, value));
    }
    if value.get("schema").is_none() {
        value = json!({ "schema": {} });
    }
    (media.clone(), (media, value))
}

fn is_json(media: &str) -> bool {
    let bare = media.split(';').next().unwrap_or(media).trim();
    bare == "application/json" || bare == "text/json" || bare.ends_with("+json")
}
