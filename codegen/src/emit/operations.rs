//! The backend's methods, gathered into one file for each area.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ImplItemFn};

use super::{calls, constants, gates, ident, items, lines, options, pages, parts, paths, retarget};
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

/// How `operations/mod.rs` begins.
const ROOT: &str =
    "//! The operations of the contract, as methods of the client, and the options that they take.

#![allow(missing_docs, reason = \"an option whose name says it all has no words\")]
#![allow(clippy::implicit_clone, reason = \"a header may be a text or not\")]
";

/// Emits every method of the backend's `impl Client` into the file of its area; returns the text of
/// `operations/mod.rs` and the simplest call.
pub(super) fn emit(
    model: &Model,
    made: &BTreeMap<String, ImplItemFn>,
    support: &syn::Path,
    add: &mut Add<'_>,
) -> Result<(String, Option<String>), Error> {
    let mut simplest = calls::Simplest::default();
    let mut areas: BTreeMap<(String, BTreeSet<Gate>), Area> = BTreeMap::new();
    let mut scope = NameScope::default();
    let shared = options::shared(model, made, &mut scope);
    for operation in model.operations.iter().filter(|one| !one.hand_written) {
        let needed = model.gates_of(operation);
        let area = areas.entry((area(operation, &needed), needed)).or_default();
        let mut options = shared.name(operation).cloned();
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
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    // Operations of one area that need different features have a file each.
    let mut files = NameScope::default();
    if let Some(structs) = shared.structs() {
        let mut file = items(structs, "options.rs")?;
        file.iter_mut().for_each(paths::shorten);
        let module = files.claim("options");
        let docs = "Options that several operations take.";
        add(format!("operations/{module}.rs"), docs, file);
        open.push((String::new(), module));
    }
    for ((area, needed), held) in areas {
        let area = files.claim(&area);
        let cuts: String = needed.iter().map(gates::line).collect();
        if held.names.is_empty() {
            closed.push((cuts, area.clone()));
        } else {
            open.push((cuts, area.clone()));
        }
        let file = file(&area, held, &shared, support)?;
        let docs = format!("Operations of the area `{area}`.");
        add(format!("operations/{area}.rs"), &docs, file);
    }
    let root = format!("{ROOT}{}", lines::modules(open, &closed));
    Ok((root, simplest.into_call()))
}

fn file(
    area: &str,
    held: Area,
    shared: &options::Shared,
    support: &syn::Path,
) -> Result<Vec<syn::Item>, Error> {
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
        "ResponseValue",
        "Style",
        "add_query",
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
    let shared = shared
        .names()
        .filter(|name| used.contains(&name.to_string()));
    let shared: Vec<&Ident> = shared.collect();
    let taken = (!shared.is_empty()).then(|| quote!(use super::{#(#shared),*};));
    let mut file = items(
        quote! {
            use super::super::client::Client;
            use super::super::{operation, #types};
            #taken
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
