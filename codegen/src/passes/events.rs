//! Makes components of what the service sends by itself, webhooks and callbacks, so that they become
//! types like any other; and gives items of streams (OpenAPI 3.2) the place of a schema.

use serde_json::{Map, Value, json};

use crate::document::{Document, METHODS, operation_pointer, referred, schema_reference};
use crate::error::Error;
use crate::marks::EVENTS;
use crate::media::is_json;
use crate::names::{NameScope, pascal};
use crate::notes::Notes;
use crate::pointer::Pointer;

/// Longest chain of references from one part to another.
const DEPTH: usize = 64;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let root = doc.root.clone();
    let names: Vec<&str> = root
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|schemas| schemas.keys().map(String::as_str))
        .collect();
    let mut found = Found {
        root: &root,
        scope: NameScope::with_reserved(names),
        events: Vec::new(),
        schemas: Map::new(),
        notes,
    };
    let webhooks = root.get("webhooks").and_then(Value::as_object);
    for (name, item) in webhooks.into_iter().flatten() {
        let at = Pointer::root().child("webhooks").child(name);
        found.item(name, &at, item);
    }
    for (path, method, operation) in doc.operations() {
        let at = operation_pointer(path, method).child("callbacks");
        let callbacks = operation.get("callbacks").and_then(Value::as_object);
        let id = operation.get("operationId").and_then(Value::as_str);
        for (name, callback) in callbacks.into_iter().flatten() {
            let callback = found.resolved(callback).as_object();
            for (address, item) in callback.into_iter().flatten() {
                let at = at.child(name).child(address);
                found.item(&format!("{} {name}", id.unwrap_or_default()), &at, item);
            }
        }
    }
    let Found {
        events, schemas, ..
    } = found;
    doc.schemas_mut().extend(schemas);
    if let (false, Value::Object(root)) = (events.is_empty(), &mut doc.root) {
        root.insert(EVENTS.to_owned(), Value::Array(events));
    }
    for pointer in [
        "/paths",
        "/components/responses",
        "/components/requestBodies",
    ] {
        if let Some(part) = doc.root.pointer_mut(pointer) {
            items_of_streams(part);
        }
    }
    Ok(())
}

struct Found<'a> {
    root: &'a Value,
    scope: NameScope,
    events: Vec<Value>,
    schemas: Map<String, Value>,
    notes: &'a mut Notes,
}

impl<'a> Found<'a> {
    /// Takes every request that a path item describes.
    fn item(&mut self, name: &str, at: &Pointer, item: &'a Value) {
        let item = self.resolved(item);
        let methods: Vec<&str> = METHODS
            .into_iter()
            .filter(|method| item.get(*method).is_some())
            .collect();
        for method in &methods {
            let name = if methods.len() > 1 {
                format!("{name} {method}")
            } else {
                name.to_owned()
            };
            self.request(&name, &at.child(method), &item[*method]);
        }
    }

    fn request(&mut self, name: &str, at: &Pointer, operation: &'a Value) {
        let body = operation.get("requestBody").map(|body| self.resolved(body));
        let content = body.and_then(|body| body.get("content")?.as_object());
        let json = content
            .into_iter()
            .flatten()
            .find(|(media, _)| is_json(media) || media.as_str() == "*/*");
        let Some((_, media)) = json else {
            let what = "a request of the service without a body of JSON has no type";
            self.notes.loss("events", at.clone(), what);
            return;
        };
        let schema = media.get("schema").cloned().unwrap_or_else(|| json!({}));
        let component = match referred(&schema) {
            Some(component) => component,
            None => {
                let component = self.scope.claim(&format!("{}Event", pascal(name)));
                self.schemas.insert(component.clone(), schema);
                component
            }
        };
        let text = |key: &str| operation.get(key).and_then(Value::as_str);
        let about = text("summary").or(text("description")).unwrap_or_default();
        self.events.push(json!({
            "name": name,
            "at": at.as_str(),
            "schema": { "$ref": schema_reference(&component) },
            "description": about,
        }));
    }

    /// What a part of the document stands for.
    fn resolved(&self, part: &'a Value) -> &'a Value {
        let mut part = part;
        for _ in 0..DEPTH {
            let reference = part.get("$ref").and_then(Value::as_str);
            let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
            match pointer.and_then(|pointer| self.root.pointer(pointer)) {
                Some(target) => part = target,
                None => return part,
            }
        }
        part
    }
}

/// `itemSchema` becomes `schema`; the data of an event is what counts of it.
fn items_of_streams(part: &mut Value) {
    match part {
        Value::Object(object) => {
            if let Some(Value::Object(content)) = object.get_mut("content") {
                for media in content.values_mut().filter_map(Value::as_object_mut) {
                    if let Some(item) = media.remove("itemSchema") {
                        let data = item.pointer("/properties/data/contentSchema").cloned();
                        media.entry("schema").or_insert(data.unwrap_or(item));
                    }
                }
            }
            object.values_mut().for_each(items_of_streams);
        }
        Value::Array(list) => list.iter_mut().for_each(items_of_streams),
        _ => {}
    }
}
