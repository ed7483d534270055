//! Finds the marks of additions that the vendor's document has by now.

use serde_json::Value;

use super::differences::file;
use super::location::Location;
use super::report::CaughtUp;
use super::side::Side;
use super::values::{same, text};
use crate::extension;

/// Every mark that can go, operations first.
pub(super) fn caught_up(ours: &Side, vendors: &Side) -> Vec<CaughtUp> {
    let mut finder = Finder {
        vendors,
        found: Vec::new(),
    };
    for (route, operation) in &ours.operations {
        let Some(theirs) = vendors.operations.get(route) else {
            continue;
        };
        let at = Location::operation(route.1, &operation.path);
        if let Some(mark) = &operation.extension {
            finder.push(at.clone(), "operation", mark.name);
        }
        for (key, parameter) in &operation.parameters {
            if let Some(mark) = &parameter.extension
                && theirs.parameters.contains_key(key)
            {
                let at = at.part(format!("param {}", parameter.name));
                finder.push(at, "parameter", mark.name);
            }
        }
        for (status, reply) in &operation.replies {
            if let Some(mark) = &reply.extension
                && theirs.replies.contains_key(status)
            {
                finder.push(at.part(format!("response {status}")), "status", mark.name);
            }
        }
    }
    for (name, schema) in ours.written.schemas() {
        if !vendors.declares(name) {
            continue;
        }
        let at = Location::schema(name);
        if let Some(mark) = extension::mark(schema) {
            finder.push(at.clone(), "schema", mark);
        }
        finder.schema(&at, schema, vendors.component(name));
    }
    let files = finder.found.into_iter().map(|(at, what, mark)| CaughtUp {
        file: file(ours, &at.subject),
        at,
        what,
        mark,
    });
    files.collect()
}

struct Finder<'a> {
    vendors: &'a Side,
    found: Vec<(Location, String, &'static str)>,
}

impl Finder<'_> {
    fn push(&mut self, at: Location, what: &str, mark: &'static str) {
        self.found.push((at, what.to_owned(), mark));
    }

    /// Looks through a schema as we write it, beside the vendor's in the normal form.
    fn schema(&mut self, at: &Location, ours: &Value, vendors: &Value) {
        let vendors = self.vendors.target(vendors);
        let listed = vendors.get("enum").and_then(Value::as_array);
        let listed: Vec<&Value> = listed.into_iter().flatten().collect();
        for value in extension::values(ours) {
            if listed.iter().any(|other| same(value, other)) {
                let what = format!("value {}", text(value));
                self.push(at.clone(), &what, extension::EXTENSION);
            }
        }
        let parts = ours.get("allOf").and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            self.schema(at, part, vendors);
        }
        if let (Some(ours), Some(vendors)) = (ours.get("items"), vendors.get("items")) {
            self.schema(at, ours, vendors);
        }
        let properties = ours.get("properties").and_then(Value::as_object);
        for (name, ours) in properties.into_iter().flatten() {
            let theirs = vendors.get("properties").and_then(|all| all.get(name));
            let Some(theirs) = theirs else { continue };
            let mut members = at.members.clone();
            members.push(name.clone());
            let at = at.below(members);
            if let Some(mark) = extension::mark(ours) {
                self.push(at.clone(), "property", mark);
            }
            self.schema(&at, ours, theirs);
        }
    }
}
