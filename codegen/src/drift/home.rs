//! Which file of our contract would take what only the vendor's document has: that of its neighbours.

use std::collections::BTreeSet;

use serde_json::Value;

use super::location::Subject;
use super::side::Side;
use crate::document::{operation_pointer, schema_name};
use crate::pointer::Pointer;

/// The file to add an operation or a schema to.
pub(super) fn home(ours: &Side, vendors: &Side, subject: &Subject) -> Option<String> {
    match subject {
        Subject::Operation { path, .. } => beside(ours, path),
        Subject::Schema(name) => above(ours, vendors, name),
    }
}

/// The file of the operation whose path begins most like this one.
fn beside(ours: &Side, path: &str) -> Option<String> {
    let alike = |other: &str| {
        let pairs = path.split('/').zip(other.split('/'));
        pairs.take_while(|(one, other)| one == other).count()
    };
    let operations = ours.written.operations();
    let (near, method, _) = operations.max_by_key(|(other, ..)| alike(other))?;
    // Every path begins with an empty part, and that alone makes no neighbour.
    (alike(near) > 1).then(|| ours.written.locate(&operation_pointer(near, method)).0)
}

/// The file of the nearest schema that leads to this one in the vendor's document and that we have.
fn above(ours: &Side, vendors: &Side, name: &str) -> Option<String> {
    let mut seen = BTreeSet::from([name.to_owned()]);
    let mut level = seen.clone();
    while !level.is_empty() {
        let users = vendors
            .written
            .schemas()
            .filter(|(_, schema)| mentions(schema, &level));
        let users: BTreeSet<String> = users.map(|(user, _)| user.clone()).collect();
        if let Some(user) = users.iter().find(|user| ours.declares(user)) {
            return Some(ours.written.locate(&Pointer::schema(user)).0);
        }
        level = users.difference(&seen).cloned().collect();
        seen.extend(level.iter().cloned());
    }
    None
}

/// Whether a schema refers to one of these, by `$ref` or in a discriminator's mapping.
fn mentions(schema: &Value, names: &BTreeSet<String>) -> bool {
    match schema {
        Value::String(text) => schema_name(text).is_some_and(|name| names.contains(&name)),
        Value::Object(object) => object.values().any(|value| mentions(value, names)),
        Value::Array(list) => list.iter().any(|value| mentions(value, names)),
        _ => false,
    }
}
