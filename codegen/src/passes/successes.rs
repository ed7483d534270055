//! Successes of one operation that differ in type become a choice: a method gives one type.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, operation_pointer, schema_reference};
use crate::error::Error;
use crate::media::is_json;
use crate::names::{NameScope, pascal};
use crate::notes::Notes;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let names: Vec<String> = doc.schemas().map(|(name, _)| name.clone()).collect();
    let mut scope = NameScope::with_reserved(names.iter().map(String::as_str));
    let mut made: Map<String, Value> = Map::new();
    doc.each_operation_mut(|path, method, operation| {
        let id = operation.get("operationId").and_then(Value::as_str);
        let id = pascal(id.unwrap_or_default());
        let replies = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        let Some(replies) = replies else { return };
        for (media, schemas) in by_media(replies) {
            if schemas.len() < 2 {
                continue;
            }
            let name = scope.claim(&format!("{id}Reply"));
            let reference = json!({ "$ref": schema_reference(&name) });
            let words = format!("What `{id}` answers, by its status.");
            made.insert(name, json!({ "description": words, "anyOf": schemas }));
            for (_, reply) in replies
                .iter_mut()
                .filter(|(status, _)| status.starts_with('2'))
            {
                if let Some(message) = reply
                    .pointer_mut("/content")
                    .and_then(|all| all.get_mut(&media))
                {
                    message["schema"] = reference.clone();
                }
            }
            let at = operation_pointer(path, method).child("responses");
            notes.conversion(
                "successes",
                at,
                "the successes differ in type; they are a choice",
            );
        }
    });
    doc.schemas_mut().extend(made);
    Ok(())
}

/// JSON media type → the different schemas that the successes have for it.
fn by_media(replies: &Map<String, Value>) -> BTreeMap<String, Vec<Value>> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let successes = replies.iter().filter(|(status, _)| status.starts_with('2'));
    let content = successes.filter_map(|(_, reply)| reply.get("content")?.as_object());
    for (media, message) in content.flatten().filter(|(media, _)| is_json(media)) {
        let schema = message.get("schema").cloned().unwrap_or_else(|| json!({}));
        let schemas = found.entry(media.clone()).or_default();
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    found
}
