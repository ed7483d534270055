//! The component that stands for a reference in place of a value of a step's input.

use serde_json::{Value, json};

use crate::document::Document;
use crate::marks::REFERABLE;
use crate::names::NameScope;
use crate::walk::each_schema;

/// Adds the component where a member may hold a reference, and returns its name.
pub(super) fn component(doc: &mut Document) -> String {
    let mut referable = false;
    each_schema(doc, &mut |_, schema| {
        referable |= schema.get(REFERABLE) == Some(&Value::Bool(true));
    });
    let names: Vec<String> = doc.schemas().map(|(name, _)| name.clone()).collect();
    let mut scope = NameScope::with_reserved(names.iter().map(String::as_str));
    let name = scope.claim("Reference");
    if referable {
        doc.schemas_mut().insert(name.clone(), schema());
    }
    name
}

fn schema() -> Value {
    json!({
        "description": "Where a value is found when a step starts.",
        "type": "object",
        "required": ["$ref"],
        "properties": {
            "$ref": {
                "description": "A step by its name, a step without one by its place (`$0`), `$arguments`, \
                    or the name that a repeat step gives its item.",
                "type": "string",
            },
            "path": {
                "description": "The way to the value within its source, such as `output.images[0].url`.",
                "type": "string",
            },
        },
    })
}
