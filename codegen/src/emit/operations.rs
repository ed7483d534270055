//! The backend's methods, gathered into one file for each area, and the constants of all operations.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase as _;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ImplItem, ImplItemFn};

use super::{attributes, gates, ident, items, options, paths, retarget};
use crate::docs;
use crate::error::Error;
use crate::model::{Gate, Model, Operation};
use crate::names::{NameScope, snake};

type Add<'a> = dyn FnMut(String, &str, Vec<syn::Item>) + 'a;

/// What one file holds.
#[derive(Default)]
struct Area {
    methods: Vec<ImplItemFn>,
    options: TokenStream,
    names: Vec<Ident>,
}

/// Emits every method of the backend's `impl Client` into the file of its area.
pub(super) fn emit(
    model: &Model,
    backend: syn::File,
    support: &syn::Path,
    add: &mut Add<'_>,
) -> Result<(), Error> {
    let mut made: BTreeMap<String, ImplItemFn> = methods(backend);
    let mut areas: BTreeMap<(String, BTreeSet<Gate>), Area> = BTreeMap::new();
    let mut scope = NameScope::default();
    for operation in model.operations.iter().filter(|one| !one.hand_written) {
        let Some(mut method) = made.remove(&operation.rust) else {
            let what = "the backend made no method of this operation";
            return Err(Error::file(&operation.rust, what));
        };
        let needed = model.gates_of(operation);
        let area = areas.entry((area(operation, &needed), needed)).or_default();
        let gathered = options::gather(&mut method, operation, &mut scope);
        let listed = |parameter: &str| options::is_listed(&method, parameter);
        let text = docs::of_operation(operation, &listed);
        retarget::method(&mut method, operation, &constant(operation), &text);
        if let Some(gathered) = gathered {
            let mut gathered = items(gathered, &operation.rust)?;
            gathered.iter_mut().for_each(paths::shorten);
            area.names
                .extend(gathered.iter().filter_map(|item| match item {
                    syn::Item::Struct(made) => Some(made.ident.clone()),
                    _ => None,
                }));
            area.options.extend(quote!(#(#gathered)*));
        }
        area.methods.push(method);
    }
    let mut root = Vec::new();
    for ((area, needed), held) in areas {
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
    add(
        "operation.rs".to_owned(),
        "The operations of the contract, as logs and counters name them.",
        constants(model, support)?,
    );
    Ok(())
}

fn methods(backend: syn::File) -> BTreeMap<String, ImplItemFn> {
    let blocks = backend.items.into_iter().filter_map(|item| match item {
        syn::Item::Impl(block) => Some(block.items),
        _ => None,
    });
    let methods = blocks.flatten().filter_map(|item| match item {
        ImplItem::Fn(method) => Some((method.sig.ident.to_string(), method)),
        _ => None,
    });
    methods.collect()
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
        "QueryParam",
        "ResponseValue",
        "encode_path",
    ];
    let names = names
        .iter()
        .filter(|name| used.contains(**name))
        .map(|name| ident(name));
    let types = used.contains("types").then(|| quote!(types,));
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

/// The name of an operation's constant.
fn constant(operation: &Operation) -> Ident {
    ident(&operation.rust.to_shouty_snake_case())
}

/// One constant for each operation, those that are written by hand among them.
fn constants(model: &Model, support: &syn::Path) -> Result<Vec<syn::Item>, Error> {
    let mut tokens = quote!(use #support::Operation;);
    for operation in &model.operations {
        let (name, about) = (
            constant(operation),
            attributes::docs(&docs::line(operation)),
        );
        let (id, path) = (&operation.id, &operation.path);
        let method = operation.method.to_uppercase();
        tokens.extend(quote! {
            #about
            pub const #name: Operation = Operation::new(#id, #method, #path);
        });
    }
    let names = model.operations.iter().map(constant);
    tokens.extend(quote! {
        /// Every operation of the contract.
        pub const ALL: &[Operation] = &[#(#names),*];
    });
    items(tokens, "operation.rs")
}

/// The module of an operation: its first tag, or the first word of its path that says something;
/// and the features that it needs.
fn area(operation: &Operation, gates: &BTreeSet<Gate>) -> String {
    let mut words = operation.path.split('/');
    let word = words.find(|part| !part.is_empty() && !part.starts_with('{'));
    let mut words = vec![snake(operation.tag.as_deref().or(word).unwrap_or("root"))];
    for gate in gates {
        if let Gate::Any(features) = gate {
            words.extend(features.iter().map(|feature| snake(feature)));
        }
    }
    words.dedup();
    words.join("_")
}
