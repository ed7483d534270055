//! Features by what operations are about: each turns on the operations of one tag, and the types that
//! only they need.

use std::collections::{BTreeMap, BTreeSet};

use super::{Gate, Model, gates};
use crate::names::{NameScope, RESERVED_FEATURES, module};

/// Cuts the operations of a model by their first tags, and its types by the operations that lead to
/// them; returns each feature with its tag.
///
/// What several tags need is always there, and so is what no operation needs. A union has all its
/// variants wherever it is.
pub(crate) fn by_tag(model: &mut Model) -> BTreeMap<String, String> {
    let mut scope = NameScope::with_reserved(RESERVED_FEATURES);
    let tags: BTreeSet<&String> = model
        .operations
        .iter()
        .filter_map(|one| one.tag.as_ref())
        .collect();
    let features: BTreeMap<String, String> = tags
        .into_iter()
        .map(|tag| (scope.claim(&module(tag)), tag.clone()))
        .collect();
    for operation in &mut model.operations {
        let mut found = features
            .iter()
            .filter(|(_, tag)| Some(*tag) == operation.tag.as_ref());
        if let Some((feature, _)) = found.next() {
            operation.gate = Gate::Any(BTreeSet::from([feature.clone()]));
        }
    }
    let own = needed(model);
    for (name, found) in &mut model.types {
        if let Some(Gate::Any(features)) = own.get(name) {
            // What is always there stays in a module of its own.
            let features: Vec<&str> = features.iter().map(String::as_str).collect();
            found.area = module(&format!("{}_{}", features.join("_"), found.area));
        }
    }
    let gate = |name: &str, _: &str| own.get(name).cloned().unwrap_or(Gate::Always);
    model.gates = gates::gates(model, gate);
    features
}

/// Schema → the only feature that needs it, or always.
fn needed(model: &Model) -> BTreeMap<String, Gate> {
    let mut found: BTreeMap<String, Gate> = BTreeMap::new();
    let mut gates: BTreeMap<&Gate, Vec<&str>> = BTreeMap::new();
    for operation in &model.operations {
        let roots = gates.entry(&operation.gate).or_default();
        operation.each_name(&mut |name| roots.push(name));
    }
    for event in &model.events {
        let roots = gates.entry(&Gate::Always).or_default();
        event.content.each_name(&mut |name| roots.push(name));
    }
    for (gate, roots) in gates {
        for name in model.reach(roots) {
            let known = found.entry(name).or_insert_with(|| gate.clone());
            if known != gate {
                *known = Gate::Always;
            }
        }
    }
    found
}
