//! Operations, their parameters and their media types, against those of the model.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Auditor;
use crate::document::operation_pointer;
use crate::media::is_json;
use crate::model::{Content, Operation};
use crate::pointer::Pointer;

/// Everything that can be asked of a path.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "head", "patch", "options", "trace",
];
/// Headers that OpenAPI says to ignore where they are declared as parameters.
const IGNORED: [&str; 3] = ["accept", "authorization", "content-type"];

impl<'a> Auditor<'a> {
    pub(super) fn operations(&mut self) {
        let doc = self.doc;
        let paths = doc.root.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    self.operation(path, method, item, operation);
                }
            }
        }
        let webhooks = doc.root.get("webhooks").and_then(Value::as_object);
        for (name, item) in webhooks.into_iter().flatten() {
            let at = Pointer::root().child("webhooks").child(name);
            self.incoming(&at, item);
        }
    }

    fn operation(&mut self, path: &str, method: &str, item: &'a Value, operation: &'a Value) {
        let at = operation_pointer(path, method);
        self.found.operations.declared += 1;
        let model = self.model;
        let mut operations = model.operations.iter();
        let Some(made) = operations.find(|one| one.path == path && one.method == method) else {
            return self.miss(&at, "", || "the operation has no method".to_owned());
        };
        self.found.operations.held += 1;
        let callbacks = operation.get("callbacks").and_then(Value::as_object);
        for (name, callback) in callbacks.into_iter().flatten() {
            for (address, item) in callback.as_object().into_iter().flatten() {
                let at = at.child("callbacks").child(name).child(address);
                self.incoming(&at, item);
            }
        }
        self.parameters(&at, made, item, operation);
        if let Some(body) = operation.get("requestBody") {
            let held = made.bodies.iter();
            let held: Vec<_> = held.map(|one| (one.media.as_str(), &one.content)).collect();
            self.message(&at.child("requestBody"), body, &held);
        }
        let replies = operation.get("responses").and_then(Value::as_object);
        let held = made.replies.iter();
        let held: Vec<_> = held.map(|one| (one.media.as_str(), &one.content)).collect();
        for (status, reply) in replies.into_iter().flatten() {
            if status.starts_with('2') {
                self.message(&at.child("responses").child(status), reply, &held);
            }
        }
    }

    /// What a service sends by itself.
    fn incoming(&mut self, at: &Pointer, item: &Value) {
        for method in METHODS.iter().filter(|method| item.get(**method).is_some()) {
            self.found.operations.declared += 1;
            let at = at.child(method);
            if self
                .model
                .events
                .iter()
                .any(|event| event.at == at.as_str())
            {
                self.found.operations.held += 1;
                continue;
            }
            self.miss(&at, "", || "what the service sends has no type".to_owned());
        }
    }

    fn parameters(
        &mut self,
        at: &Pointer,
        made: &'a Operation,
        item: &'a Value,
        operation: &'a Value,
    ) {
        let of = |value: &'a Value| value.get("parameters").and_then(Value::as_array);
        let own = of(operation).into_iter().flatten().enumerate();
        let own = own.map(|(index, one)| (at.child("parameters").index(index), one));
        let shared = of(item).into_iter().flatten();
        let shared = shared.map(|one| (at.child("parameters"), one));
        let mut left: Vec<_> = made.parameters.iter().collect();
        let mut seen = BTreeSet::new();
        for (at, parameter) in own.chain(shared) {
            let word = |key: &str| {
                parameter
                    .get(key)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let (name, place) = (word("name"), word("in"));
            let ignored = place == "header" && IGNORED.contains(&name.to_lowercase().as_str());
            if ignored || !seen.insert((name, place)) {
                continue;
            }
            self.found.parameters.declared += 1;
            let Some(index) = left.iter().position(|one| one.name == name) else {
                self.miss(&at, "", || {
                    format!("the parameter `{name}` has no argument")
                });
                continue;
            };
            self.found.parameters.held += 1;
            let made = left.remove(index);
            if let Some(schema) = parameter.get("schema") {
                self.compare(&at.child("schema"), schema, &made.content, "");
            }
        }
    }

    fn message(&mut self, at: &Pointer, message: &'a Value, held: &[(&'a str, &'a Content)]) {
        let content = message.get("content").and_then(Value::as_object);
        let (mut counted, mut compared) = (false, false);
        for (media, value) in content.into_iter().flatten() {
            // The same JSON under several names is one.
            if is_json(media) && std::mem::replace(&mut counted, true) {
                continue;
            }
            self.found.media_types.declared += 1;
            let same = |held: &str| held == media || (is_json(held) && is_json(media));
            let content = held.iter().find(|(held, _)| same(held));
            let at = at.child("content").child(media);
            let Some(content) = content else {
                self.miss(&at, "", || format!("`{media}` cannot be had"));
                continue;
            };
            self.found.media_types.held += 1;
            if let Some(schema) = value.get("schema").filter(|_| is_json(media) && !compared) {
                compared = true;
                self.compare(&at.child("schema"), schema, content.1, "");
            }
        }
    }
}
