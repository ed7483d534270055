//! Lowers operations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Lowering, docs, features};
use crate::document::operation_pointer;
use crate::names::{NameScope, snake};
use crate::notes::Notes;
use crate::passes::CONTENT_TYPE;
use crate::plan::{Gate, OperationPlan};

/// On an operation that no generated method can express, so that one is written by hand.
const HAND_WRITTEN: &str = "x-hand-written";

/// Methods that every generated client has.
const RESERVED: [&str; 3] = ["builder", "http", "new"];

impl Lowering<'_> {
    /// The lowered paths, and what is known of each method beyond them.
    pub(super) fn operations(
        &self,
        areas: &BTreeMap<String, String>,
        gates: &BTreeMap<String, Gate>,
        notes: &mut Notes,
    ) -> (Value, BTreeMap<String, OperationPlan>) {
        let mut scope = NameScope::with_reserved(RESERVED);
        let mut plans = BTreeMap::new();
        let mut paths: Map<String, Value> = Map::new();
        for (path, method, operation) in self.doc.operations() {
            let wanted = snake(
                operation
                    .get("operationId")
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            );
            let name = scope.claim(&wanted);
            let at = operation_pointer(path, method);
            if operation.get(HAND_WRITTEN) == Some(&json!(true)) {
                // Its name is taken all the same.
                notes.push("operations", at, format!("`{name}` is written by hand"));
                continue;
            }
            if name != wanted {
                notes.push(
                    "names",
                    at,
                    format!("the method is called `{name}`, since `{wanted}` is taken"),
                );
            }
            let gates = features::operation(operation, areas, gates);
            let plan = OperationPlan {
                area: area(path, operation, &gates),
                gates,
                content_type: operation
                    .get(CONTENT_TYPE)
                    .and_then(Value::as_str)
                    .map(str::to_owned),
                docs: docs::operation_docs(path, method, operation),
            };
            let lowered = self.operation(&name, operation);
            plans.insert(name, plan);
            let item = paths.entry(path).or_insert_with(|| json!({}));
            item[method] = lowered;
        }
        (Value::Object(paths), plans)
    }

    fn operation(&self, name: &str, operation: &Value) -> Value {
        let parameters: Vec<Value> = operation
            .get("parameters")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |list| {
                list.iter()
                    .map(|parameter| self.parameter(parameter))
                    .collect()
            });
        let mut lowered = json!({ "operationId": name, "parameters": parameters });
        if let Some(body) = operation.get("requestBody") {
            lowered["requestBody"] = json!({ "required": true, "content": self.content(body) });
        }
        let replies = operation.get("responses").and_then(Value::as_object);
        let replies = replies.into_iter().flatten().map(|(status, reply)| {
            let mut lowered = json!({ "description": "" });
            if reply.get("content").is_some() {
                lowered["content"] = self.content(reply);
            }
            (status.clone(), lowered)
        });
        lowered["responses"] = Value::Object(replies.collect());
        lowered
    }

    fn parameter(&self, parameter: &Value) -> Value {
        let schema = parameter
            .get("schema")
            .map_or_else(|| json!({ "type": "string" }), |schema| self.schema(schema));
        json!({
            "name": parameter.get("name"),
            "in": parameter.get("in"),
            "required": parameter.get("required") == Some(&json!(true)),
            "schema": schema,
        })
    }

    fn content(&self, message: &Value) -> Value {
        let content = message.get("content").and_then(Value::as_object);
        let lowered = content.into_iter().flatten().map(|(media, value)| {
            let schema = value
                .get("schema")
                .map_or_else(|| json!({}), |schema| self.schema(schema));
            (media.clone(), json!({ "schema": schema }))
        });
        Value::Object(lowered.collect())
    }
}

/// The module of an operation: its first tag, or the first word of its path that says something;
/// and the features that it needs.
fn area(path: &str, operation: &Value, gates: &BTreeSet<Gate>) -> String {
    let tag = operation.pointer("/tags/0").and_then(Value::as_str);
    let word = path
        .split('/')
        .find(|part| !part.is_empty() && !part.starts_with('{'));
    let mut words = vec![snake(tag.or(word).unwrap_or("root"))];
    for gate in gates {
        if let Gate::Any(features) = gate {
            words.extend(features.iter().map(|feature| snake(feature)));
        }
    }
    words.dedup();
    words.join("_")
}
