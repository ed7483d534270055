//! Leaves each operation one success type. Error replies are read as one problem type by the
//! client itself, so that here they only count as documentation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, operation_pointer};
use crate::error::Error;
use crate::marks::{ERRORS, LINKED};
use crate::media::is_json;
use crate::notes::Notes;
use crate::pointer::Pointer;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    doc.each_operation_mut(|path, method, operation| {
        let at = operation_pointer(path, method).child("responses");
        let Value::Object(operation) = operation else {
            return;
        };
        let replies = match operation.remove("responses") {
            Some(Value::Object(replies)) => replies,
            _ => Map::new(),
        };
        let mut success = BTreeMap::new();
        let mut errors = Map::new();
        let (mut other, mut linked) = (None, false);
        for (status, reply) in replies {
            let text = reply.get("description").cloned().unwrap_or_default();
            if status.starts_with('2') {
                let headers = reply.get("headers").and_then(Value::as_object);
                linked |= headers
                    .is_some_and(|all| all.keys().any(|name| name.eq_ignore_ascii_case("link")));
                success.insert(status, content(&reply));
            } else if status.starts_with('3') {
                let what =
                    "a redirect is not followed; the error it gives has the `Location` header";
                notes.conversion("replies", at.child(&status), what);
                errors.insert(status, text);
            } else {
                if status == "default" {
                    other = Some(reply);
                } else {
                    odd_error(&at.child(&status), &reply, notes);
                }
                errors.insert(status, text);
            }
        }
        if let Some(reply) = other.as_ref().filter(|_| !success.is_empty()) {
            odd_error(&at.child("default"), reply, notes);
        }
        if success.is_empty() {
            let what =
                "no success is declared; any 2xx counts, and is read as the reply for any status";
            notes.guess("replies", at.clone(), what);
            success.insert(
                "2XX".to_owned(),
                other.as_ref().map(content).unwrap_or_default(),
            );
        }
        operation.insert(
            "responses".to_owned(),
            one_message(&at, success, linked, notes),
        );
        operation.insert(ERRORS.to_owned(), Value::Object(errors));
    });
    Ok(())
}

/// Media type → what a reply carries.
fn content(reply: &Value) -> Map<String, Value> {
    let content = reply.get("content").and_then(Value::as_object);
    let content = content.into_iter().flatten().map(|(media, value)| {
        let schema = value.get("schema").filter(|schema| schema.is_object());
        let schema = schema.cloned().unwrap_or_else(|| json!({}));
        (media.clone(), json!({ "schema": schema }))
    });
    content.collect()
}

/// Gives all success statuses the same media types, and each of these one type.
fn one_message(
    at: &Pointer,
    success: BTreeMap<String, Map<String, Value>>,
    linked: bool,
    notes: &mut Notes,
) -> Value {
    let mut all: Map<String, Value> = Map::new();
    let mut differ = false;
    for (media, value) in success.values().flatten() {
        match all.get_mut(media) {
            Some(known) if known != value => {
                differ = true;
                *known = json!({ "schema": {} });
            }
            Some(_) => {}
            None => {
                all.insert(media.clone(), value.clone());
            }
        }
    }
    if differ {
        let what = "the successes differ in type and are read as any JSON";
        notes.loss("replies", at.clone(), what);
    } else if success.values().any(|content| content.len() < all.len()) {
        let what = "every success is read as the one type that is declared";
        notes.conversion("replies", at.clone(), what);
    }
    let mut reply = json!({ "description": "" });
    if !all.is_empty() {
        reply["content"] = all.into();
    }
    if linked {
        reply[LINKED] = true.into();
    }
    let statuses = success.into_keys();
    let replies: Map<_, _> = statuses.map(|status| (status, reply.clone())).collect();
    replies.into()
}

/// Says which error replies are not the usual problem document.
fn odd_error(at: &Pointer, reply: &Value, notes: &mut Notes) {
    let content = content(reply);
    let json = content.iter().find(|(media, _)| is_json(media));
    let Some(schema) = json.map(|(_, value)| &value["schema"]) else {
        return;
    };
    let name = crate::document::referred(schema);
    if name
        .as_deref()
        .is_none_or(|name| !name.ends_with("ProblemDetails"))
    {
        let what = name.map_or_else(|| "another shape".to_owned(), |name| format!("`{name}`"));
        notes.conversion(
            "replies",
            at.clone(),
            format!("declared as {what}; read as a problem, its body kept"),
        );
    }
}
