//! The waiters of a contract: for each, its description as data and the few lines that make a typed
//! handle of it. What it all means is `crates/job-waiter`, and none of it is written anew.

mod describe;
mod target;
mod times;
mod typed;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{attributes, gates, ident, items};
use crate::error::Error;
use crate::model::{Gate, Model, Waiter};
use crate::names::{pascal, snake};
use crate::waiters::reply;

type Add<'a> = dyn FnMut(String, &str, Vec<syn::Item>) + 'a;

/// Emits a file for each waiter, and the module that holds them.
pub(super) fn emit(model: &Model, support: &syn::Path, add: &mut Add<'_>) -> Result<(), Error> {
    if model.waiters.is_empty() {
        return Ok(());
    }
    let shared = shared(model);
    let mut root = Vec::new();
    for waiter in &model.waiters {
        let (module, name) = (snake(&waiter.name), pascal(&waiter.name));
        let cuts: Vec<_> = gates(model, waiter).iter().map(gates::attribute).collect();
        let (mod_name, kind) = (ident(&module), format_ident!("{name}Kind"));
        let names = ["", "Handle", "Snapshot"].map(|end| format_ident!("{name}{end}"));
        root.push(syn::parse_quote!(#(#cuts)* mod #mod_name;));
        root.push(syn::parse_quote!(#(#cuts)* pub use self::#mod_name::{#kind, #(#names),*};));
        let tokens = file(model, waiter, support, &shared);
        let docs = format!("How {} is watched.", spoken(&waiter.name));
        add(format!("watch/{module}.rs"), &docs, items(tokens, &module)?);
    }
    root.push(syn::parse_quote!(
        pub use job_waiter::{Bytes, LookError, RemoteFile, Work};
    ));
    root.sort_by_key(|item| matches!(item, syn::Item::Use(_)));
    let docs = "Work that the contract says how to watch: start it, watch it, take it up again.";
    add("watch/mod.rs".to_owned(), docs, root);
    Ok(())
}

/// The features that the operations of a waiter need.
fn gates(model: &Model, waiter: &Waiter) -> BTreeSet<Gate> {
    let ids = waiter.start.iter().map(|start| &start.operation);
    let ids: Vec<&String> = ids.chain(waiter.look.operation.as_ref()).collect();
    let used = model.operations.iter().filter(|one| ids.contains(&&one.id));
    used.flat_map(|operation| model.gates_of(operation))
        .collect()
}

/// Types of replies that more than one waiter has, or that say nothing: their methods need a name.
fn shared(model: &Model) -> BTreeSet<String> {
    let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for waiter in &model.waiters {
        for ty in started(model, waiter).keys() {
            owners.entry(ty.clone()).or_default().insert(&waiter.name);
        }
    }
    let is_bare = |ty: &String| ty == "()" || ty.contains("serde_json");
    owners
        .into_iter()
        .filter(|(ty, owners)| owners.len() > 1 || is_bare(ty))
        .map(|(ty, _)| ty)
        .collect()
}

/// The types that starts are answered with.
fn started(model: &Model, waiter: &Waiter) -> BTreeMap<String, TokenStream> {
    let mut types = BTreeMap::new();
    for start in &waiter.start {
        let mut all = model.operations.iter();
        let Some(operation) = all.find(|one| one.id == start.operation) else {
            continue;
        };
        let has_body = !operation.replies.is_empty();
        let ty = match reply(operation) {
            Some(content) => typed::named(model, content),
            None if !has_body => quote!(()),
            None => continue,
        };
        types.insert(ty.to_string(), ty);
    }
    types
}

fn file(
    model: &Model,
    waiter: &Waiter,
    support: &syn::Path,
    shared: &BTreeSet<String>,
) -> TokenStream {
    let (module, name) = (ident(&snake(&waiter.name)), pascal(&waiter.name));
    let spoken = spoken(&waiter.name);
    let [job, handle, snapshot, kind] =
        ["", "Handle", "Snapshot", "Kind"].map(|end| format_ident!("{name}{end}"));
    let mut about = waiter.about.clone().unwrap_or_default();
    if let Some(kept) = waiter.result.kept {
        about += &format!(" The service keeps the result for {:?}.", kept.0);
    }
    let about = about.trim();
    let docs =
        attributes::docs(format!("Work that runs at the service: {spoken}.\n\n{about}").trim());
    let (look, outcome) = typed::shown(model, waiter);
    let decode_outcome = match waiter.result.is_bytes() {
        true => quote!(Ok(body.clone())),
        false => quote!(Ok(decode(body)?)),
    };
    let described = describe::waiter(model, waiter);
    let attach = format_ident!("attach_{module}");
    let attach_docs = attributes::docs(&format!(
        "Takes up {spoken} that was started before, perhaps by another process. A handle is parsed from the text that it was kept as."
    ));
    let starts = started(model, waiter).into_iter().map(|(text, ty)| {
        let watch = match shared.contains(&text) {
            true => format_ident!("watch_{module}"),
            false => format_ident!("watch"),
        };
        quote! {
            impl ResponseValue<#ty> {
                /// Returns the work that was started. Where the reply does not name it, the first
                /// poll says so.
                pub fn #module(&self) -> #job {
                    watch::started(self)
                }

                /// Watches the work that was started, at the pace of the contract.
                pub fn #watch(&self) -> watch::Watch<#job> {
                    self.#module().watch()
                }
            }
        }
    });
    let list = list(model, waiter, &handle);
    quote! {
        use super::super::client::Client;
        use super::super::types;
        use #support::watch;
        use #support::{Http, ResponseValue, decode};

        #docs
        pub type #job = watch::Job<#kind>;

        /// What names it: keep it, and any process can go on watching.
        pub type #handle = watch::Handle<#kind>;

        /// What a poll of it shows.
        pub type #snapshot = watch::Snapshot<#kind>;

        /// The kind of work, as a type.
        #[derive(Debug)]
        pub enum #kind {}

        impl watch::Work for #kind {
            type Transport = Http;
            type Look = #look;
            type Outcome = #outcome;
            const WAITER: &'static watch::Waiter = &WAITER;

            fn look(body: &[u8]) -> Result<Self::Look, watch::BoxError> {
                Ok(decode(body)?)
            }

            fn outcome(body: &watch::Bytes) -> Result<Self::Outcome, watch::BoxError> {
                #decode_outcome
            }
        }

        #described

        impl Client {
            #attach_docs
            pub fn #attach(&self, handle: #handle) -> #job {
                watch::Job::attach(self.http().clone(), handle)
            }
        }

        #(#starts)*

        #list
    }
}

/// What turns the reply of a list into handles.
fn list(model: &Model, waiter: &Waiter, handle: &proc_macro2::Ident) -> Option<TokenStream> {
    let list = waiter.list.as_ref()?;
    let mut all = model.operations.iter();
    let operation = all.find(|one| one.id == list.operation)?;
    let ty = typed::named(model, reply(operation)?);
    let method = format_ident!("{}_handles", snake(&waiter.name));
    let (items, paths) = (
        &list.items,
        waiter.parts.iter().map(|part| &list.handle[part]),
    );
    Some(quote! {
        impl ResponseValue<#ty> {
            /// Returns the handles of the work that is listed, without those that are not whole.
            pub fn #method(&self) -> Vec<#handle> {
                watch::listed(self, #items, &[#(#paths),*])
            }
        }
    })
}

/// A name in words: `imageJob` is `image job`.
fn spoken(name: &str) -> String {
    snake(name).replace('_', " ")
}
