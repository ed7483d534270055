//! From the model to the document that the backend can take: OpenAPI 3.0, every type known by its name
//! alone, since types are made here and methods there.

use serde_json::{Map, Value, json};

use crate::document::schema_reference;
use crate::model::{Content, Message, Model, Operation, Parameter, Ty};

/// Writes the document. `name` says what the backend is to call a schema.
pub(crate) fn lower(model: &Model, name: &dyn Fn(&str) -> String) -> Value {
    let lowering = Lowering { name };
    let mut paths: Map<String, Value> = Map::new();
    for operation in model.operations.iter().filter(|one| !one.hand_written) {
        let item = paths.entry(&operation.path).or_insert_with(|| json!({}));
        item[operation.method] = lowering.operation(operation);
    }
    let names = model.types.keys().map(|schema| name(schema));
    let schemas: Map<String, Value> = names
        .map(|name| (name, json!({ "type": "object" })))
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": { "title": model.title, "version": model.version },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

struct Lowering<'a> {
    name: &'a dyn Fn(&str) -> String,
}

impl Lowering<'_> {
    fn operation(&self, operation: &Operation) -> Value {
        let parameters = operation.parameters.iter();
        let parameters: Vec<Value> = parameters.map(|one| self.parameter(one)).collect();
        let mut lowered = json!({ "operationId": operation.rust, "parameters": parameters });
        if let Some(body) = &operation.body {
            lowered["requestBody"] = json!({ "required": true, "content": self.message(body) });
        }
        let replies = operation.replies.iter().map(|(status, reply)| {
            let mut lowered = json!({ "description": "" });
            if !reply.is_empty() {
                lowered["content"] = self.message(reply);
            }
            (status.clone(), lowered)
        });
        lowered["responses"] = Value::Object(replies.collect());
        lowered
    }

    fn parameter(&self, parameter: &Parameter) -> Value {
        json!({
            "name": parameter.name,
            "in": parameter.place.spelled(),
            "required": parameter.required,
            "schema": self.content(&parameter.content),
        })
    }

    fn message(&self, message: &Message) -> Value {
        let media = message.iter();
        let media = media
            .map(|(media, content)| (media.clone(), json!({ "schema": self.content(content) })));
        Value::Object(media.collect())
    }

    fn content(&self, content: &Content) -> Value {
        let inner = |inner: &Content| {
            let mut lowered = self.content(inner);
            match &mut lowered {
                _ if !inner.nullable || inner.ty == Ty::Any => {}
                Value::Object(object) if object.contains_key("$ref") => {
                    lowered = json!({ "nullable": true, "allOf": [lowered] });
                }
                lowered => lowered["nullable"] = true.into(),
            }
            lowered
        };
        match &content.ty {
            Ty::Any => json!({}),
            Ty::Bool => json!({ "type": "boolean" }),
            Ty::Int(format) => json!({ "type": "integer", "format": format }),
            Ty::Number => json!({ "type": "number" }),
            Ty::Text(format) => match format.as_deref() {
                Some(format @ ("date-time" | "binary")) => {
                    json!({ "type": "string", "format": format })
                }
                _ => json!({ "type": "string" }),
            },
            Ty::List(item) => json!({ "type": "array", "items": inner(item) }),
            Ty::Map(entry) => json!({ "type": "object", "additionalProperties": inner(entry) }),
            Ty::Named(name) => json!({ "$ref": schema_reference(&(self.name)(name)) }),
        }
    }
}
