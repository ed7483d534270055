//! From the model to the document that the backend can take: OpenAPI 3.0, every type known by its name
//! alone, since types are made here and methods there.

use serde_json::{Map, Value, json};

use crate::document::schema_reference;
use crate::model::{BodyKind, Content, Method, Model, Operation, Parameter, Place, ReplyKind, Ty};

/// What the backend is to call things.
pub(crate) trait Naming {
    /// The name of a schema.
    fn schema(&self, schema: &str) -> String;

    /// The name of an operation, the one at this place of the model, whose method is this.
    fn operation(&self, index: usize, method: &Method) -> String;

    /// The name of a parameter at a place of an operation.
    fn parameter(&self, operation: usize, made: &Operation, index: usize) -> String;
}

/// Writes the document of the operations that have a way of this number to send their bodies, each
/// under the name of its first method that sends it so.
pub(crate) fn lower(model: &Model, body: usize, names: &dyn Naming) -> Value {
    let lowering = Lowering { names };
    let mut paths: Map<String, Value> = Map::new();
    for (index, operation) in model.operations.iter().enumerate() {
        let method = operation.methods.iter().find(|one| one.body == body);
        if let Some(method) = method.filter(|_| !operation.hand_written) {
            let path = lowering.path(index, operation);
            let item = paths.entry(path).or_insert_with(|| json!({}));
            item[operation.method] = lowering.operation(index, operation, method);
        }
    }
    let names = model.types.keys().map(|schema| names.schema(schema));
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
    names: &'a dyn Naming,
}

impl Lowering<'_> {
    /// The path, its placeholders by the names of their parameters. A parameter of another place may
    /// have the name of one in the path.
    fn path(&self, index: usize, operation: &Operation) -> String {
        let name = |placeholder: &str| {
            let mut parameters = operation.parameters.iter();
            let at = parameters.position(|one| one.is_in_path() && one.name == placeholder)?;
            Some(self.names.parameter(index, operation, at))
        };
        let mut parts = operation.path.split('{');
        let mut path = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            path.push('{');
            let named = part
                .split_once('}')
                .and_then(|(placeholder, rest)| Some((name(placeholder)?, rest)));
            match named {
                Some((name, rest)) => path.push_str(&format!("{name}}}{rest}")),
                None => path.push_str(part),
            }
        }
        path
    }

    fn operation(&self, index: usize, operation: &Operation, method: &Method) -> Value {
        let parameters = operation.parameters.iter().enumerate();
        let name = |at: usize| self.names.parameter(index, operation, at);
        let parameters: Vec<Value> = parameters
            .map(|(at, one)| self.parameter(&name(at), one))
            .collect();
        let id = self.names.operation(index, method);
        let mut lowered = json!({ "operationId": id, "parameters": parameters });
        if let Some(body) = operation.bodies.get(method.body) {
            let content = match body.kind {
                BodyKind::Json | BodyKind::Form => self.json(&body.content),
                BodyKind::Text => json!({ "text/plain": { "schema": { "type": "string" } } }),
                BodyKind::Multipart | BodyKind::Bytes => bytes(),
            };
            lowered["requestBody"] = json!({ "required": true, "content": content });
        }
        let mut reply = json!({ "description": "" });
        match operation.replies.first() {
            Some(read) if read.kind == ReplyKind::Json => {
                reply["content"] = self.json(&read.content);
            }
            Some(_) => reply["content"] = bytes(),
            None => {}
        }
        let replies = operation.statuses.iter();
        let replies = replies.map(|status| (status.clone(), reply.clone()));
        lowered["responses"] = Value::Object(replies.collect());
        lowered
    }

    fn json(&self, content: &Content) -> Value {
        json!({ "application/json": { "schema": self.content(content) } })
    }

    /// A parameter with the type of its argument. Where and how it is sent is only the backend's to
    /// say where nothing else is asked for.
    fn parameter(&self, name: &str, parameter: &Parameter) -> Value {
        let place = match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header | Place::Cookie => "header",
        };
        let mut schema = self.content(&parameter.content);
        if schema["format"] == "binary" {
            schema = json!({ "type": "string" });
        }
        json!({
            "name": name,
            "in": place,
            "required": parameter.required,
            "schema": schema,
        })
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
            Ty::Named(name) => json!({ "$ref": schema_reference(&self.names.schema(name)) }),
        }
    }
}

fn bytes() -> Value {
    json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } })
}
