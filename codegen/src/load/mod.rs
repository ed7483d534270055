//! From files to one bundled document.

mod bundle;
mod files;
mod names;
mod parse;

use std::path::Path;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::document::{Document, as_object_mut, member_mut};
use crate::error::Error;
use crate::pointer::Pointer;
use crate::waiters::MEMBER;

/// Reads an OpenAPI 3.0, 3.1 or 3.2 document and every file it refers to.
///
/// YAML and JSON are told apart by the file's ending. A schema in another file becomes a component
/// named after the last segment of the reference,
/// and after more of it where another has that name.
///
/// # Errors
///
/// A file that cannot be read or parsed, no OpenAPI 3, or a reference that leads nowhere.
pub fn load(path: &Path) -> Result<Document, Error> {
    let root = parse::read(path)?;
    let odd = version(&root.value).map_err(|what| Error::file(root.name.as_str(), what))?;
    let mut doc = bundle::bundle(root)?;
    let at = Pointer::root().child("openapi");
    match odd {
        Some(Odd::Fault(what)) => doc.faults.push((at, what)),
        Some(Odd::Newer(what)) => doc.guesses.push((at, what)),
        None => {}
    }
    Ok(doc)
}

/// Adds waiters from a file of their own, which stands beside a document that belongs to somebody else.
///
/// # Errors
///
/// A file that cannot be read or parsed, or a waiter whose name is taken.
pub fn load_waiters(doc: &mut Document, path: &Path) -> Result<(), Error> {
    let source = parse::read(path)?;
    let Value::Object(waiters) = source.value else {
        let what = "waiters are an object: name and waiter";
        return Err(Error::file(source.name, what));
    };
    let root = Pointer::root().child(MEMBER);
    for (name, waiter) in waiters {
        let held = member_mut(as_object_mut(&mut doc.root), MEMBER);
        if held.insert(name.clone(), waiter).is_some() {
            let what = "the contract has a waiter of this name already";
            return Err(Error::new(source.name, Pointer::root().child(&name), what));
        }
        let origin = (source.name.clone(), Pointer::root().child(&name));
        doc.origins.insert(root.child(&name), origin);
    }
    let bytes = std::fs::read(path).unwrap_or_default();
    let both = [doc.digest.as_bytes(), &bytes].concat();
    doc.digest = Sha256::digest(both)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(())
}

/// What is odd about a document's version.
enum Odd {
    /// It breaks a rule.
    Fault(String),
    /// It is newer than what is known.
    Newer(String),
}

/// Says why a document is not one of those this crate takes, or what is odd about its version.
fn version(root: &Value) -> Result<Option<Odd>, String> {
    if !root.is_object() {
        return Err("not an OpenAPI document: the top level is no object".to_owned());
    }
    if root.get("swagger").is_some() {
        return Err("Swagger 2.0 is not taken; convert the document to OpenAPI 3 first".to_owned());
    }
    if !matches!(root.get("paths"), None | Some(Value::Object(_))) {
        return Err("not an OpenAPI document: `paths` is no object".to_owned());
    }
    let (version, mut odd) = match root.get("openapi") {
        Some(Value::String(version)) => (version.clone(), None),
        // YAML reads `3.1` as a number.
        Some(Value::Number(number)) => {
            let what = format!("the version must be text: write '{number}.0'");
            (number.to_string(), Some(Odd::Fault(what)))
        }
        Some(_) => return Err("not an OpenAPI document: `openapi` is no version".to_owned()),
        None => {
            let what = "not an OpenAPI document: the member `openapi` is missing";
            return Err(what.to_owned());
        }
    };
    if version.starts_with("3.2") {
        let what = "OpenAPI 3.2 is read as 3.1; what only 3.2 has is passed over, and told where it stands";
        odd = Some(Odd::Newer(what.to_owned()));
    } else if !version.starts_with("3.0") && !version.starts_with("3.1") {
        return Err(format!(
            "OpenAPI {version} is not taken; 3.0, 3.1 and 3.2 are"
        ));
    }
    Ok(odd)
}

/// Makes the error for a reference that leads nowhere.
fn dangling(file: &str, at: Pointer, reference: &str) -> Error {
    Error::new(
        file,
        at,
        format!("the reference `{reference}` leads nowhere"),
    )
}
