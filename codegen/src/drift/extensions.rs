//! Finds the marks of additions that the vendor's document has by now.

use serde_json::Value;

use super::compare::file;
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
        if operation.extension.is_some() {
            finder.push(at.clone(), "operation".to_owned());
        }
        for (key, parameter) in &operation.parameters {
            if parameter.extension.is_some() && theirs.parameters.contains_key(key) {
                let at = at.part(format!("param {}", parameter.name));
                finder.push(at, "parameter".to_owned());
            }
        }
    }
    for (name, schema) in ours.written.schemas() {
        if !vendors.declares(name) {
            continue;
        }
        let at = Location::schema(name);
        if extension::source(schema).is_some() {
            finder.push(at.clone(), "schema".to_owned());
        }
        finder.schema(&at, schema, vendors.component(name));
    }
    let files = finder.found.into_iter().map(|(at, what)| CaughtUp {
        file: file(ours, &at.subject),
        at,
        what,
    });
    files.collect()
}

struct Finder<'a> {
    vendors: &'a Side,
    found: Vec<(Location, String)>,
}

impl Finder<'_> {
    fn push(&mut self, at: Location, what: String) {
        self.found.push((at, what));
    }

    /// Looks through a schema as we write it, beside the vendor's in the normal form.
    fn schema(&mut self, at: &Location, ours: &Value, vendors: &Value) {
        let vendors = self.vendors.target(vendors);
        let listed = vendors.get("enum").and_then(Value::as_array);
        let listed: Vec<&Value> = listed.into_iter().flatten().collect();
        for value in extension::values(ours) {
            if listed.iter().any(|other| same(value, other)) {
                self.push(at.clone(), format!("value {}", text(value)));
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
            if extension::source(ours).is_some() {
                self.push(at.clone(), "property".to_owned());
            }
            self.schema(&at, ours, theirs);
        }
    }
}
