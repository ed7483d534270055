//! Takes members that the service fills in out of `required`.
//!
//! Documents list members as required that have a default, because the service's own type always has
//! them; its clients leave them out. What has no default and may be left out all the same is named in
//! `overrides.toml`, which marks it.

use serde_json::{Value, json};

use crate::document::Document;
use crate::error::Error;
use crate::marks::OPTIONAL;
use crate::notes::Notes;
use crate::walk::each_schema;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    each_schema(doc, &mut |at, schema| {
        let Value::Object(schema) = schema else {
            return;
        };
        let properties = schema.get("properties").cloned().unwrap_or_default();
        let Some(Value::Array(required)) = schema.get_mut("required") else {
            return;
        };
        required.retain(|name| {
            let property = name.as_str().and_then(|name| properties.get(name));
            let has_default = property.is_some_and(|property| {
                property
                    .get("default")
                    .is_some_and(|value| !value.is_null())
                    || property.get(OPTIONAL) == Some(&json!(true))
            });
            if has_default {
                let at = at
                    .child("properties")
                    .child(name.as_str().unwrap_or_default());
                notes.conversion(
                    "defaults",
                    at,
                    "is listed as required; the service fills it in",
                );
            }
            !has_default
        });
        if required.is_empty() {
            schema.remove("required");
        }
    });
    Ok(())
}
