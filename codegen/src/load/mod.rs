//! From files to one bundled document.

mod bundle;
mod files;
mod parse;

use std::path::Path;

use serde_json::Value;

use crate::document::Document;
use crate::error::Error;
use crate::pointer::Pointer;

/// Reads an OpenAPI 3.0 or 3.1 document and every file it refers to.
///
/// YAML and JSON are told apart by the file's ending. A schema in another file becomes a component
/// named after the last segment of the reference.
///
/// # Errors
///
/// A file that cannot be read or parsed, no OpenAPI 3.0 or 3.1, a reference that leads nowhere, or
/// two schemas of one name in different files.
pub fn load(path: &Path) -> Result<Document, Error> {
    let root = parse::read(path)?;
    version(&root.value).map_err(|what| Error::file(root.name.as_str(), what))?;
    bundle::bundle(root)
}

/// Says why a document is not one of those this crate takes.
fn version(root: &Value) -> Result<(), String> {
    if !root.is_object() {
        return Err("not an OpenAPI document: the top level is no object".to_owned());
    }
    if root.get("swagger").is_some() {
        return Err("Swagger 2.0 is not taken; convert the document to OpenAPI 3 first".to_owned());
    }
    match root.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0") || version.starts_with("3.1") => Ok(()),
        Some(version) => Err(format!("OpenAPI {version} is not taken; 3.0 and 3.1 are")),
        None => Err("not an OpenAPI document: the member `openapi` is missing".to_owned()),
    }?;
    match root.get("paths") {
        None | Some(Value::Object(_)) => Ok(()),
        Some(_) => Err("not an OpenAPI document: `paths` is no object".to_owned()),
    }
}

/// Makes the error for a reference that leads nowhere.
fn dangling(file: &str, at: Pointer, reference: &str) -> Error {
    Error::new(
        file,
        at,
        format!("the reference `{reference}` leads nowhere"),
    )
}
