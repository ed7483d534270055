//! Which cargo features compile which module of types. A feature is a folder of the contract, or
//! one of its areas; what is in neither is always there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::types::Kind;
use super::{Model, areas};
use crate::document::Document;

/// When a module is compiled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gate {
    /// With none of the features: nothing asked for it yet.
    Never,
    /// With any of these features.
    Any(BTreeSet<String>),
    /// With and without features.
    Always,
}

impl Gate {
    /// Opens it wherever the other is open, too.
    pub(crate) fn open(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Any(own), Self::Any(theirs)) => own.extend(theirs.iter().cloned()),
            (own, theirs) if *own < *theirs => *own = theirs.clone(),
            _ => {}
        }
    }

    /// Whether it is open wherever the other is.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any(own), Self::Any(theirs)) => theirs.is_subset(own),
            (own, theirs) => own >= theirs,
        }
    }
}

/// Area → the features of which one must be on.
///
/// A module that another needs is there whenever the other is. A union does not need its variants:
/// a variant whose module is off is cut out of it, and decodes to the raw one.
pub(super) fn gates(model: &Model, own: impl Fn(&str, &str) -> Gate) -> BTreeMap<String, Gate> {
    let mut gates: BTreeMap<String, Gate> = BTreeMap::new();
    let mut needs: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (name, found) in &model.types {
        let area = found.area.as_str();
        let gate = gates.entry(area.to_owned()).or_insert(Gate::Never);
        gate.open(&own(name, area));
        if !matches!(found.kind, Kind::Union(_)) {
            model.each_reference(name, &mut |other| {
                let other = model.types.get(other).map(|other| other.area.as_str());
                needs.extend(other.map(|other| (area, other)));
            });
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

impl Model {
    /// The gate of a schema, seen from a module that is itself compiled only sometimes.
    pub(crate) fn gate_seen_from(&self, schema: &str, area: &str) -> Gate {
        let theirs = self.gate(schema);
        let own = self.gates.get(area).unwrap_or(&Gate::Always);
        if theirs.covers(own) {
            Gate::Always
        } else {
            theirs.clone()
        }
    }
}

/// The feature that a schema belongs to by the place where it is written.
pub(super) fn own(doc: &Document, name: &str, area: &str, features: &[String]) -> Gate {
    let folder = areas::origin(doc, name).and_then(|file| {
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
