//! Gives each media type of a body a schema, and takes out what is no body.

use serde_json::{Value, json};

use crate::document::{Document, operation_pointer};
use crate::error::Error;
use crate::media::is_json;
use crate::notes::Notes;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    doc.each_operation_mut(|path, method, operation| {
        let at = operation_pointer(path, method).child("requestBody");
        let Some(Value::Object(body)) = operation.get_mut("requestBody") else {
            return;
        };
        let content = match body.get_mut("content") {
            Some(Value::Object(content)) if !content.is_empty() => content,
            _ => {
                notes.fault("bodies", at, "a body without content is not carried over");
                if let Value::Object(operation) = operation {
                    operation.remove("requestBody");
                }
                return;
            }
        };
        for (media, value) in content.iter_mut() {
            let named = is_json(media)
                || media.starts_with("multipart/form-data")
                || media.starts_with("application/x-www-form-urlencoded");
            if !value.is_object() {
                *value = json!({});
            }
            if !named {
                if !media.contains('*')
                    && !media.starts_with("text/plain")
                    && !media.ends_with("octet-stream")
                {
                    let what = format!("`{media}` is sent as raw bytes");
                    if media.starts_with("multipart/") {
                        let what = format!("{what}, without the sign that parts its parts");
                        notes.loss("bodies", at.clone(), what);
                    } else {
                        notes.guess("bodies", at.clone(), what);
                    }
                }
                value["schema"] = json!({ "type": "string", "format": "binary" });
            } else if !value.get("schema").is_some_and(Value::is_object) {
                value["schema"] = json!({});
            }
            let encoding = value.get("encoding").and_then(Value::as_object);
            for (name, _) in encoding
                .into_iter()
                .flatten()
                .filter(|(_, one)| one.get("headers").is_some())
            {
                let at = at
                    .child("content")
                    .child(media)
                    .child("encoding")
                    .child(name);
                notes.loss(
                    "bodies",
                    at,
                    "a part has no headers of its own but its name and media type",
                );
            }
        }
    });
    Ok(())
}
