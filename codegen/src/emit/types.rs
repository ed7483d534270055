//! The `types` module: one file for each area of the contract, and beside it how its types are read
//! and shown.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;

use super::{choices, gates, ident, items, lines, paths, structs, wiring};
use crate::error::Error;
use crate::facts::lifted;
use crate::model::{Gate, Kind, Model, Type};

/// How `types/mod.rs` begins.
const ROOT: &str = "//! The types of the contract.

#![allow(missing_docs, reason = \"a member whose name says it all has no words\")]
";

type Add<'a> = dyn FnMut(String, &str, Vec<syn::Item>) + 'a;

/// Emits every type into the file of its area; returns the texts of the files beside them.
pub(super) fn emit(
    model: &Model,
    support: &syn::Path,
    support_text: &str,
    add: &mut Add<'_>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut areas: BTreeMap<&str, Vec<(&String, &Type)>> = BTreeMap::new();
    let mut schemas: BTreeMap<&str, &String> = BTreeMap::new();
    for (schema, found) in &model.types {
        if !matches!(found.kind, Kind::Alias(_)) {
            areas.entry(&found.area).or_default().push((schema, found));
            schemas.insert(&found.rust, schema);
        }
    }
    let ways = lifted(model);
    let mut beside = BTreeMap::new();
    for (area, types) in &mut areas {
        let text = wiring::file(model, &ways, area, types, support_text);
        beside.insert(format!("types/{area}/wire.rs"), text);
        types.sort_by_key(|(_, found)| &found.rust);
        let (mut body, mut used) = (Vec::new(), BTreeSet::new());
        for (schema, found) in types.iter() {
            let tokens = match &found.kind {
                Kind::Struct(made) => structs::structure(model, schema, found, made, support),
                Kind::Enum(listed) => choices::enumeration(schema, found, listed),
                Kind::Numbers(listed) => choices::numbers(schema, found, listed),
                Kind::Union(union) => choices::union(model, schema, found, union),
                Kind::Choice(choice) => choices::choice(model, schema, found, choice),
                Kind::Alias(_) => continue,
            };
            let made = items(tokens, &found.rust)?;
            used.extend(made.iter().flat_map(paths::names_used));
            body.extend(made);
        }
        let mut file = imports(model, &used, area, &schemas, support)?;
        file.extend(body);
        add(
            format!("types/{area}.rs"),
            &format!("Types of the area `{area}`."),
            file,
        );
    }
    let areas = areas.keys().map(|area| {
        let gate = model.gates.get(*area).unwrap_or(&Gate::Always);
        (gates::line(gate), (*area).to_owned())
    });
    let root = format!("{ROOT}{}", lines::modules(areas.collect(), Vec::new()));
    beside.insert("types/mod.rs".to_owned(), root);
    Ok(beside)
}

/// The first lines of a file: its lines of wiring, and what it takes from its siblings and from the
/// support modules.
fn imports(
    model: &Model,
    used: &BTreeSet<String>,
    area: &str,
    schemas: &BTreeMap<&str, &String>,
    support: &syn::Path,
) -> Result<Vec<syn::Item>, Error> {
    let mut siblings = Gate::Never;
    let mut taken = BTreeSet::new();
    for name in used {
        let Some(schema) = schemas.get(name.as_str()) else {
            continue;
        };
        taken.insert(name.as_str());
        let is_own = model
            .types
            .get(*schema)
            .is_some_and(|found| found.area == area);
        if !is_own {
            siblings.open(&model.gate_seen_from(schema, area));
        }
    }
    let known = ["Extra", "Input", "Nullable", "RawObject", "UnknownValue"];
    let supported: Vec<_> = known
        .iter()
        .filter(|name| used.contains(**name) && !taken.contains(**name))
        .map(|name| ident(name))
        .collect();
    let mut tokens = quote!(
        mod wire;
    );
    if siblings != Gate::Never {
        let gate = gates::attribute(&siblings);
        tokens.extend(quote!(#gate use super::*;));
    }
    if !supported.is_empty() {
        tokens.extend(quote!(use #support::{#(#supported),*};));
    }
    items(tokens, "the imports")
}
