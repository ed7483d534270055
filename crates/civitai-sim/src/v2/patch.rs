//! JSON patches within bounds: a copy of a value into itself doubles it each time.

use json_patch::jsonptr::Pointer;
use json_patch::{Patch, PatchOperation};
use serde_json::{Map, Value};

use crate::core::problem::Problem;

/// What a document may grow to, in bytes of JSON or so.
const LARGEST: usize = 1 << 20;
/// How deep it may nest: as deep as `serde_json` reads.
const DEEPEST: usize = 128;

/// A document after a JSON patch, which must leave an object without members of its own.
///
/// # Errors
///
/// Fails for what is no patch, for one that cannot be applied, and for one that makes more of the document
/// than is kept.
pub(super) fn patched(document: &Value, changes: &Value) -> Result<Map<String, Value>, Problem> {
    let refused =
        |what: String| Problem::field("$", format!("The patch cannot be applied: {what}."));
    let patch: Patch =
        serde_json::from_value(changes.clone()).map_err(|error| refused(error.to_string()))?;
    let mut patched = document.clone();
    let mut size = measure(document).size;
    for operation in &patch.0 {
        let (path, new) = written(&patched, operation);
        let new = new.map_or(Measure::default(), measure);
        size += new.size;
        if size > LARGEST {
            return Err(refused(format!("it makes more than {LARGEST} bytes")));
        }
        if path.count() + new.depth > DEEPEST {
            return Err(refused(format!("it nests deeper than {DEEPEST} levels")));
        }
        json_patch::patch(&mut patched, std::slice::from_ref(operation))
            .map_err(|error| refused(error.to_string()))?;
    }
    let Value::Object(patched) = patched else {
        return Err(refused("it leaves no object".to_owned()));
    };
    if patched.keys().any(|name| document.get(name).is_none()) {
        return Err(refused(
            "it writes a member that cannot be changed".to_owned(),
        ));
    }
    Ok(patched)
}

/// Where an operation writes, and the value that is there once more afterwards.
fn written<'a>(
    document: &'a Value,
    operation: &'a PatchOperation,
) -> (&'a Pointer, Option<&'a Value>) {
    match operation {
        PatchOperation::Add(add) => (&add.path, Some(&add.value)),
        PatchOperation::Replace(replace) => (&replace.path, Some(&replace.value)),
        PatchOperation::Copy(copy) => (&copy.path, document.pointer(copy.from.as_str())),
        PatchOperation::Move(moved) => (&moved.path, document.pointer(moved.from.as_str())),
        PatchOperation::Remove(remove) => (&remove.path, None),
        PatchOperation::Test(test) => (&test.path, None),
    }
}

#[derive(Clone, Copy, Default)]
struct Measure {
    size: usize,
    depth: usize,
}

/// How large a value is as JSON, or so, and how deep it nests.
fn measure(value: &Value) -> Measure {
    let of_parts = |parts: &mut dyn Iterator<Item = (usize, &Value)>| {
        parts.fold(Measure { size: 2, depth: 1 }, |whole, (name, part)| {
            let part = measure(part);
            Measure {
                size: whole.size + name + part.size + 1,
                depth: whole.depth.max(part.depth + 1),
            }
        })
    };
    match value {
        Value::Array(items) => of_parts(&mut items.iter().map(|item| (0, item))),
        Value::Object(members) => {
            of_parts(&mut members.iter().map(|(name, value)| (name.len() + 3, value)))
        }
        Value::String(text) => Measure {
            size: text.len() + 2,
            depth: 0,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => Measure { size: 8, depth: 0 },
    }
}
