//! Which cargo features compile which module of types. A feature is a folder of the contract, or
//! one of its areas; what is in neither is always there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::document::Document;
use crate::plan::Gate;
use crate::pointer::Pointer;
use crate::walk::references;

/// Area → the features of which one must be on.
///
/// A module that another needs is there whenever the other is. A union does not need its variants:
/// a variant whose module is off is cut out of it, and decodes to the raw one.
pub(super) fn gates(
    doc: &Document,
    areas: &BTreeMap<String, String>,
    features: &[String],
) -> BTreeMap<String, Gate> {
    let mut gates: BTreeMap<String, Gate> = BTreeMap::new();
    for area in areas.values() {
        gates.entry(area.clone()).or_insert(Gate::Never);
    }
    let mut needs: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (name, schema) in doc.schemas() {
        let area = areas[name].as_str();
        let own = feature(doc, name, area, features);
        if let Some(gate) = gates.get_mut(area) {
            gate.open(&own);
        }
        if schema.get("discriminator").is_none() {
            let others = references(&mut schema.clone());
            let others = others.iter().filter_map(|name| areas.get(name));
            needs.extend(others.map(|other| (area, other.as_str())));
        }
    }
    loop {
        let before = gates.clone();
        for (area, other) in &needs {
            let wanted = gates[*area].clone();
            if let Some(gate) = gates.get_mut(*other) {
                gate.open(&wanted);
            }
        }
        if gates == before {
            return gates;
        }
    }
}

/// What an operation needs: the gates of all types that it takes and gives.
pub(super) fn operation(
    operation: &Value,
    areas: &BTreeMap<String, String>,
    gates: &BTreeMap<String, Gate>,
) -> BTreeSet<Gate> {
    let mut names = Vec::new();
    let at = Pointer::root();
    crate::walk::operation_schemas(&at, &mut operation.clone(), &mut |_, schema| {
        names.extend(crate::document::referred(schema));
    });
    let needed = names
        .iter()
        .filter_map(|name| gates.get(areas.get(name)?))
        .cloned();
    needed.filter(|gate| *gate != Gate::Always).collect()
}

/// The feature that a schema belongs to by the place where it is written.
fn feature(doc: &Document, name: &str, area: &str, features: &[String]) -> Gate {
    let folder = super::areas::origin(doc, name).and_then(|file| {
        let folders = Path::new(file).parent()?.iter();
        let mut folders = folders.filter_map(|folder| folder.to_str());
        folders.find(|folder| features.iter().any(|feature| feature == folder))
    });
    let named = features.iter().find(|feature| *feature == area);
    match folder.or(named.map(String::as_str)) {
        Some(feature) => Gate::Any(BTreeSet::from([feature.to_owned()])),
        None => Gate::Always,
    }
}
