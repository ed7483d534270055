//! Bodies of any media type, for tools that know none of that name.

use serde_json::{Value, json};

/// Any media type.
const ANY: &str = "*/*";
/// The one of them that says nothing of what it holds.
const BYTES: &str = "application/octet-stream";

/// Names a media type beside that of a request which takes any; what may be sent stays the same.
pub(super) fn name_bytes(operation: &mut Value) {
    let content = operation.pointer_mut("/requestBody/content");
    let Some(Value::Object(content)) = content else {
        return;
    };
    if content.contains_key(ANY) {
        content
            .entry(BYTES)
            .or_insert_with(|| json!({ "schema": { "type": "string", "format": "binary" } }));
    }
}
