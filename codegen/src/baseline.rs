//! What plain progenitor makes of a contract, as the measure of what is made here.
//!
//! The document is the same normal form, written as OpenAPI 3.0 with everything that version can
//! say: limits, defaults, closed enums, and unions as bare `oneOf`, which become untagged enums
//! whose variants are told apart by tags that are enums of one value. Operations are lowered as for
//! our own code, since progenitor panics where one has several types of reply. It runs with its
//! default settings and replaces nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::{Document, referred, schema_reference};
use crate::error::Error;
use crate::model::{Kind, Method, Model, Operation, Renames};
use crate::names::snake;
use crate::notes::Notes;
use crate::overrides::Overrides;
use crate::pointer::Pointer;
use crate::{backend, lower, normalise, preconditions, walk};

/// Generates the one file that plain progenitor makes of a contract.
///
/// # Errors
///
/// As [`crate::generate`], and whatever progenitor refuses.
pub fn baseline(doc: Document, contract: &str, overrides: &Overrides) -> Result<String, Error> {
    let mut doc = doc;
    let mut notes = Notes::default();
    let overrides = overrides.of(contract);
    overrides.apply(&mut doc)?;
    let doc = normalise(doc, &mut notes)?;
    let model = Model::of(&doc, &[], &Renames::new(&overrides.renames), &mut notes);
    let mut lowered = lower::lower(&model, 0, &Own(&model));
    preconditions::check(&lowered, &doc.file)?;
    let types = model.types.iter();
    let names: BTreeMap<&str, &str> = types
        .map(|(schema, found)| (schema.as_str(), found.rust.as_str()))
        .collect();
    let mut schemas = Map::new();
    for (name, found) in &model.types {
        // Aliases stand where they are used.
        if !matches!(found.kind, Kind::Alias(_))
            && let Some(schema) = doc.schema(name)
        {
            schemas.insert(found.rust.clone(), plain(schema.clone(), &names));
        }
    }
    lowered["components"]["schemas"] = Value::Object(schemas);
    let file = backend::plain(&lowered, &doc.file)?;
    Ok(prettyplease::unparse(&file))
}

/// The names that things have anyway.
struct Own<'a>(&'a Model);

impl lower::Naming for Own<'_> {
    fn schema(&self, schema: &str) -> String {
        self.0.rust(schema).to_owned()
    }

    fn operation(&self, _: usize, method: &Method) -> String {
        method.rust.clone()
    }

    fn parameter(&self, _: usize, made: &Operation, index: usize) -> String {
        made.parameters[index].name.clone()
    }
}

/// Writes a schema of the normal form as OpenAPI 3.0, its references by their Rust names.
fn plain(mut schema: Value, names: &BTreeMap<&str, &str>) -> Value {
    walk::below(&Pointer::root(), &mut schema, &mut |_, inner| {
        let target = referred(inner);
        let Value::Object(members) = inner else {
            return;
        };
        members.retain(|key, _| key != "discriminator" && !key.starts_with("x-"));
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            // Two members that would be one field make code that does not compile; one is kept.
            let mut fields = BTreeSet::new();
            properties.retain(|name, _| fields.insert(snake(name)));
        }
        let Some(target) = target else { return };
        let target = names.get(target.as_str()).copied().unwrap_or(&target);
        let reference = json!({ "$ref": schema_reference(target) });
        members.remove("$ref");
        if members.is_empty() {
            *inner = reference;
        } else {
            // OpenAPI 3.0 ignores what stands beside a reference.
            members.insert("allOf".to_owned(), json!([reference]));
        }
    });
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_progenitor_gets_what_openapi_3_0_can_say() {
        let doc = json!({
            "openapi": "3.1.0",
            "info": { "title": "Shapes", "version": "1" },
            "paths": { "/shape": { "get": {
                "operationId": "getShape",
                "responses": { "200": { "description": "", "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/shape" },
                } } } },
            } } },
            "components": { "schemas": {
                "shape": {
                    "type": "object",
                    "properties": { "kind": { "type": "string" } },
                    "discriminator": { "propertyName": "kind", "mapping": {
                        "circle": "#/components/schemas/circle",
                        "square": "#/components/schemas/square",
                    } },
                },
                "circle": {
                    "allOf": [{ "$ref": "#/components/schemas/shape" }],
                    "properties": {
                        "kind": { "type": "string", "const": "circle" },
                        "colour": { "$ref": "#/components/schemas/colour", "description": "Its line." },
                        "label": { "type": ["string", "null"], "maxLength": 8 },
                    },
                },
                "square": {
                    "allOf": [{ "$ref": "#/components/schemas/shape" }],
                    "properties": { "kind": { "type": "string", "const": "square" } },
                },
                "colour": { "type": "string", "enum": ["red", "blue"] },
            } },
        });
        let doc = Document::from_value("shapes.json", doc);
        let text = baseline(doc, "shapes", &Overrides::default()).expect("it is generated");
        let said = [
            // A union is tried, an enum is closed, a limit is a type, a reference stays one.
            "#[serde(untagged)]",
            "pub enum Colour {",
            "longer than 8 characters",
            "pub colour: ::std::option::Option<Colour>",
            "pub async fn get_shape",
        ];
        for said in said {
            assert!(text.contains(said), "`{said}` is not in\n{text}");
        }
    }
}
