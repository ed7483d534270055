//! The backend's methods, gathered into one file for each area.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ImplItemFn};

use super::{calls, constants, gates, ident, items, options, pages, parts, paths, retarget};
use crate::docs;
use crate::error::Error;
use crate::model::{Gate, Model, Operation};
use crate::names::{NameScope, module};

type Add<'a> = dyn FnMut(String, &str, Vec<syn::Item>) + 'a;

/// What one file holds.
#[derive(Default)]
struct Area {
    methods: Vec<ImplItemFn>,
    options: TokenStream,
    names: Vec<Ident>,
}

impl Area {
    /// Takes items that stand before the methods, and the names of their structs.
    fn keep(&mut self, tokens: TokenStream, what: &str) -> Result<(), Error> {
        let mut made = items(tokens, what)?;
        made.iter_mut().for_each(paths::shorten);
        self.names.extend(made.iter().filter_map(|item| match item {
            syn::Item::Struct(made) => Some(made.ident.clone()),
            _ => None,
        }));
        self.options.extend(quote!(#(#made)*));
        Ok(())
    }
}

/// Emits every method of the backend's `impl Client` into the file of its area.
pub(super) fn emit(
    model: &Model,
    made: &BTreeMap<String, ImplItemFn>,
    support: &syn::Path,
    add: &mut Add<'_>,
) -> Result<Option<String>, Error> {
    let mut simplest = calls::Simplest::default();
    let mut areas: BTreeMap<(String, BTreeSet<Gate>), Area> = BTreeMap::new();
    let mut scope = NameScope::default();
    for operation in model.operations.iter().filter(|one| !one.hand_written) {
        let needed = model.gates_of(operation);
        let area = areas.entry((area(operation, &needed), needed)).or_default();
        let mut options = None;
        let mut form: Option<(usize, String)> = None;
        for way in &operation.methods {
            let like = operation.methods.iter().find(|one| one.body == way.body);
            let found = like.and_then(|like| made.get(&like.rust));
            let Some(mut method) = found.cloned() else {
                let what = "the backend made no method of this operation";
                return Err(Error::file(&operation.rust, what));
            };
            method.sig.ident = ident(&way.rust);
            let body = operation.bodies.get(way.body);
            let parts = body.filter(|body| !body.parts.is_empty());
            if let Some(body) = parts
                && form.as_ref().is_none_or(|(sent, _)| *sent != way.body)
            {
                let (name, tokens) = parts::form(model, &way.rust, body, &mut scope);
                area.keep(tokens, &name)?;
                form = Some((way.body, name));
            }
            let gathered = options::gather(&mut method, operation, &mut scope, &mut options);
            let listed = |parameter: &str| options::is_listed(&method, parameter);
            let call = retarget::Call {
                model,
                operation,
                way,
                constant: &constants::name(operation),
                parts: form
                    .as_ref()
                    .filter(|_| parts.is_some())
                    .map(|(_, name)| name.as_str()),
                docs: &docs::of_operation(operation, way, &listed),
            };
            retarget::method(&mut method, &call);
            if let Some(gathered) = gathered {
                area.keep(gathered, &operation.rust)?;
            }
            let first = way.body == 0 && way.reply == 0;
            let pages = operation.pages.as_ref().filter(|_| first);
            let paged = pages.and_then(|pages| pages::method(&method, model, operation, pages));
            simplest.look_at(operation, way, &method);
            area.methods.push(method);
            area.methods.extend(paged);
        }
    }
    let mut root = Vec::new();
    // Operations of one area that need different features have a file each.
    let mut files = NameScope::default();
    for ((area, needed), held) in areas {
        let area = files.claim(&area);
        let (module, names) = (ident(&area), &held.names);
        let cuts: Vec<_> = needed.iter().map(gates::attribute).collect();
        root.push(syn::parse_quote!(#(#cuts)* mod #module;));
        if !names.is_empty() {
            root.push(syn::parse_quote!(#(#cuts)* pub use self::#module::{#(#names),*};));
        }
        let file = file(&area, held, support)?;
        let docs = format!("Operations of the area `{area}`.");
        add(format!("operations/{area}.rs"), &docs, file);
    }
    root.sort_by_key(|item| matches!(item, syn::Item::Use(_)));
    let docs = "The operations of the contract, as methods of the client, and the options that they take.\n\n#![allow(missing_docs, reason = \"an option whose name says it all has no words\")]\n#![allow(clippy::implicit_clone, reason = \"a header may be a text or not\")]";
    add("operations/mod.rs".to_owned(), docs, root);
    Ok(simplest.into_call())
}

fn file(area: &str, held: Area, support: &syn::Path) -> Result<Vec<syn::Item>, Error> {
    let Area {
        methods, options, ..
    } = held;
    let wide = methods.iter().any(|method| method.sig.inputs.len() > 7);
    let expect = wide.then(|| {
        quote!(#[expect(clippy::too_many_arguments, reason = "one argument for each parameter of the contract")])
    });
    let mut body = items(options, area)?;
    body.push(syn::parse_quote!(#expect impl Client { #(#methods)* }));
    let used: BTreeSet<String> = body.iter().flat_map(paths::names_used).collect();
    let names = [
        "ByteStream",
        "Error",
        "EventStream",
        "FilePart",
        "ItemStream",
        "Pages",
        "Parts",
        "QueryParam",
        "ResponseValue",
        "Style",
        "encode_path",
        "pages",
        "style",
    ];
    let modules: BTreeSet<String> = body.iter().flat_map(paths::modules_used).collect();
    // An argument may be called like a module.
    let is_used = |name: &&&str| match **name {
        name @ ("pages" | "style") => modules.contains(name),
        name => used.contains(name),
    };
    let names = names.iter().filter(is_used).map(|name| ident(name));
    let types = modules.contains("types").then(|| quote!(types,));
    let mut file = items(
        quote! {
            use super::super::client::Client;
            use super::super::{operation, #types};
            use #support::{#(#names),*};
        },
        area,
    )?;
    file.extend(body);
    Ok(file)
}

/// The module of an operation: its first tag, or the first word of its path that says something;
/// and the features that it needs.
fn area(operation: &Operation, gates: &BTreeSet<Gate>) -> String {
    let mut words = operation.path.split('/');
    let word = words.find(|part| !part.is_empty() && !part.starts_with('{'));
    let mut words = vec![module(operation.tag.as_deref().or(word).unwrap_or("root"))];
    for gate in gates {
        if let Gate::Any(features) = gate {
            words.extend(features.iter().map(|feature| module(feature)));
        }
    }
    words.dedup();
    words.join("_")
}
