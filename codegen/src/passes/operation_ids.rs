//! Gives every operation an `operationId` of its own: the v1 document has none, others have one twice,
//! and methods are named by it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, operation_pointer};
use crate::error::{Error, Faults};
use crate::names::snake;
use crate::notes::Notes;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    unsent_methods(doc, notes);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Faults::default();
    let mut named = Vec::new();
    for (path, method, operation) in doc.operations() {
        let at = operation_pointer(path, method);
        if !operation.is_object() {
            faults.push(doc.locate(&at), "an operation must be an object");
            continue;
        }
        let given = operation.get("operationId").and_then(Value::as_str);
        let route = || from_route(method, path);
        let id = match given.and_then(|given| Some((given, seen.get(given)?))) {
            Some((given, other)) => {
                let id = route();
                let what = format!(
                    "the operationId `{given}` is also that of `{other}`; this one is named `{id}`"
                );
                notes.fault("operation-ids", at, what);
                id
            }
            None => given.map_or_else(route, |given| {
                seen.insert(given.to_owned(), format!("{method} {path}"));
                given.to_owned()
            }),
        };
        if given.is_none() {
            let at = operation_pointer(path, method);
            notes.conversion("operation-ids", at, format!("named `{id}`"));
        }
        named.push((path.to_owned(), method, id));
    }
    faults.into_result()?;
    let mut ids = named.into_iter();
    doc.each_operation_mut(|_, _, operation| {
        if let (Some((_, _, id)), Value::Object(operation)) = (ids.next(), operation) {
            operation.insert("operationId".to_owned(), id.into());
        }
    });
    Ok(())
}

/// OPTIONS and TRACE describe a server; no client calls them by name. The others are OpenAPI 3.2's.
fn unsent_methods(doc: &Document, notes: &mut Notes) {
    let paths = doc.root.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in ["options", "trace", "query", "additionalOperations"]
            .into_iter()
            .filter(|method| item.get(*method).is_some())
        {
            notes.loss(
                "operation-ids",
                operation_pointer(path, method),
                "no method is made for it",
            );
        }
    }
}

/// `GET /v1/consumer/jobs/{jobId}` becomes `get_v1_consumer_jobs_by_job_id`.
fn from_route(method: &str, path: &str) -> String {
    let words = path.split('/').filter(|part| !part.is_empty()).map(|part| {
        match part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'))
        {
            Some(parameter) => format!("by_{}", snake(parameter)),
            None => snake(part),
        }
    });
    std::iter::once(method.to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}
