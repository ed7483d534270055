//! Leaves each request one media type, and makes its body required: a generated method has one
//! signature.

use serde_json::{Map, Value, json};

use crate::document::{Document, operation_pointer};
use crate::error::Error;
use crate::marks::CONTENT_TYPE;
use crate::notes::Notes;
use crate::pointer::Pointer;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    doc.each_operation_mut(|path, method, operation| {
        let at = operation_pointer(path, method).child("requestBody");
        let Some(Value::Object(body)) = operation.get_mut("requestBody") else {
            return;
        };
        let content = match body.remove("content") {
            Some(Value::Object(content)) if !content.is_empty() => content,
            _ => {
                notes.fault("bodies", at, "a body without content is not carried over");
                if let Value::Object(operation) = operation {
                    operation.remove("requestBody");
                }
                return;
            }
        };
        if body.get("required") != Some(&json!(true)) {
            notes.guess(
                "bodies",
                at.clone(),
                "the body is required, though the contract leaves that open",
            );
            body.insert("required".to_owned(), json!(true));
        }
        let Chosen {
            declared,
            carried,
            value,
        } = chosen(&at, content, notes);
        body.insert("content".to_owned(), json!({ carried: value }));
        if declared != carried
            && !declared.contains('*')
            && let Value::Object(operation) = operation
        {
            operation.insert(CONTENT_TYPE.to_owned(), declared.into());
        }
    });
    Ok(())
}

/// The one media type of a body.
struct Chosen {
    /// As the contract writes it.
    declared: String,
    /// As the backend knows it.
    carried: &'static str,
    value: Value,
}

/// Picks JSON where there is some, then what the backend can send.
fn chosen(at: &Pointer, content: Map<String, Value>, notes: &mut Notes) -> Chosen {
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
    let (declared, value) = all.swap_remove(0);
    // The same JSON under another name is no loss.
    let lost = |media: &&String| !(is_json(media) && is_json(&declared));
    let left: Vec<String> = all
        .iter()
        .map(|(media, _)| media)
        .filter(lost)
        .map(|media| format!("`{media}`"))
        .collect();
    if !left.is_empty() {
        let what = format!("sent as `{declared}`; also declared: {}", left.join(", "));
        notes.loss("bodies", at.clone(), what);
    }
    let as_declared = |value: Value| {
        if value.get("schema").is_some() {
            value
        } else {
            json!({ "schema": {} })
        }
    };
    let (carried, value) = match rank(&declared) {
        0 | 1 => ("application/json", as_declared(value)),
        2 => ("application/x-www-form-urlencoded", as_declared(value)),
        4 => ("text/plain", json!({ "schema": { "type": "string" } })),
        other => {
            if other == 5 {
                notes.guess(
                    "bodies",
                    at.clone(),
                    format!("`{declared}` is sent as raw bytes"),
                );
            }
            let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
            ("application/octet-stream", bytes)
        }
    };
    Chosen {
        declared,
        carried,
        value,
    }
}

fn is_json(media: &str) -> bool {
    let bare = media.split(';').next().unwrap_or(media).trim();
    bare == "application/json" || bare == "text/json" || bare.ends_with("+json")
}
