//! Leaves each operation one success type. Error replies are read as one problem type by the
//! client itself, so that here they only count as documentation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, operation_pointer};
use crate::error::Error;
use crate::marks::ERRORS;
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
        for (status, reply) in replies {
            let text = reply.get("description").cloned().unwrap_or_default();
            if status.starts_with('2') {
                success.insert(status, body(&reply));
            } else if status.starts_with('3') {
                let what =
                    "a redirect is not followed; the error it gives has the `Location` header";
                notes.conversion("replies", at.child(&status), what);
                errors.insert(status, text);
            } else {
                odd_error(&at.child(&status), &reply, notes);
                errors.insert(status, text);
            }
        }
        if success.is_empty() {
            notes.guess(
                "replies",
                at.clone(),
                "no success is declared; any 2xx counts, and its body is not read",
            );
            success.insert("2XX".to_owned(), Body::None);
        }
        operation.insert("responses".to_owned(), one_type(&at, success, notes));
        operation.insert(ERRORS.to_owned(), Value::Object(errors));
    });
    Ok(())
}

/// What a success reply carries.
#[derive(Clone, Debug, PartialEq)]
enum Body {
    None,
    Json(Value),
    Bytes,
}

fn body(reply: &Value) -> Body {
    let Some(content) = reply
        .get("content")
        .and_then(Value::as_object)
        .filter(|map| !map.is_empty())
    else {
        return Body::None;
    };
    let json = content.iter().find(|(media, _)| media.contains("json"));
    match json {
        Some((_, value)) => Body::Json(value.get("schema").cloned().unwrap_or_else(|| json!({}))),
        None => Body::Bytes,
    }
}

/// Gives all success statuses the same body.
fn one_type(at: &Pointer, success: BTreeMap<String, Body>, notes: &mut Notes) -> Value {
    let mut kinds: Vec<&Body> = Vec::new();
    for body in success.values() {
        if !kinds.contains(&body) {
            kinds.push(body);
        }
    }
    let jsons: Vec<&&Body> = kinds
        .iter()
        .filter(|body| matches!(body, Body::Json(_)))
        .collect();
    let chosen = match (kinds.as_slice(), jsons.as_slice()) {
        ([only], _) => (*only).clone(),
        (_, [only]) => {
            notes.conversion(
                "replies",
                at.clone(),
                "every success is read as the one type that is declared",
            );
            (**only).clone()
        }
        (_, []) => Body::Bytes,
        _ => {
            notes.loss(
                "replies",
                at.clone(),
                "the successes differ in type and are read as any JSON",
            );
            Body::Json(json!({}))
        }
    };
    let reply = match chosen {
        Body::None => json!({ "description": "" }),
        Body::Json(schema) => {
            json!({ "description": "", "content": { "application/json": { "schema": schema } } })
        }
        Body::Bytes => json!({
            "description": "",
            "content": { "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } },
        }),
    };
    success
        .into_keys()
        .map(|status| (status, reply.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// Says which error replies are not the usual problem document.
fn odd_error(at: &Pointer, reply: &Value, notes: &mut Notes) {
    let Body::Json(schema) = body(reply) else {
        return;
    };
    let name = crate::document::referred(&schema);
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
