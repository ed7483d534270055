//! The backend's methods, gathered into one file for each area.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use syn::{ImplItem, ImplItemFn};

use super::{gates, ident, items, paths, retarget};
use crate::error::Error;
use crate::plan::{Gate, Plan};

/// Takes the planned methods out of the backend's `impl Client`.
pub(super) fn methods(block: syn::ItemImpl, plan: &Plan) -> Vec<ImplItemFn> {
    let methods = block.items.into_iter().filter_map(|item| match item {
        ImplItem::Fn(method) if plan.operations.contains_key(&method.sig.ident.to_string()) => {
            Some(method)
        }
        _ => None,
    });
    methods.collect()
}

/// Emits every method into the file of its area.
pub(super) fn emit(
    plan: &Plan,
    methods: Vec<ImplItemFn>,
    support: &syn::Path,
    add: &mut dyn FnMut(String, &str, Vec<syn::Item>),
) -> Result<(), Error> {
    let mut areas: BTreeMap<(&str, &BTreeSet<Gate>), Vec<ImplItemFn>> = BTreeMap::new();
    let mut missing: BTreeSet<&String> = plan.operations.keys().collect();
    for mut method in methods {
        let name = method.sig.ident.to_string();
        missing.remove(&name);
        let planned = &plan.operations[&name];
        retarget::method(&mut method, planned, plan);
        let area = (planned.area.as_str(), &planned.gates);
        areas.entry(area).or_default().push(method);
    }
    if let Some(name) = missing.first() {
        return Err(Error::file(
            *name,
            "the backend made no method of this operation",
        ));
    }
    let mut root = Vec::new();
    for ((area, needed), methods) in areas {
        let module = ident(area);
        let cuts = needed.iter().map(gates::attribute);
        root.push(syn::parse_quote!(#(#cuts)* mod #module;));
        let wide = methods.iter().any(|method| method.sig.inputs.len() > 7);
        let allow = wide.then(|| {
            quote!(#[allow(clippy::too_many_arguments, reason = "one argument for each parameter of the contract")])
        });
        let block: syn::Item = syn::parse_quote!(#allow impl Client { #(#methods)* });
        let used = paths::names_used(&block);
        let names = [
            "ByteStream",
            "Error",
            "QueryParam",
            "ResponseValue",
            "encode_path",
        ];
        let names = names
            .iter()
            .filter(|name| used.contains(**name))
            .map(|name| ident(name));
        let types = used.contains("types").then(|| {
            quote!(
                use super::super::types;
            )
        });
        let mut file = items(
            quote! {
                use super::super::client::Client;
                #types
                use #support::{#(#names),*};
            },
            area,
        )?;
        file.push(block);
        add(
            format!("operations/{area}.rs"),
            &format!("Operations of the area `{area}`."),
            file,
        );
    }
    add(
        "operations/mod.rs".to_owned(),
        "The operations of the contract, as methods of the client.",
        root,
    );
    Ok(())
}
