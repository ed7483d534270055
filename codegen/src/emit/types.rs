//! The `types` module: one file for each area of the contract, and beside it how its types are read
//! and shown.

use std::collections::{BTreeMap, BTreeSet};

use super::{choices, gates, items, lines, paths, structs, wiring};
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
    let names = Names { model, schemas };
    for (area, types) in &mut areas {
        let (lines, above) = wiring::lines(model, &ways, types);
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
        let imports = names.siblings("super", &used, area) + &names.supported(support_text, &used);
        let docs = format!("Types of the area `{area}`.\n\nmod wire;\n\n{imports}");
        add(format!("types/{area}.rs"), docs.trim_end(), body);
        // The lines have what their types have, and what stands above those.
        let above = &above - &used;
        let imports = names.siblings("super::super", &above, area);
        let text = wiring::file(area, support_text, &imports, &lines);
        beside.insert(format!("types/{area}/wire.rs"), text);
    }
    let areas = areas.keys().map(|area| {
        let gate = model.gates.get(*area).unwrap_or(&Gate::Always);
        (gates::line(gate), (*area).to_owned())
    });
    let root = format!("{ROOT}{}", lines::modules(areas.collect(), &[]));
    beside.insert("types/mod.rs".to_owned(), root);
    Ok(beside)
}

/// What generated types are called.
struct Names<'a> {
    model: &'a Model,
    /// Name in Rust → name in the contract.
    schemas: BTreeMap<&'a str, &'a String>,
}

impl Names<'_> {
    /// What an area takes from its siblings, by features. By name: 250 modules that import all 1,100
    /// names of each other take a compiler as long as reading them.
    fn siblings(&self, path: &str, used: &BTreeSet<String>, area: &str) -> String {
        let mut siblings: BTreeMap<Gate, Vec<String>> = BTreeMap::new();
        for name in used {
            let Some(schema) = self.schemas.get(name.as_str()) else {
                continue;
            };
            let found = self.model.types.get(*schema);
            if found.is_none_or(|found| found.area != area) {
                let gate = self.model.gate_seen_from(schema, area);
                siblings.entry(gate).or_default().push(name.clone());
            }
        }
        let mut out = String::new();
        for (gate, names) in siblings.iter().rev() {
            out.push_str(&gates::line(gate));
            lines::import(&mut out, path, names);
        }
        out
    }

    /// What an area takes from the support modules.
    fn supported(&self, support: &str, used: &BTreeSet<String>) -> String {
        let known = ["Extra", "Input", "Nullable", "RawObject", "UnknownValue"];
        let names = known
            .iter()
            .filter(|name| used.contains(**name) && !self.schemas.contains_key(**name));
        let names: Vec<String> = names.map(|name| (*name).to_owned()).collect();
        let mut out = String::new();
        lines::import(&mut out, support, &names);
        out
    }
}
