//! The normalised contract: one OpenAPI 3.1 document without inheritance, whose unions are plain
//! tagged `oneOf`, so that any JSON Schema 2020-12 validator can check messages with it.
//!
//! Published documents of .NET services leave the variants of a union to be found through the
//! discriminator of a base class, and close base and child alike. A validator knows nothing of
//! discriminators, sees the base alone, and refuses every message.

mod bodies;
mod chaining;
mod dialect;
mod objects;
mod tags;
#[cfg(test)]
mod tests;
mod unions;

use serde_json::Value;

use crate::document::Document;
use crate::error::Error;
use crate::notes::Notes;
use crate::overrides::Overrides;
use crate::passes::normalise_schemas;
use crate::walk::each_schema;

/// The version that the document states.
const VERSION: &str = "3.1.1";

/// A normalised contract.
#[derive(Clone, Debug)]
pub struct Normalised {
    /// The OpenAPI 3.1 document. Every reference in it is local, and its keys are sorted.
    pub document: Value,
    /// What the contract says and the document does not.
    pub notes: Notes,
}

/// Writes a contract as one document that ordinary tools validate with.
///
/// A union is a `oneOf` of references to its variants, each of which fixes its tags and asks for them; only
/// the default tag may be absent or null. Beside a variant that is used on its own as well stands a component
/// with its tag. A variant has all members of its bases. Objects are open, listed values and limits stay, and members
/// that only the service sets are not asked of what a request may hold.
///
/// ```
/// use codegen::{Document, Overrides, normalised};
/// use serde_json::json;
///
/// let contract = json!({
///     "openapi": "3.1.1",
///     "components": { "schemas": {
///         "Shape": {
///             "type": "object",
///             "discriminator": { "propertyName": "kind", "mapping": { "disc": "#/components/schemas/Disc" } },
///         },
///         "Disc": { "allOf": [
///             { "$ref": "#/components/schemas/Shape" },
///             { "required": ["radius"], "properties": { "radius": { "type": ["number", "null"] } } },
///         ] },
///     } },
/// });
/// let made = normalised(Document::from_value("shapes.json", contract), "shapes", &Overrides::default())?;
/// let schemas = &made.document["components"]["schemas"];
/// assert_eq!(schemas["Shape"]["oneOf"], json!([{ "$ref": "#/components/schemas/Disc" }]));
/// assert_eq!(schemas["Disc"]["properties"]["kind"], json!({ "const": "disc" }));
/// # Ok::<(), codegen::Error>(())
/// ```
///
/// # Errors
///
/// Faults of the document, each with its file and pointer.
pub fn normalised(
    doc: Document,
    contract: &str,
    overrides: &Overrides,
) -> Result<Normalised, Error> {
    let mut doc = doc;
    overrides.of(contract).apply(&mut doc)?;
    // What the passes guess is the same for every use of a contract, and told where code is made.
    let mut doc = normalise_schemas(doc, &mut Notes::default())?;
    let mut notes = Notes::default();
    // What a request may hold is known while the branches of choices are variants.
    let uses = objects::run(&mut doc);
    each_schema(&mut doc, &mut |_, schema| dialect::untagged(schema));
    unions::run(&mut doc, &uses);
    let reference = chaining::component(&mut doc);
    each_schema(&mut doc, &mut |at, schema| {
        dialect::write(at, schema, &reference, &mut notes);
    });
    doc.each_operation_mut(|_, _, operation| {
        without_marks(operation);
        bodies::name_bytes(operation);
    });
    let mut document = doc.root;
    if let Value::Object(root) = &mut document {
        root.insert("openapi".to_owned(), VERSION.into());
    }
    document.sort_all_objects();
    Ok(Normalised { document, notes })
}

/// Drops our own extensions from an operation and its parameters.
fn without_marks(operation: &mut Value) {
    let drop = |value: &mut Value| {
        if let Value::Object(members) = value {
            members.retain(|key, _| !key.starts_with("x-"));
        }
    };
    drop(operation);
    let replies = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    replies
        .into_iter()
        .flat_map(|replies| replies.values_mut())
        .for_each(drop);
    let parameters = operation.get_mut("parameters");
    let parameters = parameters.and_then(Value::as_array_mut);
    parameters.into_iter().flatten().for_each(drop);
}
