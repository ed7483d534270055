//! Writes the unions of the normal form as plain tagged `oneOf`.

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::marks::DEFAULT_TAG;

pub(super) fn run(doc: &mut Document) {
    for schema in doc.schemas_mut().values_mut() {
        let Value::Object(schema) = schema else {
            continue;
        };
        if let Some(branches) = branches(schema) {
            schema.insert("oneOf".to_owned(), Value::Array(branches));
        }
    }
}

/// One branch for each tag. An absent tag, and one that is null, means the default; the other
/// branches ask for theirs, so that a message fits one branch at most.
fn branches(schema: &Map<String, Value>) -> Option<Vec<Value>> {
    let discriminator = schema.get("discriminator")?;
    let tag = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping")?.as_object()?;
    let default = schema.get(DEFAULT_TAG).and_then(Value::as_str);
    let branches = mapping.iter().map(|(value, target)| {
        let fixed = if default == Some(value) {
            json!({ "properties": { tag: { "enum": [value, null] } } })
        } else {
            json!({ "properties": { tag: { "const": value } }, "required": [tag] })
        };
        json!({ "allOf": [{ "$ref": target }, fixed] })
    });
    Some(branches.collect())
}
