//! The `types` module: one file for each area of the contract.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::open_enum::open_enum;
use super::structs::Struct;
use super::union::union;
use super::{docs, gates, ident, items, paths};
use crate::document::schema_name;
use crate::error::Error;
use crate::plan::{Gate, Plan, TypeKind, TypePlan, UnionVariant};

/// What the macros of open enums and unions take from the support modules.
const OF_ENUM: [&str; 2] = ["UnknownValue", "open_enum"];
const OF_UNION: [&str; 4] = ["DecodeError", "RawObject", "Tree", "tagged"];

type Add<'a> = dyn FnMut(String, &str, Vec<syn::Item>) + 'a;

/// Emits every type into the file of its area.
pub(super) fn emit(
    plan: &Plan,
    mut made: BTreeMap<String, Struct>,
    support: &syn::Path,
    add: &mut Add<'_>,
) -> Result<(), Error> {
    let mut areas: BTreeMap<&str, Vec<(&String, &TypePlan)>> = BTreeMap::new();
    for (name, planned) in &plan.types {
        areas
            .entry(&planned.area)
            .or_default()
            .push((name, planned));
    }
    let mut root = TokenStream::new();
    for (area, types) in &areas {
        let module = ident(area);
        let names = types.iter().map(|(name, _)| ident(name));
        let gate = gates::attribute(plan.gates.get(*area).unwrap_or(&Gate::Always));
        root.extend(quote!(#gate mod #module; #gate pub use #module::{#(#names),*};));
        let (mut body, mut used) = (Vec::new(), BTreeSet::new());
        for (name, planned) in types {
            if let Some(made) = made.remove(*name) {
                body.extend(made.items);
                used.extend(made.used);
            } else {
                let made = items(own(plan, name, planned)?, name)?;
                used.extend(made.iter().flat_map(paths::names_used));
                used.extend(in_call(planned));
                body.extend(made);
            }
        }
        let mut file = imports(plan, &used, types, support)?;
        file.extend(body);
        add(
            format!("types/{area}.rs"),
            &format!("Types of the area `{area}`."),
            file,
        );
    }
    let mut root = items(root, "types/mod.rs")?;
    root.sort_by_key(|item| matches!(item, syn::Item::Use(_)));
    add(
        "types/mod.rs".to_owned(),
        "The types of the contract.",
        root,
    );
    Ok(())
}

/// A type that is made here.
fn own(plan: &Plan, name: &str, planned: &TypePlan) -> Result<TokenStream, Error> {
    match &planned.kind {
        TypeKind::Enum { variants, unknown } => {
            Ok(open_enum(name, &planned.docs, variants, unknown))
        }
        TypeKind::Union {
            tag,
            default,
            variants,
            raw,
        } => {
            let gate = |variant: &UnionVariant| {
                gates::attribute(&gates::seen_from(plan, &variant.holds, &planned.area))
            };
            let cuts: Vec<_> = variants.iter().map(gate).collect();
            let default = default.as_deref();
            Ok(union(
                name,
                &planned.docs,
                (tag, default),
                variants,
                &cuts,
                raw,
            ))
        }
        TypeKind::Alias(schema) => {
            let (text, name, target) =
                (docs::tokens(&planned.docs), ident(name), rust_type(schema));
            Ok(quote!(#text pub type #name = #target;))
        }
        TypeKind::Struct { .. } => {
            let what = format!(
                "the backend made no struct `{name}` of `{}`",
                planned.schema
            );
            Err(Error::file(name, what))
        }
    }
}

/// The names in the call of a macro that makes a type: they are no paths yet.
fn in_call(planned: &TypePlan) -> Vec<String> {
    match &planned.kind {
        TypeKind::Enum { .. } => OF_ENUM.map(str::to_owned).into(),
        TypeKind::Union { variants, .. } => {
            let held = variants.iter().map(|variant| variant.holds.clone());
            OF_UNION
                .map(str::to_owned)
                .into_iter()
                .chain(held)
                .collect()
        }
        TypeKind::Struct { .. } | TypeKind::Alias(_) => Vec::new(),
    }
}

/// The Rust type that a lowered schema stands for.
fn rust_type(schema: &Value) -> TokenStream {
    if let Some(name) = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(schema_name)
    {
        let name = ident(&name);
        return quote!(#name);
    }
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let inner = |key: &str| {
        schema
            .get(key)
            .map_or_else(|| quote!(serde_json::Value), rust_type)
    };
    match (text("type"), text("format")) {
        (Some("string"), Some("date-time")) => quote!(chrono::DateTime<chrono::Utc>),
        (Some("string"), _) => quote!(String),
        (Some("integer"), Some("int32")) => quote!(i32),
        (Some("integer"), _) => quote!(i64),
        (Some("number"), _) => quote!(f64),
        (Some("boolean"), _) => quote!(bool),
        (Some("array"), _) => {
            let item = inner("items");
            quote!(Vec<#item>)
        }
        (Some("object"), _) => {
            let value = inner("additionalProperties");
            quote!(std::collections::BTreeMap<String, #value>)
        }
        _ => quote!(serde_json::Value),
    }
}

/// The `use` lines of a file: what it takes from its siblings and from the support modules.
fn imports(
    plan: &Plan,
    used: &BTreeSet<String>,
    own: &[(&String, &TypePlan)],
    support: &syn::Path,
) -> Result<Vec<syn::Item>, Error> {
    let theirs = plan
        .types
        .keys()
        .filter(|name| used.contains(*name) && !own.iter().any(|(own, _)| own == name));
    let mut siblings: BTreeMap<Gate, Vec<_>> = BTreeMap::new();
    for name in theirs {
        let area = own.first().map_or("", |(_, planned)| &planned.area);
        let gate = gates::seen_from(plan, name, area);
        siblings.entry(gate).or_default().push(ident(name));
    }
    let known = [
        "DecodeError",
        "Input",
        "RawObject",
        "Tree",
        "UnknownValue",
        "open_enum",
    ];
    let mut supported: Vec<TokenStream> = known
        .iter()
        .filter(|name| used.contains(**name) && !plan.types.contains_key(**name))
        .map(|name| {
            let name = ident(name);
            quote!(#name)
        })
        .collect();
    if used.contains("object") {
        supported.push(quote!(object::{self, object}));
    }
    if used.contains("tagged") {
        supported.push(quote!(tagged::{self, Tagged, tagged}));
    }
    let mut tokens = TokenStream::new();
    for (gate, names) in siblings.iter().rev() {
        let gate = gates::attribute(gate);
        tokens.extend(quote!(#gate use super::{#(#names),*};));
    }
    if !supported.is_empty() {
        tokens.extend(quote!(use #support::{#(#supported),*};));
    }
    items(tokens, "the imports")
}
